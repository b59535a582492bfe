"""Watches a trainer: its progress, its time, and whether it must end."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from detector.contract import attempt_files
from detector.contract.reports import Phase, Progress
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.states import JobState
from training.worker.trainer_process import TrainerProcess
from training.worker.worker_clock import Clock

# How long a phase may last that the maximum training time does not limit.
UNTIMED_PHASE_SECONDS = 900.0
# A large model on many evaluation frames takes longer, as it does between two steps.
MEASURING_SECONDS = 7200.0
# How long a trainer may go on after SIGTERM, by its phase: before its first step it has nothing to save.
GRACE_SECONDS: dict[Phase, float] = {
    "preparing": 5.0,
    "training": 60.0,
    "evaluating": 60.0,
    "measuring": MEASURING_SECONDS,
    "exporting": UNTIMED_PHASE_SECONDS,
}
TIMED_PHASES = ("training", "evaluating")
# The steps are over, and the model is being made; nothing is left that could be broken off to save time.
FINAL_PHASES = ("measuring", "exporting")


class Ending(Enum):
    """Why the supervisor ends the trainer."""

    STOP = auto()
    OUT_OF_TIME = auto()
    SHUTDOWN = auto()
    HANDED_OVER = auto()
    STUCK = auto()


@dataclass(frozen=True)
class Orders:
    """What a worker is told while it has a job: that it ends, or that it gives the job to another worker."""

    shutdown: threading.Event
    hand_over: threading.Event


class TrainerWatch:
    """Watches one attempt's trainer by its progress and the clock. `seconds`: in RUNNING, over all attempts."""

    def __init__(self, job: TrainingJob, trainer: TrainerProcess, orders: Orders, clock: Clock) -> None:
        self._job, self._trainer, self._orders, self._clock = job, trainer, orders, clock
        self.progress = Progress("preparing", job.steps_completed, 0.0)
        self.seconds = float(job.training_seconds)
        self.ending: Ending | None = None
        self._interrupted_at = 0.0
        self._turn_at = self._phase_since = clock.monotonic()

    def look(self, attempt: Path) -> None:
        """Read the progress, and count the time since the last look, with evaluation, if the job is RUNNING."""
        with suppress(FileNotFoundError):
            progress = attempt_files.read(attempt / attempt_files.PROGRESS, Progress)
            if progress.phase != self.progress.phase:
                self._phase_since = self._clock.monotonic()
            self.progress = progress
        now = self._clock.monotonic()
        if self._is_timed():
            self.seconds += now - self._turn_at
        self._turn_at = now

    def end_if_it_must(self) -> None:
        """Interrupt the trainer once if there is a reason, and kill it if it doesn't react."""
        if self.ending is None:
            self.ending = self._reason_to_end()
            if self.ending:
                self._interrupt()
        elif self._waited_long_enough():
            self._trainer.kill()

    @property
    def is_shut_down(self) -> bool:
        """Return whether the worker is shut down, so that a trainer without a result isn't to blame."""
        return self._orders.shutdown.is_set()

    def why_it_died(self) -> Reason:
        """Return the reason for a trainer that ended without a result."""
        if self.ending is Ending.STUCK:
            return Reason(Code.STUCK, {"minutes": round(self._longest() / 60)})
        return self._trainer.how_it_ended()

    def _longest(self) -> float:
        """Return the seconds that the present phase may last if no time limit counts."""
        return MEASURING_SECONDS if self.progress.phase == "measuring" else UNTIMED_PHASE_SECONDS

    def _is_timed(self) -> bool:
        return self._job.state == JobState.RUNNING and self.progress.phase in TIMED_PHASES

    def _reason_to_end(self) -> Ending | None:
        if self._job.state == JobState.STOPPING:
            return Ending.STOP
        if self._job.state == JobState.RUNNING and self.seconds >= self._job.max_seconds:
            return Ending.OUT_OF_TIME
        if self._orders.shutdown.is_set():
            return Ending.SHUTDOWN
        if self._orders.hand_over.is_set() and self.progress.phase not in FINAL_PHASES:
            return Ending.HANDED_OVER
        if not self._is_timed() and self._clock.monotonic() - self._phase_since > self._longest():
            return Ending.STUCK
        return None

    def _interrupt(self) -> None:
        self._interrupted_at = self._clock.monotonic()
        if self.ending is Ending.STUCK:
            self._trainer.kill()
        elif self.progress.phase not in FINAL_PHASES:  # it ends anyway
            self._trainer.interrupt()

    def _waited_long_enough(self) -> bool:
        phase = self.progress.phase
        if self.is_shut_down and phase not in TIMED_PHASES:
            return True  # nothing to save anymore; the next attempt can export as well
        since = self._interrupted_at if phase in TIMED_PHASES else max(self._interrupted_at, self._phase_since)
        return self._clock.monotonic() - since >= GRACE_SECONDS[phase]
