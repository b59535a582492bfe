"""The periodic sweep: takes back the jobs of workers that are gone, reports rows that contradict themselves, queues
what is in TRY_AGAIN_LATER, and wakes workers for jobs that wait."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings

from training.integrity import integrity_check
from training.models import LastSweep, TrainingJob
from training.reasons import Code, Reason
from training.services import queue, registry
from training.services.jobs import LostRace, retry_all_that_wait, wake_training_worker
from training.states import LEASED
from training.worker import job_leases
from training.worker.results import outcomes
from training.worker.worker_clock import Clock

SWEEP = "sweep"
# Within this time a worker that lives renews its lease, which it does each second, unless it is storing a checkpoint.
RENEWAL_SECONDS = 15.0


def sweep(clock: Clock | None = None) -> None:
    """May be repeated and run twice at once: every change is a compare-and-swap.

    1. Find the jobs whose lease has run out. Where the time has jumped, workers that live get a moment first.
    2. Treat each as a death, only if its lease has still run out then.
    3. Put aside each job whose row contradicts itself, for a person to look at.
    4. Queue what could not be queued before, now that there may be room.
    5. Wake a training worker while there is anything for it to do, unless all are busy: those look by themselves.
    6. Leave the time, by which others see that sweeps come.
    """
    clock = clock or Clock()
    if _time_jumped(clock.now()):
        clock.sleep(RENEWAL_SECONDS)
    _take_back(clock.now())
    for job, how in integrity_check.contradictory():
        with suppress(LostRace):
            outcomes.unspecified(job, SWEEP, how)
    retry_all_that_wait(by=SWEEP)
    if queue.something_waits() and not _all_workers_are_busy():
        wake_training_worker()
    LastSweep.objects.update_or_create(pk=1, defaults={"ended": clock.now()})


def _time_jumped(now: datetime) -> bool:
    """Return whether the clock was set or the machine slept, so that no worker could renew its lease."""
    swept = last_swept()
    usual = timedelta(seconds=max(settings.LEASE_SECONDS, 3 * settings.SWEEP_SECONDS))
    return swept is not None and not -usual < now - swept < usual


def _take_back(now: datetime) -> None:
    gone = job_leases.run_out(now)
    for job in TrainingJob.objects.filter(gone, state__in=LEASED):
        with suppress(LostRace):
            outcomes.died(job, SWEEP, Reason(Code.WORKER_IS_GONE), only_if=gone)


def last_swept() -> datetime | None:
    """Return when a sweep last ended."""
    return LastSweep.objects.values_list("ended", flat=True).first()


def _all_workers_are_busy() -> bool:
    return registry.taking_jobs().exists() and not queue.idle_workers()
