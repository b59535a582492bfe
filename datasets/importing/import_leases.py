"""Who works on an import: one holder at a time, which must say again and again that it still does.

Every claim of a dataset counts its attempts up, and the number of the attempt is in the filter of all that its holder
writes: whoever was given up for dead changes nothing any more. A holder may be two processes, the one that imports and
the one that watches it.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.core import clock, turns

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_RENEWALS = 0.5
# The pieces of an upload come seldom where the storage is far away.
_TIME_TO_STORE_A_PIECE = timedelta(minutes=10)


class LeaseLost(Exception):
    """The row was deleted, or another process holds it: whoever gets this must not touch the row again."""


@dataclass
class Lease:
    """The right to work on one PRODUCING dataset. Every write of its holder has the lease in its filter."""

    dataset_id: Any
    attempt: int
    _renewed: float = 0.0
    _waiting: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def new(cls, dataset: Dataset) -> "Lease":
        """Save a new dataset that the caller holds while its upload is stored."""
        dataset.import_lease_until = clock.now() + _TIME_TO_STORE_A_PIECE
        dataset.save(force_insert=True)
        return cls(dataset.pk, dataset.import_attempts)

    @classmethod
    def claim(cls, dataset: Dataset) -> "Lease | None":
        """Take the dataset as it was read, whatever its lease says. None when another was faster."""
        attempt = dataset.import_attempts + 1
        taken = Dataset.objects.filter(
            pk=dataset.pk,
            state=Dataset.State.PRODUCING,
            import_lease_until=dataset.import_lease_until,
            import_attempts=dataset.import_attempts,
        ).update(import_lease_until=lease_end(), import_attempts=attempt, import_worked_at=clock.now())
        return cls(dataset.pk, attempt) if taken else None

    def beat(self, **fields: Any) -> None:
        """Renew the lease and write `fields`, at most twice a second: later fields wait for a later beat.

        Raises LeaseLost.
        """
        self._waiting |= fields
        if time.monotonic() - self._renewed >= _SECONDS_BETWEEN_RENEWALS:
            self.renew()

    def renew(self) -> None:
        """Renew the lease now. Raises LeaseLost."""
        self.write(import_lease_until=lease_end())

    def beat_while_storing(self) -> None:
        """Renew the lease of an upload for longer, and at most twice a second. Raises LeaseLost."""
        if time.monotonic() - self._renewed < _SECONDS_BETWEEN_RENEWALS:
            return
        try:
            self.write(import_lease_until=clock.now() + _TIME_TO_STORE_A_PIECE)
        except OperationalError:  # the lease lasts for many more, and the upload need not be sent again
            log.warning("the lease of dataset %s could not be renewed; the next heartbeat tries again", self.dataset_id)
            connection.close()
            self._renewed = time.monotonic()

    def write(self, **fields: Any) -> None:
        """Write `fields`, and what waits, to the row if this lease still holds it. Raises LeaseLost."""
        if not self._held().update(**{**self._waiting, **fields}):
            raise self._lost()
        self._waiting = {}
        self._renewed = time.monotonic()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written within is written together, and only if this lease still holds. Raises LeaseLost."""
        with transaction.atomic():
            self.renew()
            yield

    def until(self) -> datetime:
        """Until when the row says that it is held: a later time than before means a sign of life. Raises LeaseLost."""
        if (until := self._held().values_list("import_lease_until", flat=True).first()) is None:
            raise self._lost()
        return until

    def frames(self) -> tuple[int, int]:
        """How many pictures are done, and how many there are in all, as the row says. Raises LeaseLost."""
        if (frames := self._held().values_list("frames_done", "frames_total").first()) is None:
            raise self._lost()
        return frames

    def release(self) -> None:
        """Let any worker go on with the dataset. Raises LeaseLost."""
        self.write(import_lease_until=None)

    def give_back(self) -> None:
        """The same after an attempt that does not count, for it was cut off in good order. Raises LeaseLost."""
        self.write(import_lease_until=None, import_attempts=F("import_attempts") - 1)

    def _held(self) -> QuerySet[Dataset]:
        held = Dataset.objects.filter(
            pk=self.dataset_id, import_attempts=self.attempt, import_lease_until__isnull=False
        )
        return held.filter(state=Dataset.State.PRODUCING)

    def _lost(self) -> LeaseLost:
        return LeaseLost(f"attempt {self.attempt} at the import of dataset {self.dataset_id} no longer holds it")


def in_force(now: datetime) -> Q:
    """Datasets whose lease has not run out: of an import, of an upload, or of a removal."""
    return clock.in_force(
        "import_lease_until", now, 2 * max(_TIME_TO_STORE_A_PIECE, timedelta(seconds=settings.LEASE_SECONDS))
    )


def waiting() -> QuerySet[Dataset]:
    """The datasets that an import worker may claim, in the order in which they are served.

    One import of a team at a time, so that two of one team never take the place of everybody's. The team comes first
    whose imports took workers least time within a day, whenever their sets were uploaded, and of a team its oldest.
    """
    now = clock.now()
    held = in_force(now)
    recent = Dataset.everything.filter(import_worked_at__gte=now - turns.RECENT)
    producing = Dataset.objects.filter(state=Dataset.State.PRODUCING)
    at_work = producing.filter(held, import_attempts__gt=0)
    free = producing.exclude(held).exclude(team__in=at_work.order_by().values("team"))
    return free.order_by(turns.taken(recent, "import_seconds"), "created", "id")


def claim_next() -> tuple[Dataset, Lease] | None:
    """Take the next import; None when there is none to take now."""
    while dataset := waiting().first():
        with transaction.atomic():
            Team.objects.select_for_update().get(pk=dataset.team_id)  # one claim for a team at a time
            is_next = waiting().filter(pk=dataset.pk).exists()
            if is_next and (lease := Lease.claim(dataset)):
                return dataset, lease
    return None


def lease_end() -> datetime:
    """When a lease runs out that begins or is renewed now."""
    return clock.now() + timedelta(seconds=settings.LEASE_SECONDS)
