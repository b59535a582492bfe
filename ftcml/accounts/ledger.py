"""The ledger of training seconds: append-only entries beside a balance row that can never go below zero.

balance = sum of `balance_change`; at rest, for every job, reserve = charge + refund.
"""

import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from ftcml.accounts.models import LedgerEntry, Team, TrainingBalance

Kind = LedgerEntry.Kind


class NotEnoughTime(Exception):
    """The team has fewer training seconds left than it wants to reserve."""

    def __init__(self, wanted: int, remaining: int) -> None:
        super().__init__(
            f"Your team has {remaining // 60} training minutes left, and this job would reserve {-(-wanted // 60)}. "
            "Choose fewer minutes, or ask your coach for more."
        )


def balance_of(team: Team) -> TrainingBalance:
    """The team's balance row; a team that has none yet gets the server's allowance."""
    balance = TrainingBalance.objects.filter(team=team).first()
    return balance or _first_balance(team)


@transaction.atomic
def grant(team: Team, seconds: int, reason: str) -> None:
    """Give the team `seconds` more to use."""
    balance_of(team)
    TrainingBalance.objects.filter(team=team).update(
        seconds_allowed=F("seconds_allowed") + seconds, seconds_remaining=F("seconds_remaining") + seconds
    )
    _record(team, Kind.GRANT, seconds, seconds, None, reason)


@transaction.atomic
def reserve(team: Team, job_id: uuid.UUID, seconds: int) -> None:
    """Take `seconds` for a job that starts. Raises NotEnoughTime; two starts at once cannot overspend."""
    balance_of(team)
    taken = TrainingBalance.objects.filter(team=team, seconds_remaining__gte=seconds).update(
        seconds_remaining=F("seconds_remaining") - seconds
    )
    if not taken:
        raise NotEnoughTime(seconds, balance_of(team).seconds_remaining)
    _record(team, Kind.RESERVE, seconds, -seconds, job_id, "")


@transaction.atomic
def settle(job_id: uuid.UUID, used: int) -> int:
    """End a job's account: charge what was used, at most what was reserved, return the rest. Returns the charge.

    A job that never reserved anything is charged nothing. Settling twice raises IntegrityError, by the constraint
    on (job, kind).
    """
    reserved = LedgerEntry.objects.select_related("team").filter(job_id=job_id, kind=Kind.RESERVE).first()
    if reserved is None:
        return 0
    charge = min(used, reserved.seconds)
    refund = reserved.seconds - charge
    TrainingBalance.objects.filter(team=reserved.team).update(seconds_remaining=F("seconds_remaining") + refund)
    _record(reserved.team, Kind.CHARGE, charge, 0, job_id, "")
    _record(reserved.team, Kind.REFUND, refund, refund, job_id, "")
    return charge


@transaction.atomic
def _first_balance(team: Team) -> TrainingBalance:
    allowed = settings.TEAM_SECONDS_ALLOWED
    balance, is_new = TrainingBalance.objects.get_or_create(
        team=team, defaults={"seconds_allowed": allowed, "seconds_remaining": allowed}
    )
    if is_new:
        _record(team, Kind.GRANT, allowed, allowed, None, "allowance of a new team")
    return balance


def _record(team: Team, kind: Kind, seconds: int, change: int, job_id: uuid.UUID | None, reason: str) -> None:
    LedgerEntry.objects.create(
        team=team, kind=kind, seconds=seconds, balance_change=change, job_id=job_id, reason=reason
    )
