"""Who works on a row, and whose is next.

Every claim counts the row's attempts up, and the number of the attempt marks the holder (ftcml/core/lease.py). A holder
may be two processes, the one that works and the one that watches it.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Q, QuerySet

from ftcml.core import clock, turns
from ftcml.core import lease as leases
from ftcml.core.lease import Heartbeat, lease_end

SECONDS_BETWEEN_RENEWALS = 0.5


@dataclass(frozen=True)
class Work:
    """Rows that workers work on, and the names of the fields that say so.

    Args:
        rows: those on which work may be done: they wait, or somebody holds them.
        every: all rows of the kind, removed ones as well: for whom workers worked lately is read there.
        until: until when the row is held; a later time means that the holder is alive.
        attempts: how often it was claimed.
        seconds: how long workers were at it.
        worked_at: when the last one was.
        longest: how long a lease can be, where that is longer than one of the usual length.
        at_once: how many rows of one team are worked on at the same time.
    """

    rows: QuerySet[Any]
    every: QuerySet[Any]
    until: str = "lease_until"
    attempts: str = "attempts"
    seconds: str = "worker_seconds"
    worked_at: str = "worked_at"
    longest: timedelta = field(default=timedelta(0))
    at_once: int = 1

    def in_force(self, moment: datetime) -> Q:
        """Return the rows whose lease has not run out."""
        return leases.in_force(self.until, moment, max(self.longest, timedelta(seconds=settings.LEASE_SECONDS)))

    def waiting(self) -> QuerySet[Any]:
        """Return the rows that a worker may claim, in the order in which they are served.

        A team has `at_once` rows at work, so that those of one never take the place of everybody's. The team comes
        first whose rows took workers least time within a day, however long they wait, and of a team its oldest.
        """
        now = clock.now()
        held = self.in_force(now)
        recent = self.every.filter(**{f"{self.worked_at}__gte": now - turns.RECENT})
        at_work = self.rows.filter(held, **{f"{self.attempts}__gt": 0})
        busy = at_work.order_by().values("team").annotate(rows=Count("pk")).filter(rows__gte=self.at_once)
        free = self.rows.exclude(held).exclude(team__in=busy.values("team"))
        return free.order_by(turns.taken(recent, self.seconds), "created", "id")

    def note_seconds(self, pk: Any, seconds: float) -> None:
        """Count what a worker's time an attempt took."""
        taken = F(self.seconds) + round(seconds)
        self.every.filter(pk=pk).update(**{self.seconds: taken, self.worked_at: clock.now()})

    def has_another_holder(self, pk: Any, attempt: int) -> bool:
        """Return whether a later attempt holds the row, perhaps on this machine."""
        others = self.rows.filter(pk=pk).exclude(**{self.attempts: attempt})
        return others.exclude(**{self.until: None}).exists()


class AttemptLease:
    """The right to work on one row, under the number of an attempt. Each kind of work is a class with its `work`."""

    work: ClassVar[Work]

    def __init__(self, pk: Any, attempt: int) -> None:
        self.pk, self.attempt = pk, attempt
        self._lease = leases.Lease(self.work.rows.all(), pk, self.work.until, {self.work.attempts: attempt})
        self._waiting: dict[str, Any] = {}
        self._heartbeat = Heartbeat(self.renew, SECONDS_BETWEEN_RENEWALS, is_due=True)

    @classmethod
    def claim(cls, row: models.Model) -> Self | None:
        """Take the row as it was read, whatever its lease says. None when another was faster."""
        attempt = getattr(row, cls.work.attempts) + 1
        marks, when = {cls.work.attempts: attempt}, {cls.work.worked_at: clock.now()}
        taken = leases.claim(cls.work.rows.all(), row, cls.work.until, lease_end(), marks, **when)
        return cls(row.pk, attempt) if taken else None

    @classmethod
    def claim_next(cls) -> tuple[Any, Self] | None:
        """Take the row that is next, and return it with its lease; None when there is none to take now."""
        while row := cls.work.waiting().first():
            with transaction.atomic():
                _locked(row)
                is_next = cls.work.waiting().filter(pk=row.pk).exists()
                if is_next and (lease := cls.claim(row)):
                    return row, lease
        return None

    def beat(self, **fields: Any) -> None:
        """Renew the lease and write `fields`, at most twice a second: later fields wait for a later beat.

        Raises LeaseLost.
        """
        self._waiting |= fields
        self._heartbeat()

    def renew(self) -> None:
        """Renew the lease now. Raises LeaseLost."""
        self.write(**{self.work.until: lease_end()})

    def write(self, **fields: Any) -> None:
        """Write `fields`, and what waits, to the row if this lease still holds it. Raises LeaseLost."""
        self._lease.write(**{**self._waiting, **fields})
        self._waiting = {}
        self._heartbeat.beaten()

    def transaction(self) -> AbstractContextManager[None]:
        """Write what is written within together, and only if this lease still holds. Raises LeaseLost."""
        return self._lease.transaction()

    def until(self) -> datetime:
        """Until when the row says that it is held: a later time than before means a sign of life. Raises LeaseLost."""
        until: datetime | None = self._lease.held().values_list(self.work.until, flat=True).first()
        if until is None:
            raise self._lease.lost()
        return until

    def frames(self) -> tuple[int, int]:
        """How many pictures are done, and how many there are in all, as the row says. Raises LeaseLost."""
        frames: tuple[int, int] | None = self._lease.held().values_list("frames_done", "frames_total").first()
        if frames is None:
            raise self._lease.lost()
        return frames

    def release(self, **fields: Any) -> None:
        """Let any worker resume the row, and write `fields`. Raises LeaseLost."""
        self.write(**{self.work.until: None}, **fields)

    def give_back(self) -> None:
        """The same after an attempt that does not count, for it was cut off in good order. Raises LeaseLost."""
        self.release(**{self.work.attempts: F(self.work.attempts) - 1})


def _locked(row: Any) -> None:
    """Lock the row's team, so that there is one claim for a team at a time."""
    row._meta.get_field("team").related_model._default_manager.select_for_update().get(pk=row.team_id)
