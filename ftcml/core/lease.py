"""Leases: who works on a row, and until when it must say so again.

A claim is an update with the row as it was read in its filter, so of two one gets it. All that the holder writes
afterwards has the claim's marks in the filter, which the next claim changes: a holder that was given up for dead
changes nothing any more. One clock decides for all machines, the database's (clock.py).
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q, QuerySet

from ftcml.core import clock

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """The row was deleted, or another process holds it. Do not touch the row again."""


@dataclass
class Lease:
    """The right to work on one row.

    `rows`: those that can be held, such as the datasets being imported. `until`: the field that says when the lease
    runs out; None there means that nothing holds the row. `marks`: the fields that tell this holder from every other,
    such as a number and an owner; in a row without such fields, `until` itself.
    """

    rows: QuerySet[Any]
    pk: Any
    until: str
    marks: dict[str, Any]

    def held(self) -> QuerySet[Any]:
        """Return the row as long as this lease holds it."""
        return self.rows.filter(pk=self.pk, **{f"{self.until}__isnull": False}, **self.marks)

    def write(self, **fields: Any) -> None:
        """Write `fields` to the row. Raises LeaseLost."""
        if not self.held().update(**fields):
            raise self.lost()
        self.marks |= {name: fields[name] for name in self.marks.keys() & fields.keys()}

    def renew(self, end: datetime, **fields: Any) -> None:
        """Hold the row until `end`, and write `fields`. Raises LeaseLost."""
        self.write(**{self.until: end}, **fields)

    def release(self, **fields: Any) -> None:
        """Let others have the row, and write `fields`. Raises LeaseLost."""
        self.write(**{self.until: None}, **fields)

    @contextmanager
    def transaction(self, end: datetime | None = None) -> Iterator[None]:
        """Write what is written within together, and only while this lease holds. Raises LeaseLost.

        The row stays locked until the end, so that no other process claims it meanwhile.
        """
        marks = dict(self.marks)
        try:
            with transaction.atomic():
                self.renew(end or lease_end())
                yield
        except BaseException:
            self.marks = marks  # nothing of it was written
            raise

    def lost(self) -> LeaseLost:
        """Return what to raise when the row is no longer held."""
        marks = ", ".join(f"{name} {value}" for name, value in self.marks.items())
        return LeaseLost(f"{self.rows.model._meta.verbose_name} {self.pk} is no longer held by {marks}")


def claim(
    rows: QuerySet[Any],
    row: models.Model,
    until: str,
    end: datetime,
    marks: dict[str, Any] | None = None,
    **fields: Any,
) -> Lease | None:
    """Take a row as it was read, whatever its lease says, if it is still among `rows`.

    Args:
        until: the name of the field that says when the lease runs out.
        marks: the new values of the fields that tell holders apart; without them `until` does.
        fields: what else to write.

    Returns: the lease, or None when another process was faster.
    """
    marks = {until: end} if marks is None else marks
    as_read = {name: getattr(row, name) for name in {until, *marks}}
    if not rows.filter(pk=row.pk, **as_read).update(**{until: end} | marks | fields):
        return None
    return Lease(rows, row.pk, until, marks)


def lease_end(moment: datetime | None = None) -> datetime:
    """Return when a lease of the usual length runs out that begins or is renewed at `moment`, or now."""
    return (moment or clock.now()) + timedelta(seconds=settings.LEASE_SECONDS)


def in_force(until: str, moment: datetime, lasts: timedelta) -> Q:
    """Return the rows whose lease, which ends at the time in `until`, has not run out at `moment`.

    `lasts`: how long such a lease is. One that ends much later was given before the clock was set back, and its holder,
    where it lives, has renewed it since.
    """
    return Q(**{f"{until}__range": (moment, moment + 2 * lasts)})


def run_out(until: str, moment: datetime, lasts: timedelta) -> Q:
    """Return the rows that something held whose lease is over at `moment`."""
    return Q(**{f"{until}__isnull": False}) & ~in_force(until, moment, lasts)


class Heartbeat:
    """Renews a lease now and then while its holder is long at one thing, such as storing a large file.

    Call it as often as you like. A busy database is asked again at the next beat, for the lease lasts for many. Raises
    LeaseLost.

    Args:
        renew: renews the lease.
        seconds: how long it is until the next renewal, at least.
        monotonic: the clock of the holder.
        is_due: whether the first call renews.
    """

    def __init__(
        self,
        renew: Callable[[], None],
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        is_due: bool = False,
    ) -> None:
        self._renew, self._seconds, self._monotonic = renew, seconds, monotonic
        self._beaten = float("-inf") if is_due else monotonic()

    def __call__(self) -> None:
        if self._monotonic() - self._beaten < self._seconds:
            return
        self.beaten()
        try:
            self._renew()
        except OperationalError:
            log.warning("a lease could not be renewed; the next heartbeat tries again", exc_info=True)
            connection.close()

    def beaten(self) -> None:
        """Note that the lease was renewed otherwise."""
        self._beaten = self._monotonic()
