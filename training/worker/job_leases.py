"""Leases: which worker works on which job, and until when it must say so again.

A worker claims a job by a conditional update, which gives it a new lease number. Everything it writes afterwards has
that number in its filter, so a worker that was given up for dead changes nothing any more.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Q, QuerySet

from datasets.split import Split
from detector.contract import catalog, spec
from detector.contract.catalog import Accelerator
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import quarantine
from training.models import TrainingJob
from training.services import checks
from training.services.jobs import LostRace, transition
from training.services.queue import in_force, queue, waiting_for_export
from training.states import JobState
from training.worker.worker_clock import Clock

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_HEARTBEATS = 5.0


class LeaseLost(Exception):
    """Another worker, or the sweep, has taken the job away."""


def held(job: TrainingJob) -> QuerySet[TrainingJob]:
    """The job's row as long as the lease that `job` was claimed with is in force."""
    return TrainingJob.objects.filter(pk=job.pk, lease_number=job.lease_number, lease_owner=job.lease_owner)


def lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def run_out(now: datetime) -> Q:
    return Q(lease_until__isnull=False) & ~in_force(now)


def renew(job: TrainingJob, now: datetime, **fields: Any) -> None:
    """Prolong the lease, write `fields`, and read the job again. Raises LeaseLost."""
    if not job.lease_owner or not held(job).update(lease_until=lease_end(now), **fields):
        raise LeaseLost(str(job.pk))
    read_again(job)


class Heartbeat:
    """Renews the lease of a job while its worker is long at one thing, such as storing a large file.

    Call it as often as you like. Raises LeaseLost.
    """

    def __init__(self, job: TrainingJob, clock: Clock) -> None:
        self._job, self._clock, self._beaten = job, clock, clock.monotonic()

    def __call__(self) -> None:
        if self._clock.monotonic() - self._beaten < _SECONDS_BETWEEN_HEARTBEATS:
            return
        self._beaten = self._clock.monotonic()
        try:
            renew(self._job, self._clock.now())
        except OperationalError:  # the lease lasts for many more
            log.warning("job %s: its lease could not be renewed; the next heartbeat tries again", self._job.pk)
            connection.close()


def read_again(job: TrainingJob) -> None:
    """Read the row while it is held: a machine that slept since it last wrote must not take another's lease for its
    own. Raises LeaseLost."""
    try:
        job.refresh_from_db(from_queryset=held(job))
    except TrainingJob.DoesNotExist:
        raise LeaseLost(str(job.pk)) from None


def claim(job: TrainingJob, owner: str, accelerator: Accelerator, now: datetime) -> None:
    """Take a QUEUED job for `owner`. Raises LostRace when another worker was faster.

    A job without a checkpoint takes the batch size of the accelerator it will really run on; a job that goes on
    keeps the one it began with.
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
    """The number of the job's next lease, by which its files are called.

    Stored attempts of higher numbers were made since this database was copied, if it is an older copy. They are not
    written over, and wait in quarantine, for the newest database may come back. Raises StorageAway.
    """
    newest = max(map(spec.attempt_number, storage.folders(job.prefix)), default=0)
    if newest <= job.lease_number:
        return job.lease_number + 1
    numbers = range(job.lease_number + 1, newest + 1)
    quarantine.note("jobs", [f"{job.prefix}/{spec.attempt_name(number)}" for number in numbers], storage.tree_size)
    return newest + 1


def claim_next(owner: str, accelerator: Accelerator) -> TrainingJob | None:
    """Take the next QUEUED job: of the team that trained least lately its oldest; None when none waits."""
    while job := queue().first():
        try:
            claim(job, owner, accelerator, clock.now())
        except LostRace:
            continue
        return job
    return None


def claim_export(owner: str) -> TrainingJob | None:
    """Take the next ended job that lacks model files; None when there is none. Its state stays as it is."""
    now = clock.now()
    while job := waiting_for_export(now).first():
        number = _next_number(job)
        taken = TrainingJob.objects.filter(pk=job.pk, lease_number=job.lease_number).update(
            lease_number=number, lease_owner=owner, lease_until=lease_end(now)
        )
        if taken:
            job.lease_number, job.lease_owner = number, owner
            with suppress(LeaseLost):
                read_again(job)
                return job
    return None


def give_back(job: TrainingJob, **fields: Any) -> None:
    """End the lease of an export and write `fields`. Raises LeaseLost."""
    if not held(job).update(lease_owner="", lease_until=None, **fields):
        raise LeaseLost(str(job.pk))
