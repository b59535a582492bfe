"""What the teams' files take on the disk. Walking them is slow, so a task of the queue of sweeps does it."""

import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ftcml.accounts.models import Team, User
from ftcml.celery import wake
from ftcml.console.models import StorageMeasurement, StorageUse
from ftcml.console.services import audit
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files import storage
from ftcml.core.lease import Lease, LeaseLost

log = logging.getLogger(__name__)

TASK = "ftcml.console.tasks.measure_storage"


@dataclass(frozen=True)
class Disk:
    """The disk of the data folder, in bytes. `keeps`: what must stay free for imports and trainings to begin."""

    total: int
    free: int
    keeps: int

    @classmethod
    def now(cls) -> "Disk":
        usage = shutil.disk_usage(settings.DATA_DIR)
        return cls(usage.total, usage.free, settings.DISK_RESERVE_BYTES)

    @property
    def is_nearly_full(self) -> bool:
        return self.free < self.keeps


@transaction.atomic
def measure_soon(operator: User) -> None:
    """Wake a worker of that queue, which measures when it is free."""
    StorageMeasurement.objects.update_or_create(pk=1, defaults={"asked": clock.now()})
    audit.record(operator, audit.Kind.MEASURE, "storage of all teams")
    transaction.on_commit(lambda: wake(TASK))


def measure() -> None:
    """Write one row for each team, unless another process is at it. May be repeated. Raises StorageAway."""
    lease = _begin()
    if lease is None:
        log.info("the storage is being measured already")
        return
    try:
        for team in Team.objects.iterator():
            _measure(team)
        lease.write(finished=clock.now())
    finally:
        with suppress(LeaseLost):  # it took so long that another process began
            lease.release()


def _measure(team: Team) -> None:
    StorageUse.objects.update_or_create(
        team=team,
        defaults={
            "dataset_bytes": storage.tree_size(storage.team_folder(team.pk, "datasets")),
            "job_bytes": storage.tree_size(storage.team_folder(team.pk, "jobs")),
            "measured": timezone.now(),
        },
    )


def _begin() -> Lease | None:
    """The right to measure; None while another process is at it."""
    row, _ = StorageMeasurement.objects.get_or_create(pk=1)
    if row.is_at_work:
        return None
    return leases.claim(StorageMeasurement.objects.all(), row, "busy_until", clock.now() + StorageMeasurement.AT_MOST)
