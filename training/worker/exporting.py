"""Makes the model file of a job that ended without one though it has a checkpoint."""

import logging
import threading
from contextlib import suppress
from pathlib import Path

from detector.contract import spec
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from training.models import TrainingJob
from training.worker import attempts, job_leases, outcomes, publishing
from training.worker.patience import is_outage, patiently
from training.worker.supervisor import UNTIMED_PHASE_SECONDS
from training.worker.trainer_log import TrainerLogKeeper
from training.worker.trainer_process import TrainerProcess
from training.worker.worker_clock import TURN_SECONDS, Clock

log = logging.getLogger(__name__)


def export(job: TrainingJob, trainer: TrainerProcess, shutdown: threading.Event, clock: Clock) -> None:
    """Have `trainer` export the best checkpoint of a job that `leases.claim_export` claimed.

    Where none was measured, or the best one's files are lost, it is the newest. A failure is counted, so that an export
    that never works is not tried for ever; a storage that is away for all is waited for.
    """
    with logs.about(job.team_id, job_id=job.pk):
        _export_or_count(job, trainer, shutdown, clock)


def _export_or_count(job: TrainingJob, trainer: TrainerProcess, shutdown: threading.Event, clock: Clock) -> None:
    try:
        _export(job, trainer, shutdown, clock)
    except LeaseLost:
        log.warning("job %s was deleted or taken away during its export", job.pk)
    except Exception as error:  # whatever goes wrong with one job, the worker must be able to take the next
        log.exception("job %s: the export failed", job.pk)
        with suppress(LeaseLost):
            outcomes.exported(job, was_tried_in_vain=not is_outage(error))
    finally:
        trainer.kill()


def _export(job: TrainingJob, trainer: TrainerProcess, shutdown: threading.Event, clock: Clock) -> None:
    # A trainer whose last step is the newest checkpoint's goes straight to the export.
    attempt = patiently(job, clock, lambda: attempts.prepare(job, until_step=job.steps_completed, clock=clock))
    try:
        trainer.train(attempt)
        _wait(job, trainer, shutdown, clock)
        patiently(job, clock, lambda: _keep(job, attempt, clock, was_shut_down=shutdown.is_set()))
    finally:
        trainer.kill()
        attempts.tidy(attempt)


def _wait(job: TrainingJob, trainer: TrainerProcess, shutdown: threading.Event, clock: Clock) -> None:
    until = clock.monotonic() + UNTIMED_PHASE_SECONDS
    log_keeper = TrainerLogKeeper(job, clock)
    while trainer.alive and clock.monotonic() < until and not shutdown.is_set():
        patiently(job, clock, lambda: job_leases.renew(job, clock.now()))
        log_keeper.keep()
        clock.sleep(TURN_SECONDS)
    log_keeper.finish()


def _keep(job: TrainingJob, attempt: Path, clock: Clock, was_shut_down: bool) -> None:
    # A trainer that made nothing must not cost the job the files that it still has.
    step = _exported_step(attempt)
    is_made = step > 0 and publishing.publish_models(job, attempt, step, clock)
    if not is_made and not was_shut_down:
        log.warning("job %s: the trainer exported nothing", job.pk)
    outcomes.exported(job, was_tried_in_vain=not is_made and not was_shut_down)


def _exported_step(attempt: Path) -> int:
    """The step of the checkpoint that the trainer says it exported, 0 where it exported none."""
    try:
        return spec.read(attempt / spec.RESULT, spec.Result).model_step
    except FileNotFoundError:
        return 0
