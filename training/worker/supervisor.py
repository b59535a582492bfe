"""Runs one trainer process for one claimed job: lease, progress, checkpoints, stop, time limit, and the end.

Everything that is true of the job is in its row; this loop only brings the row and the trainer together, about once a
second, and each turn of it can be repeated.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from pathlib import Path

from detector.contract import spec
from detector.contract.failure import Cause, is_full_disk
from detector.contract.spec import Progress, Result
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.services.jobs import LostRace, transition
from training.states import LEASED, JobState
from training.worker import attempts, job_leases, outcomes, publishing
from training.worker.patience import Done, is_outage, patiently
from training.worker.trainer_log import TrainerLogKeeper
from training.worker.trainer_process import TrainerProcess
from training.worker.worker_clock import TURN_SECONDS, Clock

log = logging.getLogger(__name__)

# How long a phase may last that the maximum training time does not limit.
UNTIMED_PHASE_SECONDS = 900.0
# How long a trainer may go on after SIGTERM, by its phase: before its first step it has nothing to save.
GRACE_SECONDS = {"preparing": 5.0, "training": 60.0, "evaluating": 60.0, "exporting": UNTIMED_PHASE_SECONDS}
TIMED_PHASES = ("training", "evaluating")


class Ending(Enum):
    """Why the supervisor ends the trainer."""

    STOP = auto()
    OUT_OF_TIME = auto()
    SHUTDOWN = auto()
    STUCK = auto()


class Supervisor:
    """One attempt at one job that this worker holds the lease of."""

    def __init__(
        self,
        job: TrainingJob,
        trainer: TrainerProcess,
        shutdown: threading.Event,
        clock: Clock,
        observe: Callable[[TrainingJob], None] = lambda job: None,
    ) -> None:
        self._job, self._trainer, self._shutdown, self._clock, self._observe = job, trainer, shutdown, clock, observe
        self._owner = job.lease_owner
        self._ending: Ending | None = None
        self._interrupted_at = 0.0
        self._progress = Progress("preparing", job.steps_completed, 0.0)
        self._turn_at = self._phase_since = clock.monotonic()
        self._seconds = float(job.training_seconds)
        self._log = TrainerLogKeeper(job, clock)

    def run(self) -> None:
        """Train until the trainer has ended, and settle what becomes of the job."""
        with logs.about(self._job.team_id, job_id=self._job.pk):
            self._run()

    def _run(self) -> None:
        attempt = None
        try:
            attempt = self._patiently(
                lambda: attempts.prepare(self._job, until_step=self._job.last_step, clock=self._clock)
            )
            self._trainer.train(attempt)
            self._watch(attempt)
            self._settle(lambda: self._conclude(attempt))
        except LeaseLost:
            log.warning("job %s was taken away from %s", self._job.pk, self._owner)
        except attempts.FilesLost as lost:
            self._trainer.kill()
            why = lost.reason
            with suppress(LeaseLost):
                self._settle(lambda: outcomes.files_lost(self._job, self._owner, why))
        except Exception as error:  # whatever goes wrong with one job, the worker must be able to take the next
            log.exception("job %s: the supervisor failed", self._job.pk)
            conclude = self._conclude_outage if is_outage(error) else partial(self._conclude_death, _what_broke(error))
            self._trainer.kill()
            with suppress(LeaseLost):
                self._settle(conclude)
        finally:
            self._trainer.kill()
            if attempt:
                attempts.tidy(attempt)
            self._observe(self._job)

    # --- while the trainer works ------------------------------------------------------------------

    def _watch(self, attempt: Path) -> None:
        """Take turns until one was taken after the trainer's end, which read all that it wrote."""
        is_over = False
        while not is_over:
            was_alive = self._trainer.alive
            self._patiently(lambda: self._turn(attempt))
            is_over = not was_alive
            if not is_over:
                self._clock.sleep(TURN_SECONDS)

    def _patiently(self, do: Callable[[], Done]) -> Done:
        return patiently(self._job, self._clock, do)

    def _turn(self, attempt: Path) -> None:
        attempts.check(attempt)
        self._read_progress(attempt)
        self._count_time()
        publishing.publish_new(self._job, attempt, self._clock)
        job_leases.renew(
            self._job,
            self._clock.now(),
            live_step=max(self._progress.step, self._job.steps_completed),
            live_steps_per_second=self._progress.steps_per_second,
            training_seconds=min(int(self._seconds), self._job.max_seconds),
        )
        self._log.keep()
        with suppress(LostRace):  # the user pressed stop just now: the next turn reads it
            self._follow_the_trainer()
            self._end_the_trainer()
            self._end_a_stop()
        self._observe(self._job)

    def _read_progress(self, attempt: Path) -> None:
        with suppress(FileNotFoundError):
            progress = spec.read(attempt / spec.PROGRESS, Progress)
            if progress.phase != self._progress.phase:
                self._phase_since = self._clock.monotonic()
            self._progress = progress

    def _count_time(self) -> None:
        """Training Time counts in RUNNING only, evaluation included."""
        now = self._clock.monotonic()
        if self._job.state == JobState.RUNNING and self._progress.phase in TIMED_PHASES:
            self._seconds += now - self._turn_at
        self._turn_at = now

    def _follow_the_trainer(self) -> None:
        if self._job.state == JobState.PREPARING and self._progress.phase in TIMED_PHASES:
            transition(self._job, JobState.RUNNING, self._owner)

    def _end_the_trainer(self) -> None:
        """Interrupt the trainer once when there is a reason, and kill it when it does not react."""
        if self._job.state == JobState.STOP_REQUESTED:
            transition(self._job, JobState.STOPPING, self._owner)
        if self._ending is None:
            self._ending = self._reason_to_end()
            if self._ending:
                self._interrupt()
        elif self._waited_long_enough():
            self._trainer.kill()

    def _end_a_stop(self) -> None:
        """The user need not wait for the files: STOPPED once the checkpoint of the last step is published."""
        is_saved = self._job.has_checkpoint and self._job.steps_completed == self._progress.step < self._job.last_step
        if self._job.state == JobState.STOPPING and self._progress.phase == "exporting" and is_saved:
            outcomes.stopped_before_export(self._job, self._owner)

    def _reason_to_end(self) -> Ending | None:
        if self._job.state == JobState.STOPPING:
            return Ending.STOP
        if self._job.state == JobState.RUNNING and self._seconds >= self._job.max_seconds:
            return Ending.OUT_OF_TIME
        if self._shutdown.is_set():
            return Ending.SHUTDOWN
        untimed = self._progress.phase not in TIMED_PHASES
        if untimed and self._clock.monotonic() - self._phase_since > UNTIMED_PHASE_SECONDS:
            return Ending.STUCK
        return None

    def _interrupt(self) -> None:
        self._interrupted_at = self._clock.monotonic()
        if self._ending is Ending.STUCK:
            self._trainer.kill()
        elif self._progress.phase != "exporting":  # an export is the last thing it does anyway
            self._trainer.interrupt()

    def _waited_long_enough(self) -> bool:
        phase = self._progress.phase
        if self._shutdown.is_set() and phase not in TIMED_PHASES:
            return True  # nothing to save any more; whoever goes on with the job can export as well
        return self._clock.monotonic() - self._interrupted_at >= GRACE_SECONDS[phase]

    # --- when it has ended ------------------------------------------------------------------------

    def _settle(self, conclude: Callable[[], None]) -> None:
        """Conclude from the row as it is; once more when the user pressed stop in between. Raises LeaseLost."""
        self._log.finish()
        while True:
            job_leases.read_again(self._job)
            if self._job.state not in (*LEASED, JobState.STOPPED):
                raise LeaseLost(str(self._job.pk))
            with suppress(LostRace):
                return conclude()

    def _conclude(self, attempt: Path) -> None:
        result = self._result(attempt)
        if result:
            self._patiently(lambda: publishing.publish_models(self._job, attempt, result.model_step, self._clock))
            started_from = result.started_from or self._job.started_from
            job_leases.renew(self._job, self._clock.now(), started_from=started_from)
        if self._job.state == JobState.STOPPED:
            outcomes.exported(self._job, was_tried_in_vain=not self._job.has_model and not self._shutdown.is_set())
        elif result and result.outcome == "completed" and self._job.has_model:
            outcomes.succeeded(self._job, self._owner)
        elif self._job.state in outcomes.BEING_STOPPED:
            outcomes.stopped(self._job, self._owner)
        elif self._ending is Ending.OUT_OF_TIME:
            outcomes.out_of_time(self._job, self._owner)
        elif result and result.outcome == "failed":
            outcomes.failed(self._job, self._owner, _why_it_failed(result))
        elif self._ending is Ending.SHUTDOWN or (result and result.outcome == "interrupted"):
            outcomes.requeue(self._job, self._owner, Reason(Code.SHUT_DOWN))
        else:
            outcomes.died(self._job, self._owner, self._why_it_died())

    def _conclude_outage(self) -> None:
        """Back to the queue, without a death: it is not the job that fails."""
        if self._job.state == JobState.STOPPED:
            outcomes.exported(self._job, was_tried_in_vain=False)
        elif self._job.state in outcomes.BEING_STOPPED:
            outcomes.stopped(self._job, self._owner)
        else:
            outcomes.requeue(self._job, self._owner, Reason(Code.STORAGE_IS_AWAY))

    def _conclude_death(self, why: Reason) -> None:
        if self._job.state == JobState.STOPPED:
            outcomes.exported(self._job, was_tried_in_vain=True)
        else:
            outcomes.died(self._job, self._owner, why)

    def _result(self, attempt: Path) -> Result | None:
        try:
            return spec.read(attempt / spec.RESULT, Result)
        except FileNotFoundError:
            return None

    def _why_it_died(self) -> Reason:
        if self._ending is Ending.STUCK:
            return Reason(Code.STUCK, {"minutes": round(UNTIMED_PHASE_SECONDS / 60)})
        return self._trainer.how_it_ended()


def _why_it_failed(result: Result) -> Reason:
    """What the trainer says of itself. One of an earlier version says a sentence, which is kept as it is."""
    return Reason(result.cause, dict(result.params)) if result.cause else Reason(Code.OTHER, {"text": result.error})


def _what_broke(error: Exception) -> Reason:
    """Of an error of the supervisor's own."""
    if is_full_disk(error):
        return Reason(Cause.DISK_IS_FULL)
    if isinstance(error, StorageAway):
        return Reason(Code.STORAGE_IS_AWAY)
    return Reason(Code.SERVER_BROKE, {"error": type(error).__name__})
