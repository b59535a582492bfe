"""Runs one trainer process for one claimed job: lease, progress, checkpoints, stop, time limit, and the end.

Everything that is true of the job is in its row; this loop only brings the row and the trainer together, about once a
second, and each turn of it can be repeated. A job that has ended, and was claimed for its model files, is supervised in
the same way: what its row says makes the difference, to the trainer's steps and in outcomes.py.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from detector.contract import attempt_files
from detector.contract.failure import Cause, is_full_disk
from detector.contract.reports import Result
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.services.jobs import LostRace, transition
from training.states import LEASED, TERMINAL, JobState
from training.worker import attempts, job_leases
from training.worker.patience import Done, is_outage, patiently
from training.worker.results import late_measurements, outcomes, publishing
from training.worker.results.live_losses import LiveLossKeeper
from training.worker.results.trainer_log import TrainerLogKeeper
from training.worker.trainer_process import TrainerProcess
from training.worker.trainer_watch import FINAL_PHASES, TIMED_PHASES, Ending, Orders, TrainerWatch
from training.worker.worker_clock import TURN_SECONDS, Clock

log = logging.getLogger(__name__)


class Supervisor:
    """Supervises one attempt at one job, whose lease this worker holds."""

    def __init__(
        self,
        job: TrainingJob,
        trainer: TrainerProcess,
        shutdown: threading.Event,
        clock: Clock,
        observe: Callable[[TrainingJob], None] = lambda job: None,
        hand_over: threading.Event | None = None,
    ) -> None:
        """`shutdown`, `hand_over`: set when the worker ends, or shall give its job to another one."""
        self._job, self._trainer, self._clock, self._observe = job, trainer, clock, observe
        self._owner = job.lease_owner
        # A trainer whose last step is the newest checkpoint's goes straight to the export.
        self._until_step = job.steps_completed if job.state in TERMINAL else job.last_step
        self._watched = TrainerWatch(job, trainer, Orders(shutdown, hand_over or threading.Event()), clock)
        self._log = TrainerLogKeeper(job, clock)
        self._losses = LiveLossKeeper(job, clock)

    def run(self) -> None:
        """Train or export until the trainer has ended, then settle the job."""
        with logs.about(self._job.team_id, job_id=self._job.pk):
            self._run()

    def _run(self) -> None:
        attempt = None
        try:
            attempt = self._patiently(lambda: attempts.prepare(self._job, self._until_step, self._clock))
            self._trainer.train(attempt)
            self._watch(attempt)
            self._settle(lambda: self._conclude(attempt))
        except LeaseLost:
            log.warning("job %s was deleted, or taken away from %s", self._job.pk, self._owner)
        except Exception as error:  # whatever goes wrong with one job, the worker must be able to take the next
            self._trainer.kill()
            with suppress(LeaseLost):
                self._settle(self._after(error))
        finally:
            self._trainer.kill()
            if attempt:
                attempts.tidy(attempt)
            self._observe(self._job)

    def _patiently(self, do: Callable[[], Done]) -> Done:
        return patiently(self._job, self._clock, do)

    # --- while the trainer works ------------------------------------------------------------------

    def _watch(self, attempt: Path) -> None:
        """Take turns until one has read everything after the trainer's end."""
        is_over = False
        while not is_over:
            was_alive = self._trainer.alive
            self._patiently(lambda: self._turn(attempt))
            is_over = not was_alive
            if not is_over:
                self._clock.sleep(TURN_SECONDS)

    def _turn(self, attempt: Path) -> None:
        attempts.check(attempt)
        self._watched.look(attempt)
        publishing.publish_new(self._job, attempt, self._clock)
        late_measurements.publish(self._job, attempt, self._clock)
        progress = self._watched.progress
        job_leases.renew(
            self._job,
            self._clock.now(),
            live_step=max(progress.step, self._job.steps_completed),
            live_steps_per_second=progress.steps_per_second,
            live_loss=progress.loss,
            live_phase=progress.phase,
            label_starts=self._job.label_starts or attempt_files.read_label_starts(attempt),
            training_seconds=min(int(self._watched.seconds), self._job.max_seconds),
        )
        self._log.keep()
        self._losses.keep(progress)
        with suppress(LostRace):  # the user pressed stop just now: the next turn reads it
            self._follow_the_trainer()
            self._watched.end_if_it_must()
            self._end_a_stop()
        self._observe(self._job)

    def _follow_the_trainer(self) -> None:
        if self._job.state == JobState.PREPARING and self._watched.progress.phase in TIMED_PHASES:
            transition(self._job, JobState.RUNNING, self._owner)
        if self._job.state == JobState.STOP_REQUESTED:
            transition(self._job, JobState.STOPPING, self._owner)

    def _end_a_stop(self) -> None:
        """End a stopped job once its last checkpoint is published, so that the person needn't wait for the files."""
        job, progress = self._job, self._watched.progress
        is_saved = job.has_checkpoint and job.steps_completed == progress.step < job.last_step
        if job.state == JobState.STOPPING and progress.phase in FINAL_PHASES and is_saved:
            outcomes.stopped_before_export(job, self._owner)

    # --- when it has ended ------------------------------------------------------------------------

    def _settle(self, conclude: Callable[[], None]) -> None:
        """Conclude from the row as it is, and once more if it was stopped in between. Raises LeaseLost."""
        self._log.finish()
        while True:
            job_leases.read_again(self._job)
            if self._job.state not in LEASED | TERMINAL:
                raise job_leases.of(self._job).lost()
            with suppress(LostRace):
                return self._patiently(conclude)

    def _conclude(self, attempt: Path) -> None:
        """Settle the job of a trainer that has ended, by the trainer's result."""
        job, by, ending = self._job, self._owner, self._watched.ending
        result = _result(attempt)
        is_made = self._publish_models(attempt, result) if result else False
        if job.state in TERMINAL:
            is_in_vain = not is_made and not self._watched.is_shut_down
            if is_in_vain:
                log.warning("job %s: the trainer exported nothing", job.pk)
            outcomes.exported(job, is_in_vain)
        elif result and result.outcome == "completed" and is_made:
            outcomes.succeeded(job, by)
        elif job.state in outcomes.BEING_STOPPED:
            outcomes.stopped(job, by)
        elif ending is Ending.OUT_OF_TIME:
            outcomes.out_of_time(job, by)
        elif result and result.outcome == "failed":
            outcomes.failed(job, by, _why_it_failed(result))
        elif ending is Ending.HANDED_OVER:
            outcomes.handed_over(job, by)
        elif ending is Ending.SHUTDOWN or (result and result.outcome == "interrupted"):
            outcomes.put_back(job, by, Reason(Code.SHUT_DOWN))
        else:
            outcomes.died(job, by, self._watched.why_it_died())

    def _publish_models(self, attempt: Path, result: Result) -> bool:
        """Publish what the trainer exported. Return whether there is anything."""
        is_made = publishing.publish_models(self._job, attempt, result.model_step, self._clock)
        started_from = result.started_from or self._job.started_from
        job_leases.renew(self._job, self._clock.now(), started_from=started_from)
        return is_made

    def _after(self, error: Exception) -> Callable[[], None]:
        """Settle the job after an error in the supervisor itself."""
        job, by = self._job, self._owner
        if isinstance(error, attempts.FilesLost):
            log.error("job %s: %s", job.pk, error)
            return partial(outcomes.files_lost, job, by, error.reason)
        log.error("job %s: the supervisor failed", job.pk, exc_info=error)
        if is_outage(error):
            return partial(outcomes.put_back, job, by, Reason(Code.STORAGE_IS_AWAY))
        return partial(outcomes.died, job, by, _what_broke(error))


def _result(attempt: Path) -> Result | None:
    try:
        return attempt_files.read(attempt / attempt_files.RESULT, Result)
    except FileNotFoundError:
        return None


def _why_it_failed(result: Result) -> Reason:
    """Return the reason that the trainer gave. An earlier version gives a sentence, which is kept as it is."""
    return Reason(result.cause, dict(result.params)) if result.cause else Reason(Code.OTHER, {"text": result.error})


def _what_broke(error: Exception) -> Reason:
    """Return the reason for an error in the supervisor itself."""
    if is_full_disk(error):
        return Reason(Cause.DISK_IS_FULL)
    if isinstance(error, StorageAway):
        return Reason(Code.STORAGE_IS_AWAY)
    return Reason(Code.SERVER_BROKE, {"error": type(error).__name__})
