"""The dry run: how many rows go, and how many stay for others without the name."""

from dataclasses import dataclass

from django.apps import apps

from ftcml.accounts.models import Membership, Team, User
from ftcml.privacy.services import rows


@dataclass(frozen=True)
class Plan:
    """What erasing would do. `goes`, `stays`: by the name of a table, how many rows."""

    goes: dict[str, int]
    stays: dict[str, int]
    # Of a team: who is on no other team, and goes too. Of a person: the teams without a coach afterwards.
    people: int = 0
    without_coach: tuple[str, ...] = ()

    @property
    def gone(self) -> list[tuple[str, int]]:
        """What goes, in words."""
        return _in_words(self.goes)

    @property
    def stayed(self) -> list[tuple[str, int]]:
        """What stays, in words."""
        return _in_words(self.stays)


def of_team(team: Team) -> Plan:
    goes = {table.name: table.rows.count() for table in rows.of_team(team)}
    log = goes.pop("audit.accessentry", 0)
    return Plan(goes, {"audit.accessentry": log} if log else {}, people=len(people_of(team)))


def of_person(person: User) -> Plan:
    owned = {table.name for table in rows.owned_by(person)}
    counts = {table.name: table.rows.count() for table in rows.of_person(person)}
    return Plan(
        {name: count for name, count in counts.items() if name in owned},
        {name: count for name, count in counts.items() if name not in owned},
        without_coach=tuple(map(str, _left_without_a_coach(person))),
    )


def people_of(team: Team) -> list[User]:
    """Return who is on this team alone, and runs no server: their accounts go with the team."""
    on_it = User.objects.filter(memberships__team=team).exclude(memberships__in=Membership.objects.exclude(team=team))
    return [user for user in on_it if not user.is_operator]


def _left_without_a_coach(person: User) -> list[Team]:
    coached = Team.objects.filter(memberships__user=person, memberships__role=Membership.Role.COACH)
    others = Membership.objects.filter(role=Membership.Role.COACH).exclude(user=person)
    return list(coached.exclude(memberships__in=others))


def _in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(apps.get_model(name)._meta.verbose_name_plural), count) for name, count in counts.items()]
