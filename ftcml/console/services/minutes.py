"""The teams' training minutes: grant some to one team or to all, or reset one or all to the server's allowance."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from ftcml.accounts.models import Team, User
from ftcml.accounts.services import ledger
from ftcml.console import messages
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused

MOST_MINUTES = 100_000


@dataclass(frozen=True)
class Chosen:
    """The teams that an action is meant for, and what to call them. `each`: what to call one of them."""

    teams: QuerySet[Team]
    name: str
    each: str

    @classmethod
    def one(cls, team_id: int) -> "Chosen":
        """Raises Http404 when there is no such team."""
        team = Team.objects.filter(pk=team_id).first()
        if team is None:
            raise Http404(messages.NO_SUCH_TEAM)
        return cls(Team.objects.filter(pk=team_id), team.full_number, team.full_number)

    @classmethod
    def all(cls) -> "Chosen":
        return cls(Team.objects.all(), messages.ALL_TEAMS, messages.each_team(Team.objects.count()))


def server_allowance() -> int:
    """Minutes of a new team, and of a team that was reset."""
    return settings.TEAM_SECONDS_ALLOWED // 60


@transaction.atomic
def grant(operator: User, chosen: Chosen, minutes: int) -> None:
    """Give each chosen team so many minutes more. Raises ActionRefused."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise ActionRefused(messages.bad_minutes(MOST_MINUTES))
    count = ledger.grant_each(chosen.teams, 60 * minutes, f"granted by {operator}")
    audit.record(operator, audit.Kind.GRANT, chosen.name, messages.granted(minutes, count))


@transaction.atomic
def reset(operator: User, chosen: Chosen) -> None:
    """Let each chosen team have the server's allowance again; what its live jobs hold counts as part of it."""
    done = ledger.reset(chosen.teams, settings.TEAM_SECONDS_ALLOWED, f"reset by {operator}")
    details = messages.reset(server_allowance(), done.teams, done.seconds)
    audit.record(operator, audit.Kind.RESET, chosen.name, details)
