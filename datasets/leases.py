"""Who works on an import: one process at a time, which holds the row by a time in the future."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from datasets.models import Dataset

_SECONDS_BETWEEN_RENEWALS = 0.5
_TIME_TO_STORE_AN_UPLOAD = timedelta(minutes=10)


class LeaseLost(Exception):
    """The row was deleted, or another process holds it: whoever gets this must not touch the row again."""


@dataclass
class Lease:
    """The right to work on one PRODUCING dataset. Every write of its holder has the lease in its filter."""

    dataset_id: Any
    until: datetime
    _renewed: float = 0.0
    _waiting: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def new(cls, dataset: Dataset) -> "Lease":
        """Save a new dataset that the caller holds while its upload is stored."""
        dataset.import_lease_until = timezone.now() + _TIME_TO_STORE_AN_UPLOAD
        dataset.save(force_insert=True)
        return cls(dataset.pk, dataset.import_lease_until)

    @classmethod
    def claim(cls, dataset: Dataset) -> "Lease | None":
        """Take the dataset as it was read: free, expired, or held by the caller. None when another was faster."""
        until = _lease_end()
        taken = Dataset.objects.filter(
            pk=dataset.pk, state=Dataset.State.PRODUCING, import_lease_until=dataset.import_lease_until
        ).update(import_lease_until=until, import_attempts=F("import_attempts") + 1)
        return cls(dataset.pk, until) if taken else None

    def beat(self, **fields: Any) -> None:
        """Renew the lease and write `fields`, at most twice a second: later fields wait for a later beat.

        Raises LeaseLost.
        """
        self._waiting |= fields
        if time.monotonic() - self._renewed >= _SECONDS_BETWEEN_RENEWALS:
            self.write(import_lease_until=_lease_end())

    def write(self, **fields: Any) -> None:
        """Write `fields`, and what waits, to the row if this lease still holds it. Raises LeaseLost."""
        fields = {**self._waiting, **fields}
        held = Dataset.objects.filter(pk=self.dataset_id, state=Dataset.State.PRODUCING, import_lease_until=self.until)
        if not held.update(**fields):
            raise LeaseLost(f"the import of dataset {self.dataset_id} is no longer held until {self.until}")
        self.until = fields.get("import_lease_until", self.until)
        self._waiting = {}
        self._renewed = time.monotonic()

    def release(self) -> None:
        """Let any worker go on with the dataset. Raises LeaseLost."""
        self.write(import_lease_until=None)


def waiting() -> Any:
    """The datasets that an import worker may claim, oldest first."""
    is_free = Q(import_lease_until=None) | Q(import_lease_until__lt=timezone.now())
    return Dataset.objects.filter(is_free, state=Dataset.State.PRODUCING).order_by("created")


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
