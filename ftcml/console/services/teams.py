"""Teams, for operators: list them, create one with its coach, rename one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Count

from ftcml.accounts import messages as of_accounts
from ftcml.accounts.models import Membership, Team, TeamLimits, User
from ftcml.accounts.services import quota
from ftcml.accounts.services.mailing import invitations
from ftcml.accounts.services.membership import people, slips, user_names
from ftcml.accounts.services.membership.keys import NewKey
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.membership.user_names import Wanted
from ftcml.console import messages
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused

MOST_GIGABYTES, MOST_VIDEOS = 1_000_000, 100_000


@dataclass(frozen=True)
class TeamRow:
    """A team with the user names of its coaches, how many people are on it, and what it may store."""

    team: Team
    coaches: list[str]
    people: int
    limits: TeamLimits


@dataclass(frozen=True)
class NewTeam:
    """What an operator typed."""

    program: str
    number: int
    name: str
    coach: str


def rows(teams: Sequence[Team]) -> list[TeamRow]:
    """Return one row for each team, in that order."""
    counts = dict(Membership.objects.filter(team__in=teams).order_by().values_list("team").annotate(people=Count("pk")))
    coaches: dict[int, list[str]] = {team.pk: [] for team in teams}
    of_teams = Membership.objects.filter(team__in=teams, role=Membership.Role.COACH).order_by("user__username")
    for team_id, name in of_teams.values_list("team", "user__username"):
        coaches[team_id].append(name)
    own = TeamLimits.objects.in_bulk([team.pk for team in teams], field_name="team_id")
    return [
        TeamRow(team, coaches[team.pk], counts.get(team.pk, 0), own.get(team.pk) or TeamLimits(team=team))
        for team in teams
    ]


def create(operator: User, wanted: NewTeam) -> bool:
    """Make the team and its coach. A coach without an account gets one, and the operator a slip with the password.

    Returns whether there is a slip. Raises ActionRefused.
    """
    try:
        coach = user_names.wanted(wanted.coach.strip())
        known = _known(coach)
        secret = "" if known else slips.new_secret()
        # Slow on purpose, and so not inside the transaction.
        hashed = make_password(slips.password_of(secret)) if secret else ""
        user = known or User(username=coach.username, first_name=coach.display_name, password=hashed)
        _create(operator, wanted, user, secret)
    except PersonRefused as refusal:
        raise ActionRefused(str(refusal)) from None
    except IntegrityError:  # another operator made the team, or the coach's account, at this moment
        _check_new(wanted)
        raise ActionRefused(of_accounts.CHANGED_MEANWHILE) from None
    return bool(secret)


def _check_new(wanted: NewTeam) -> None:
    """Raise ActionRefused where there is a team of that number."""
    if Team.objects.filter(program=wanted.program, number=wanted.number).exists():
        raise ActionRefused(messages.team_exists(wanted.program, wanted.number))


def _known(coach: Wanted) -> User | None:
    """Return whose user name was typed exactly, None for a new person. Raises PersonRefused for one that is alike."""
    alike = {owner.username: owner for owner in user_names.owners([coach.username])}
    if alike and coach.typed not in alike:
        raise PersonRefused(of_accounts.account_exists(min(alike)))
    return alike.get(coach.typed)


@transaction.atomic
def _create(operator: User, wanted: NewTeam, user: User, secret: str) -> None:
    _check_new(wanted)
    team = people.new_team(wanted.number, wanted.name.strip(), wanted.program)
    membership = people.add(user, team, Membership.Role.COACH)
    if secret:
        slips.keep(operator, membership, secret)
    audit.record(operator, audit.Kind.TEAM_CREATE, team.full_number, f"coach {user}")


@transaction.atomic
def invite(operator: User, team: Team, email: str, site: str) -> NewKey | None:
    """Invite a coach of the team, by mail or, without an address, by the key that this returns. Raises PersonRefused.

    The address isn't kept in the log, which outlives the invitation.
    """
    made = invitations.make(team, operator, email, site)
    audit.record(operator, audit.Kind.TEAM_INVITE, team.full_number)
    return made


@transaction.atomic
def set_limits(operator: User, team: Team, gigabytes: int | None, videos: int | None) -> None:
    """Let the team store so much; None stands for the server's own limit."""
    quota.set_limits(team, None if gigabytes is None else gigabytes * 1000**3, videos)
    audit.record(operator, audit.Kind.TEAM_LIMITS, team.full_number, messages.limits(gigabytes, videos))


@transaction.atomic
def rename(operator: User, team: Team, name: str) -> None:
    """Give the team this name; "" takes its name away."""
    before, team.name = team.name, " ".join(name.split())
    team.save(update_fields=["name"])
    audit.record(operator, audit.Kind.TEAM_RENAME, team.full_number, f"“{before}” → “{team.name}”")
