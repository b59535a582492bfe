"""The training minutes of a team: what is left, and which trainings hold how many of the rest."""

from dataclasses import dataclass

from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from training.models import TrainingJob
from training.states import TERMINAL, JobState

# So many are named.
_NAMED = 2


@dataclass(frozen=True)
class Holder:
    """A training that waits or runs. What it doesn't use of its minutes comes back when it ends."""

    description: str
    minutes: int


@dataclass(frozen=True)
class TeamMinutes:
    """`remaining`: can be given to a new training now. `holders`: the training that holds most comes first."""

    remaining: int
    allowed: int
    holders: tuple[Holder, ...]

    @property
    def held(self) -> int:
        """The minutes that all trainings under way hold."""
        return sum(holder.minutes for holder in self.holders)

    @property
    def named(self) -> tuple[str, ...]:
        """The names of those that hold most."""
        return tuple(holder.description for holder in self.holders[:_NAMED])

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return max(0, len(self.holders) - _NAMED)


def minutes_of(team: Team) -> TeamMinutes:
    """Return the team's minutes, by two queries."""
    balance = ledger.balance_of(team)
    holding = TrainingJob.objects.for_team(team).exclude(state__in=[*TERMINAL, JobState.TRY_AGAIN_LATER])
    rows = holding.order_by("-max_seconds", "created").values_list("description", "max_seconds")
    holders = tuple(Holder(description, seconds // 60) for description, seconds in rows)
    return TeamMinutes(balance.seconds_remaining // 60, balance.seconds_allowed // 60, holders)
