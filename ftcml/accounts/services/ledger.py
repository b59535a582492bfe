"""The ledger of training seconds: append-only entries beside a balance row that can never go below zero.

balance = sum of `balance_change`; at rest, for every job, reserve = charge + refund.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from ftcml.accounts import messages
from ftcml.accounts.models import LedgerEntry, Team, TrainingBalance

Kind = LedgerEntry.Kind

# Teams whose rows are read and written at once, so that memory does not grow with the number of teams.
_AT_ONCE = 500


class NotEnoughTime(Exception):
    """The team has fewer training seconds left than it wants to reserve."""

    def __init__(self, wanted: int, remaining: int) -> None:
        self.minutes = {"remaining": remaining // 60, "wanted": -(-wanted // 60)}
        super().__init__(messages.TOO_LITTLE_TIME.format(**self.minutes))


@dataclass(frozen=True)
class Account:
    """A team's seconds: allowed = remaining + reserved by jobs that haven't ended + used."""

    team: Team
    allowed: int
    remaining: int
    reserved: int

    @property
    def used(self) -> int:
        """Return the seconds used since the last reset, or since the team began."""
        return self.allowed - self.remaining - self.reserved


@dataclass(frozen=True)
class Reset:
    """How many teams were reset, and by how many seconds their balances changed in sum."""

    teams: int
    seconds: int


def balance_of(team: Team) -> TrainingBalance:
    """Return the team's balance row. A team without one gets the server's allowance."""
    balance = TrainingBalance.objects.filter(team=team).first()
    if balance is None:
        _open_accounts([team])
        balance = TrainingBalance.objects.get(team=team)
    return balance


def accounts(teams: Sequence[Team]) -> list[Account]:
    """Return one account for each team, in that order. A team without a balance row has its first allowance."""
    rows = TrainingBalance.objects.filter(team__in=teams)
    balances: dict[int, tuple[int, int]] = {
        team: (allowed, remaining)
        for team, allowed, remaining in rows.values_list("team", "seconds_allowed", "seconds_remaining")
    }
    first: tuple[int, int] = (settings.TEAM_SECONDS_ALLOWED, settings.TEAM_SECONDS_ALLOWED)
    reserved = _reserved(teams)
    return [Account(team, *balances.get(team.pk, first), reserved.get(team.pk, 0)) for team in teams]


def grant(team: Team, seconds: int, reason: str) -> None:
    """Give the team `seconds` more to use."""
    grant_each(Team.objects.filter(pk=team.pk), seconds, reason)


@transaction.atomic
def grant_each(teams: QuerySet[Team], seconds: int, reason: str) -> int:
    """Give each of the teams `seconds` more to use, or none of them. Return how many teams there are."""
    count = 0
    for balances in _locked(teams):
        TrainingBalance.objects.filter(pk__in=[balance.pk for balance in balances]).update(
            seconds_allowed=F("seconds_allowed") + seconds, seconds_remaining=F("seconds_remaining") + seconds
        )
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                team_id=balance.team_id, kind=Kind.GRANT, seconds=seconds, balance_change=seconds, reason=reason
            )
            for balance in balances
        )
        count += len(balances)
    return count


@transaction.atomic
def reset(teams: QuerySet[Team], allowance: int, reason: str) -> Reset:
    """Allow each of the teams `allowance` seconds, with what its running jobs have reserved.

    A team whose jobs have reserved more than that has nothing left. All teams are reset, or none.
    """
    count = total = 0
    for balances in _locked(teams):
        # Under the rows' locks nothing is reserved or given back meanwhile.
        reserved = _reserved([balance.team_id for balance in balances])
        changes = [_reset(balance, allowance, reserved.get(balance.team_id, 0)) for balance in balances]
        TrainingBalance.objects.bulk_update(balances, ["seconds_allowed", "seconds_remaining"])
        LedgerEntry.objects.bulk_create(
            LedgerEntry(team_id=balance.team_id, kind=Kind.ADJUST, seconds=change, balance_change=change, reason=reason)
            for balance, change in zip(balances, changes, strict=True)
        )
        count, total = count + len(balances), total + sum(changes)
    return Reset(count, total)


def _reset(balance: TrainingBalance, allowance: int, reserved: int) -> int:
    """Set the numbers of `balance` without saving it. Return by how much the remaining seconds change."""
    before = balance.seconds_remaining
    balance.seconds_allowed = max(allowance, reserved)
    balance.seconds_remaining = balance.seconds_allowed - reserved
    return balance.seconds_remaining - before


@transaction.atomic
def reserve(team: Team, job_id: uuid.UUID, seconds: int) -> None:
    """Reserve `seconds` for a job that starts. Two starts at once can't overspend. Raises NotEnoughTime."""
    balance_of(team)
    taken = TrainingBalance.objects.filter(team=team, seconds_remaining__gte=seconds).update(
        seconds_remaining=F("seconds_remaining") - seconds
    )
    if not taken:
        raise NotEnoughTime(seconds, balance_of(team).seconds_remaining)
    _record(team, Kind.RESERVE, seconds, -seconds, job_id, "")


@transaction.atomic
def settle(job_id: uuid.UUID, used: int) -> int:
    """Charge what a job used, at most what it reserved, and give back the rest. Return the charge.

    A job that never reserved anything is charged nothing. A settled account stays as it is: a second caller waits at
    the entry's lock for the first, and gets the same charge.
    """
    account = LedgerEntry.objects.filter(job_id=job_id)
    of_itself = account.select_for_update(of=("self",)).select_related("team")
    reserved = of_itself.filter(kind=Kind.RESERVE).first()
    if reserved is None:
        return 0
    if settled := account.filter(kind=Kind.CHARGE).first():
        return settled.seconds
    charge = min(used, reserved.seconds)
    refund = reserved.seconds - charge
    TrainingBalance.objects.filter(team=reserved.team).update(seconds_remaining=F("seconds_remaining") + refund)
    _record(reserved.team, Kind.CHARGE, charge, 0, job_id, "")
    _record(reserved.team, Kind.REFUND, refund, refund, job_id, "")
    return charge


def _locked(teams: QuerySet[Team]) -> Iterator[list[TrainingBalance]]:
    """Return the teams' balance rows, locked until the transaction ends.

    They are always locked in one order, so that two transactions never wait for each other."""
    last = 0
    while batch := list(teams.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = batch[-1].pk
        _open_accounts(batch)
        yield list(TrainingBalance.objects.select_for_update().filter(team__in=batch).order_by("team_id"))


def _reserved(teams: Sequence[Team] | Sequence[int]) -> dict[int, int]:
    """Return the seconds that each team's running jobs have reserved, by the team's id."""
    taken = Sum("seconds", filter=Q(kind=Kind.RESERVE), default=0)
    settled = Sum("seconds", filter=Q(kind__in=(Kind.CHARGE, Kind.REFUND)), default=0)
    by_team = LedgerEntry.objects.filter(team__in=teams).order_by().values("team")
    return dict(by_team.annotate(held=taken - settled).values_list("team", "held"))


@transaction.atomic
def _open_accounts(teams: Sequence[Team]) -> None:
    """Give the server's allowance to each team without a balance row.

    1. Insert the missing rows. While another process inserts one, this waits for it.
    2. Write the first entry of each team that has none. A faster process has written its team's.
    """
    new = list(Team.objects.filter(pk__in=[team.pk for team in teams], training_balance=None))
    if not new:
        return
    allowed = settings.TEAM_SECONDS_ALLOWED
    TrainingBalance.objects.bulk_create(
        (TrainingBalance(team=team, seconds_allowed=allowed, seconds_remaining=allowed) for team in new),
        ignore_conflicts=True,
    )
    begun = set(LedgerEntry.objects.filter(team__in=new).values_list("team", flat=True))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            team=team, kind=Kind.GRANT, seconds=allowed, balance_change=allowed, reason="allowance of a new team"
        )
        for team in new
        if team.pk not in begun
    )


def _record(team: Team, kind: Kind, seconds: int, change: int, job_id: uuid.UUID | None, reason: str) -> None:
    LedgerEntry.objects.create(
        team=team, kind=kind, seconds=seconds, balance_change=change, job_id=job_id, reason=reason
    )
