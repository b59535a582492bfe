"""Leases of jobs: the job's row says which worker trains it, and until when the lease must be renewed.

A claim gives the job a new lease number, which with the worker's name marks the holder (ftcml/core/lease.py).
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from datasets.split import Split
from detector.contract import attempt_files, catalog
from detector.contract.catalog import Accelerator
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files import storage
from ftcml.core.lease import Heartbeat, Lease, LeaseLost, lease_end
from ftcml.installation import quarantine
from training.models import TrainingJob
from training.services.jobs import LostRace, transition
from training.services.queue import queue, waiting_for_export
from training.services.starting import checks
from training.states import JobState
from training.worker.worker_clock import Clock

_SECONDS_BETWEEN_HEARTBEATS = 5.0


def of(job: TrainingJob) -> Lease:
    """Return the lease that `job` was claimed with."""
    marks = {"lease_number": job.lease_number, "lease_owner": job.lease_owner}
    return Lease(TrainingJob.objects.all(), job.pk, "lease_until", marks)


def held(job: TrainingJob) -> QuerySet[TrainingJob]:
    """Return the job's row as long as the lease that `job` was claimed with holds it."""
    return of(job).held()


def run_out(now: datetime) -> Q:
    """Return the jobs whose worker has not renewed its lease in time."""
    return leases.run_out("lease_until", now, timedelta(seconds=settings.LEASE_SECONDS))


def renew(job: TrainingJob, now: datetime, **fields: Any) -> None:
    """Prolong the lease, write `fields`, and read the job again. Raises LeaseLost."""
    of(job).renew(lease_end(now), **fields)
    read_again(job)


def heartbeat(job: TrainingJob, clock: Clock) -> Heartbeat:
    """Return a function that renews the lease during long work."""
    return Heartbeat(lambda: renew(job, clock.now()), _SECONDS_BETWEEN_HEARTBEATS, clock.monotonic)


def read_again(job: TrainingJob) -> None:
    """Read the row again while the lease is held. Raises LeaseLost.

    A machine that slept since it last wrote must not take another worker's lease for its own."""
    try:
        job.refresh_from_db(from_queryset=held(job))
    except TrainingJob.DoesNotExist:
        raise of(job).lost() from None


def claim(job: TrainingJob, owner: str, accelerator: Accelerator, now: datetime) -> None:
    """Take a QUEUED job for `owner`. Raises LostRace when another worker was faster.

    A job without a checkpoint takes the batch size of the accelerator that it will run on. A job that resumes keeps
    its batch size.
    """
    fields: dict[str, Any] = {"accelerator": accelerator}
    if not job.has_checkpoint:
        model = catalog.starting_model(job.starting_model)
        frames = checks.frames(list(job.datasets.all()), Split.TRAINING)
        fields["batch_size"] = catalog.batch_size(model, accelerator, frames)
    transition(
        job,
        JobState.PREPARING,
        by=owner,
        lease_number=_next_number(job),
        lease_owner=owner,
        lease_until=lease_end(now),
        live_step=job.steps_completed,
        **fields,
    )


def _next_number(job: TrainingJob) -> int:
    """Return the number of the job's next lease, after which its files are named.

    If this database is an older copy, stored attempts may have higher numbers. They aren't overwritten, and wait in
    quarantine, since the newest database may come back. Raises StorageAway.
    """
    newest = max(map(attempt_files.attempt_number, storage.folders(job.prefix)), default=0)
    if newest <= job.lease_number:
        return job.lease_number + 1
    numbers = range(job.lease_number + 1, newest + 1)
    quarantine.note(
        "jobs", [f"{job.prefix}/{attempt_files.attempt_name(number)}" for number in numbers], storage.tree_size
    )
    return newest + 1


def claim_next(owner: str, accelerator: Accelerator) -> TrainingJob | None:
    """Claim the next QUEUED job: the oldest of the team that has trained least lately. None if none waits."""
    while job := queue().first():
        try:
            claim(job, owner, accelerator, clock.now())
        except LostRace:
            continue
        return job
    return None


def claim_export(owner: str) -> TrainingJob | None:
    """Claim the next ended job that lacks model files; None if there is none. Its state doesn't change."""
    now = clock.now()
    while job := waiting_for_export(now).first():
        number = _next_number(job)
        marks = {"lease_number": number, "lease_owner": owner}
        if leases.claim(TrainingJob.objects.all(), job, "lease_until", lease_end(now), marks):
            job.lease_number, job.lease_owner = number, owner
            with suppress(LeaseLost):
                read_again(job)
                return job
    return None


def give_back(job: TrainingJob, **fields: Any) -> None:
    """End the lease of an export and write `fields`. Raises LeaseLost."""
    of(job).release(lease_owner="", live_loss=None, live_phase="", **fields)
