"""What the teams' files take on the disk. Walking them is slow, so a task of the queue of sweeps does it."""

import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from ftcml.accounts.models import Team, User
from ftcml.accounts.services import quota
from ftcml.celery import wake
from ftcml.console.models import StorageMeasurement, StorageUse
from ftcml.console.services import audit
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files import storage
from ftcml.core.lease import Lease, LeaseLost
from training.trash import emptying, team_trash
from videos.models import Upload

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
            lease.renew(clock.now() + StorageMeasurement.AT_MOST)
            _measure(team)
        lease.write(finished=clock.now())
    except LeaseLost as loss:  # one team took so long that another process began
        log.warning("%s", loss)
    finally:
        with suppress(LeaseLost):
            lease.release()


def measure_full_teams() -> None:
    """Measure the teams that were refused something for want of room. May be repeated. Raises StorageAway."""
    for row in quota.to_measure():
        _measure(row.team)
        quota.note_answered(row.team, row.measure_asked)


def _measure(team: Team) -> None:
    counted_before = quota.counted(team)
    in_trash = dict.fromkeys(team_trash.FIELDS, 0)
    for item in team_trash.items(team):
        in_trash[item.kind] += storage.tree_size(item.row.prefix)
    videos = storage.tree_size(storage.team_folder(team.pk, "videos"))
    datasets = storage.tree_size(storage.team_folder(team.pk, "datasets"))
    jobs = storage.tree_size(storage.team_folder(team.pk, "jobs"))
    StorageUse.objects.update_or_create(
        team=team,
        defaults={
            # What is being removed meanwhile may be in the first sum alone.
            "video_bytes": max(0, videos - in_trash["video"]),
            "dataset_bytes": max(0, datasets - in_trash["dataset"]),
            "job_bytes": max(0, jobs - in_trash["model"]),
            "trash_bytes": sum(in_trash.values()),
            "measured": timezone.now(),
        },
    )
    quota.note_measured(team, videos + datasets + jobs + _on_the_way(team), counted_before)


def _on_the_way(team: Team) -> int:
    """Return the bytes of uploads that were taken in and aren't stored yet."""
    return Upload.objects.for_team(team).on_the_way().aggregate(bytes=Sum("size", default=0))["bytes"]


def empty_trash(operator: User) -> int:
    """Delete for good what is in the trash of all teams, and return how many things that were.

    Each in a transaction of its own, so that no team's work waits for all of them.
    """
    count = emptying.empty(str(operator))
    audit.record(operator, audit.Kind.EMPTY_TRASH, "trash of all teams", f"{count} items")
    return count


def _begin() -> Lease | None:
    """The right to measure; None while another process is at it."""
    row, _ = StorageMeasurement.objects.get_or_create(pk=1)
    if row.is_at_work:
        return None
    return leases.claim(StorageMeasurement.objects.all(), row, "busy_until", clock.now() + StorageMeasurement.AT_MOST)
