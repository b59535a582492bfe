"""Who works on an import, by the lease in the dataset's row (ftcml/core/work/attempts.py)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from datasets.models import Dataset
from ftcml.core import clock
from ftcml.core.lease import Heartbeat
from ftcml.core.work.attempts import SECONDS_BETWEEN_RENEWALS, AttemptLease, Work
from ftcml.integrations.services import happenings

# The pieces of an upload come seldom where the storage is far away.
_TIME_TO_STORE_A_PIECE = timedelta(minutes=10)


class Lease(AttemptLease):
    """The right to work on one PRODUCING dataset."""

    work = Work(
        rows=Dataset.objects.filter(state=Dataset.State.PRODUCING),
        every=Dataset.everything.all(),
        until="import_lease_until",
        attempts="import_attempts",
        seconds="import_seconds",
        worked_at="import_worked_at",
        longest=_TIME_TO_STORE_A_PIECE,
    )

    @classmethod
    def new(cls, dataset: Dataset) -> "Lease":
        """Save a new dataset that the caller holds while its upload is stored."""
        dataset.import_lease_until = clock.now() + _TIME_TO_STORE_A_PIECE
        dataset.save(force_insert=True)
        return cls(dataset.pk, dataset.import_attempts)

    def __init__(self, dataset_id: object, attempt: int) -> None:
        super().__init__(dataset_id, attempt)
        self.beat_while_storing = Heartbeat(self._renew_for_a_piece, SECONDS_BETWEEN_RENEWALS, is_due=True)

    def finish(self, dataset: Dataset, **ready: Any) -> None:
        """Write the fields of the dataset that is READY now, and tell so. Raises LeaseLost."""
        with transaction.atomic():
            self.write(**ready)
            happenings.dataset_ready(dataset.team_id, dataset.pk, str(dataset))

    def _renew_for_a_piece(self) -> None:
        """For longer than a lease: the pieces of an upload come seldom where the storage is far away."""
        self.write(import_lease_until=clock.now() + _TIME_TO_STORE_A_PIECE)


def in_force(now: datetime) -> Q:
    """Datasets whose lease has not run out: of an import, or of an upload."""
    return Lease.work.in_force(now)


def waiting() -> QuerySet[Dataset]:
    """The datasets that an import worker may claim, in the order in which they are served."""
    return Lease.work.waiting()


def claim_next() -> tuple[Dataset, Lease] | None:
    """Take the next import; None when there is none to take now."""
    return Lease.claim_next()
