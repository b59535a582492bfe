from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import TrainingJobFactory
from training.integrity import sweeping
from training.models import Checkpoint, TrainingJob
from training.reasons import Code, Reason
from training.services import registry
from training.services.jobs import LostRace
from training.states import LEASED, JobState
from training.worker.results import outcomes

pytestmark = pytest.mark.both_databases


def leased(state: JobState, seconds_left: int = -1, **fields) -> TrainingJob:
    until = timezone.now() + timedelta(seconds=seconds_left)
    return TrainingJobFactory(state=state, lease_number=1, lease_owner="worker-1:1", lease_until=until, **fields)


def after_the_sweep(job: TrainingJob) -> TrainingJob:
    sweeping.sweep()
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("state", [JobState.PREPARING, JobState.RUNNING])
def test_the_job_of_a_worker_that_is_gone_goes_back_into_the_queue(db, state) -> None:
    job = after_the_sweep(leased(state))
    assert (job.state, job.deaths_in_a_row, job.lease_owner, job.lease_until) == (JobState.QUEUED, 1, "", None)
    assert "worker stopped responding" in job.state_reason


def test_after_three_deaths_in_a_row_it_has_failed(db) -> None:
    job = after_the_sweep(leased(JobState.RUNNING, deaths_in_a_row=2))
    assert job.state == JobState.FAILED
    assert "crashed 3 times without making progress" in job.state_reason


@pytest.mark.parametrize("state", [JobState.STOP_REQUESTED, JobState.STOPPING])
def test_a_job_that_was_being_stopped_is_stopped(db, state) -> None:
    assert after_the_sweep(leased(state)).state == JobState.CANCELED
    job = leased(state, steps_completed=100)
    Checkpoint.objects.create(job=job, step=100, lease_number=1)
    assert after_the_sweep(job).state == JobState.STOPPED


def test_a_job_whose_time_is_over_is_not_queued_again(db) -> None:
    job = leased(JobState.RUNNING, training_seconds=3600, steps_completed=100)
    Checkpoint.objects.create(job=job, step=100, lease_number=1)
    job = after_the_sweep(job)
    assert (job.state, job.state_reason) == (JobState.STOPPED, "It reached its maximum training time.")


@pytest.mark.parametrize("state", sorted(LEASED))
def test_a_job_whose_worker_lives_is_left_alone(db, state) -> None:
    assert after_the_sweep(leased(state, seconds_left=60)).state == state


def test_sweeping_twice_counts_one_death(db) -> None:
    job = leased(JobState.RUNNING)
    sweeping.sweep()
    assert after_the_sweep(job).deaths_in_a_row == 1


def test_a_checkpoint_that_came_while_the_sweep_looked_is_not_overlooked(db) -> None:
    as_the_sweep_read_it = leased(JobState.RUNNING, deaths_in_a_row=2)
    Checkpoint.objects.create(job=as_the_sweep_read_it, step=100, lease_number=1)
    TrainingJob.objects.filter(pk=as_the_sweep_read_it.pk).update(steps_completed=100, deaths_in_a_row=0)

    with pytest.raises(LostRace):
        outcomes.died(as_the_sweep_read_it, sweeping.SWEEP, Reason(Code.WORKER_IS_GONE))

    assert after_the_sweep(as_the_sweep_read_it).state == JobState.QUEUED


@pytest.fixture
def wakes(monkeypatch) -> list[bool]:
    """One entry for each wake-up that the sweep sent."""
    sent: list[bool] = []
    monkeypatch.setattr(sweeping, "wake_training_worker", lambda: sent.append(True))
    return sent


def test_a_job_that_waits_wakes_a_worker(db, wakes) -> None:
    TrainingJobFactory()
    sweeping.sweep()
    assert wakes


def test_without_work_nobody_is_woken(db, wakes) -> None:
    TrainingJobFactory(state=JobState.SUCCEEDED)
    sweeping.sweep()
    assert not wakes


def test_messages_do_not_pile_up_while_every_worker_is_busy(db, wakes) -> None:
    registry.report("worker-1", "cpu", 1)
    leased(JobState.RUNNING, seconds_left=60)
    TrainingJobFactory()
    sweeping.sweep()
    assert not wakes
