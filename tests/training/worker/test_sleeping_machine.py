"""The lid of a laptop is closed while it trains: the clock of the day goes on, the machine's own stands still."""

import threading
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from tests.training.scripted import ScriptedClock, ScriptedTrainer, completes
from training.integrity import sweeping
from training.models import TrainingJob
from training.states import JobState
from training.worker import job_leases
from training.worker.supervisor import Supervisor


class LaptopClock(ScriptedClock):
    """Its machine sleeps for eight hours at the turn that is given, and `at_waking` happens first after that."""

    def __init__(self, trainer: ScriptedTrainer, turn: int, at_waking: Callable[[], None] = lambda: None) -> None:
        super().__init__(trainer)
        self._turns_left, self._at_waking = turn, at_waking

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._turns_left -= 1
        if self._turns_left == 0:
            self._began += timedelta(hours=8)
            TrainingJob.objects.update(lease_until=timezone.now() - timedelta(hours=7))
            self._at_waking()


def closed_while_training(job: TrainingJob, at_waking: Callable[[], None] = lambda: None) -> ScriptedTrainer:
    trainer = ScriptedTrainer(completes)
    clock = LaptopClock(trainer, turn=3, at_waking=at_waking)
    job_leases.claim(job, "worker-1", "cpu", clock.now())
    Supervisor(job, trainer, threading.Event(), clock).run()
    job.refresh_from_db()
    return trainer


def test_a_lease_that_expired_meanwhile_and_that_nobody_took_is_renewed(start) -> None:
    job = start()
    closed_while_training(job)
    assert (job.state, job.lease_number, job.deaths_in_a_row) == (JobState.SUCCEEDED, 1, 0)


def test_the_hours_asleep_are_no_training_time(start) -> None:
    job = start(max_minutes=5)
    closed_while_training(job)
    assert job.training_seconds < 60


def test_a_job_that_the_sweep_took_back_meanwhile_is_given_up(start) -> None:
    job = start()
    trainer = closed_while_training(job, at_waking=sweeping.sweep)
    assert trainer.killed
    assert (job.state, job.lease_owner) == (JobState.QUEUED, "")
    assert "training worker stopped responding" in job.state_reason
