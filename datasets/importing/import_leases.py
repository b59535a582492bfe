"""Who works on an import, by the lease in the dataset's row.

Every claim counts the dataset's attempts up, and the number of the attempt marks the holder (ftcml/core/lease.py). A
holder may be two processes, the one that imports and the one that watches it.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.core import clock, turns
from ftcml.core import lease as leases
from ftcml.core.lease import Heartbeat, lease_end

_SECONDS_BETWEEN_RENEWALS = 0.5
# The pieces of an upload come seldom where the storage is far away.
_TIME_TO_STORE_A_PIECE = timedelta(minutes=10)


class Lease:
    """The right to work on one PRODUCING dataset, under the number of an attempt."""

    def __init__(self, dataset_id: Any, attempt: int) -> None:
        producing = Dataset.objects.filter(state=Dataset.State.PRODUCING)
        self.attempt = attempt
        self._lease = leases.Lease(producing, dataset_id, "import_lease_until", {"import_attempts": attempt})
        self._waiting: dict[str, Any] = {}
        self._heartbeat = Heartbeat(self.renew, _SECONDS_BETWEEN_RENEWALS, is_due=True)
        self.beat_while_storing = Heartbeat(self._renew_for_a_piece, _SECONDS_BETWEEN_RENEWALS, is_due=True)

    @classmethod
    def new(cls, dataset: Dataset) -> "Lease":
        """Save a new dataset that the caller holds while its upload is stored."""
        dataset.import_lease_until = clock.now() + _TIME_TO_STORE_A_PIECE
        dataset.save(force_insert=True)
        return cls(dataset.pk, dataset.import_attempts)

    @classmethod
    def claim(cls, dataset: Dataset) -> "Lease | None":
        """Take the dataset as it was read, whatever its lease says. None when another was faster."""
        producing = Dataset.objects.filter(state=Dataset.State.PRODUCING)
        marks = {"import_attempts": dataset.import_attempts + 1}
        taken = leases.claim(producing, dataset, "import_lease_until", lease_end(), marks, import_worked_at=clock.now())
        return cls(dataset.pk, dataset.import_attempts + 1) if taken else None

    def beat(self, **fields: Any) -> None:
        """Renew the lease and write `fields`, at most twice a second: later fields wait for a later beat.

        Raises LeaseLost.
        """
        self._waiting |= fields
        self._heartbeat()

    def renew(self) -> None:
        """Renew the lease now. Raises LeaseLost."""
        self.write(import_lease_until=lease_end())

    def _renew_for_a_piece(self) -> None:
        """For longer than a lease: the pieces of an upload come seldom where the storage is far away."""
        self.write(import_lease_until=clock.now() + _TIME_TO_STORE_A_PIECE)

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
        until: datetime | None = self._lease.held().values_list("import_lease_until", flat=True).first()
        if until is None:
            raise self._lease.lost()
        return until

    def frames(self) -> tuple[int, int]:
        """How many pictures are done, and how many there are in all, as the row says. Raises LeaseLost."""
        frames: tuple[int, int] | None = self._lease.held().values_list("frames_done", "frames_total").first()
        if frames is None:
            raise self._lease.lost()
        return frames

    def release(self) -> None:
        """Let any worker go on with the dataset. Raises LeaseLost."""
        self.write(import_lease_until=None)

    def give_back(self) -> None:
        """The same after an attempt that does not count, for it was cut off in good order. Raises LeaseLost."""
        self.write(import_lease_until=None, import_attempts=F("import_attempts") - 1)


def in_force(now: datetime) -> Q:
    """Datasets whose lease has not run out: of an import, or of an upload."""
    longest = max(_TIME_TO_STORE_A_PIECE, timedelta(seconds=settings.LEASE_SECONDS))
    return leases.in_force("import_lease_until", now, longest)


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
