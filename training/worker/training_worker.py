"""A training worker: one spare trainer that waits, one job at a time, and a sign of life.

The Celery worker that consumes the queue `training` runs one of these; so does `manage.py train` where there is none.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from detector.contract import spec
from ftcml.core.files.storage import StorageAway
from ftcml.installation import identity
from training.messages import operator_words
from training.models import Drain, TrainingJob
from training.services import queue, registry
from training.services.jobs import wake_training_worker
from training.worker import job_leases, own_tidying
from training.worker.speed_trial import SpeedTrial
from training.worker.supervisor import Supervisor
from training.worker.trainer_process import COMMAND, Ready, TrainerProcess
from training.worker.worker_clock import TURN_SECONDS, Clock

log = logging.getLogger(__name__)

QUEUE = "training"
# A cold machine needs half a minute to import TensorFlow, one that emulates another processor some minutes.
READY_SECONDS = 900.0
_SECONDS_TO_FIRST_TIDYING, _SECONDS_BETWEEN_TIDYINGS = 60.0, 3600.0


class TrainerDoesNotStart(Exception):
    """No trainer can be started for a job."""


class Worker:
    def __init__(self, name: str, clock: Clock | None = None, command: Sequence[str] | None = None) -> None:
        self._name, self._clock, self._command = name, clock or Clock(), command or COMMAND
        self._owner = registry.owner_name(name)
        self._shutdown, self._hand_over = threading.Event(), threading.Event()
        self._spare: TrainerProcess | None = None
        self._equipment: Ready | None = None
        self._speed_trial = SpeedTrial(name)

    def warm_up(self) -> None:
        """Start a spare trainer. Call it from a thread that lives as long as the worker."""
        if self._is_shut_down or (self._spare and self._spare.alive):
            return
        try:
            self._spare = TrainerProcess(self._command)
        except OSError:  # a full disk: the next look for work tries again
            log.exception("no trainer can be started")
            self._end_spare()

    def work(self) -> None:
        """Train and export until no job waits or the worker is shut down."""
        while not self._is_shut_down and self._do_one():
            pass

    @property
    def _is_shut_down(self) -> bool:
        return self._shutdown.is_set()

    def _do_one(self) -> bool:
        """Do one waiting job. Return whether there was one.

        A worker without a trainer, or without the files of its database, claims nothing: each job would fail here. The
        next trainer is started when the job has ended, so that the two never share the processor.
        """
        if registry.drain_of(self._name):
            self._pass_on()
            return False
        try:
            trainer, equipment = self._ready_trainer()
        except TrainerDoesNotStart as error:
            if not self._is_shut_down:
                log.error("no job is taken: %s", error)
            return False
        if identity.work_must_wait():
            return False
        try:
            return self._do_next(trainer, equipment)
        except StorageAway as away:  # it went away since, and nothing was claimed
            log.warning("no job is taken: %s", away)
            return False

    def _pass_on(self) -> None:
        """Send the message again that came to this worker, which is drained, while another one waits for it."""
        if queue.something_waits() and queue.idle_workers():
            self._clock.sleep(TURN_SECONDS)
            wake_training_worker()

    def _do_next(self, trainer: TrainerProcess, equipment: Ready) -> bool:
        job = job_leases.claim_export(self._owner) or job_leases.claim_next(self._owner, equipment.accelerator)
        if job is None:
            return False
        self._spare = None  # it belongs to the job now
        self._speed_trial.call_off()
        Supervisor(job, trainer, self._shutdown, self._clock, hand_over=self._hand_over).run()
        return True

    def work_on(self, job: TrainingJob, observe: Callable[[TrainingJob], None]) -> None:
        """Train one QUEUED job.

        Raises LostRace if another worker holds its lease, TrainerDoesNotStart, WrongStorage, or StorageAway."""
        trainer, equipment = self._ready_trainer()
        identity.check()
        job_leases.claim(job, self._owner, equipment.accelerator, self._clock.now())
        self._spare = None
        Supervisor(job, trainer, self._shutdown, self._clock, observe).run()

    def _ready_trainer(self) -> tuple[TrainerProcess, Ready]:
        self.warm_up()
        trainer = self._spare
        if trainer is None or not trainer.wait_until_ready(READY_SECONDS) or trainer.ready is None:
            self._end_spare()
            raise TrainerDoesNotStart(operator_words.trainer_does_not_start(TrainerProcess.log_path()))
        if trainer.ready.format != spec.FORMAT:
            self._end_spare()
            raise TrainerDoesNotStart(operator_words.UPGRADED)
        self._equipment = trainer.ready
        return trainer, trainer.ready

    def keep_tidy(self) -> None:
        """Remove every hour what this machine needs no longer, until the worker is shut down."""
        pause = _SECONDS_TO_FIRST_TIDYING
        while not self._shutdown.wait(pause):
            pause = _SECONDS_BETWEEN_TIDYINGS
            try:
                own_tidying.tidy_this_machine()
            except (DatabaseError, OSError):
                log.warning("this machine could not be tidied", exc_info=True)
            connection.close()

    def measure_speed(self) -> None:
        """Measure how fast this machine trains, if that isn't known, once the spare trainer is ready."""
        spare = self._spare
        if spare and spare.wait_until_ready(READY_SECONDS):
            self._speed_trial.run()
            connection.close()

    def keep_reporting(self) -> None:
        """Say every few seconds that this worker lives and what it trains on, until it is shut down. Hear meanwhile
        whether it shall hand its job over."""
        pause, report = 0.0, self._report_starting
        while not self._shutdown.wait(pause):
            try:
                pause, report = report(), self._report
            except DatabaseError:
                log.warning("the worker could not report that it lives", exc_info=True)
                connection.close()
        registry.report_gone(self._name)
        connection.close()

    def _report_starting(self) -> float:
        """Report that the first trainer starts. Return the seconds until the next report, as `_report` does."""
        registry.report_starting(self._name)
        return 1.0

    def _report(self) -> float:
        """Report, if a trainer has been ready, and return the seconds until the next report."""
        equipment = self._equipment or (self._spare.ready if self._spare else None)
        if equipment is None:
            return 1.0
        drain = registry.report(self._name, equipment.accelerator, equipment.devices, identity.why_no_work())
        if drain is Drain.HAND_OVER:
            self._hand_over.set()
        else:
            self._hand_over.clear()
        return float(settings.HEARTBEAT_SECONDS)

    def shut_down(self) -> None:
        """Stop the running job with a checkpoint, queue it again, and end the spare trainer."""
        self._shutdown.set()
        self._speed_trial.call_off()
        self._end_spare()

    def _end_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare:
            spare.kill()


# The one of this process, where it is a Celery worker for training.
_of_this_process: Worker | None = None


def work() -> None:
    """Do the waiting jobs, in the training worker of this process."""
    if _of_this_process is None:
        raise RuntimeError(f"This Celery worker does not consume the queue {QUEUE!r}, so it trains nothing.")
    _of_this_process.work()


@worker_ready.connect
def _begin(sender: Any, **kwargs: Any) -> None:
    global _of_this_process
    if QUEUE not in sender.app.amqp.queues.consume_from:
        return
    _of_this_process = Worker(sender.hostname)
    _of_this_process.warm_up()
    threading.Thread(target=_of_this_process.keep_reporting, daemon=True, name="sign-of-life").start()
    threading.Thread(target=_of_this_process.keep_tidy, daemon=True, name="tidying").start()
    if settings.MEASURE_SPEED:
        threading.Thread(target=_of_this_process.measure_speed, daemon=True, name="speed").start()
    wake_training_worker()  # for jobs that have waited for this worker


@worker_shutting_down.connect
def _end(**kwargs: Any) -> None:
    if _of_this_process:
        _of_this_process.shut_down()
