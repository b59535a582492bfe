import pytest

from ftcml.accounts.services import ledger
from tests.factories import TrainingJobFactory
from training.models import Checkpoint, TrainingJob
from training.services import jobs
from training.states import JobState

pytestmark = pytest.mark.both_databases


def test_a_job_that_waits_is_canceled_at_once_and_its_minutes_return(start, team, coach) -> None:
    job = start(max_minutes=10)

    stopped = jobs.request_stop(job, coach)

    assert stopped.state == JobState.CANCELED
    assert stopped.events.last().by == "carla"
    assert ledger.balance_of(team).seconds_remaining == 600 * 60


def test_a_job_that_waits_to_go_on_is_stopped_with_what_it_learned(start, team, coach) -> None:
    job = start(max_minutes=10)
    Checkpoint.objects.create(job=job, step=100, lease_number=1)
    TrainingJob.objects.filter(pk=job.pk).update(training_seconds=90)

    assert jobs.request_stop(job, coach).state == JobState.STOPPED
    assert ledger.balance_of(team).seconds_remaining == 600 * 60 - 90


@pytest.mark.parametrize("state", [JobState.PREPARING, JobState.RUNNING])
def test_a_job_at_work_is_asked_to_stop(state: JobState, coach) -> None:
    job = TrainingJobFactory(state=state)
    assert jobs.request_stop(job, coach).state == JobState.STOP_REQUESTED


def test_a_job_that_never_got_into_the_queue_is_canceled(coach) -> None:
    job = TrainingJobFactory(state=JobState.TRY_AGAIN_LATER)
    assert jobs.request_stop(job, coach).state == JobState.CANCELED


@pytest.mark.parametrize(
    "state",
    [
        JobState.STOP_REQUESTED,
        JobState.STOPPING,
        JobState.STOPPED,
        JobState.CANCELED,
        JobState.SUCCEEDED,
        JobState.FAILED,
    ],
)
def test_stopping_again_changes_nothing(state: JobState, coach) -> None:
    job = TrainingJobFactory(state=state)
    assert jobs.request_stop(job, coach).state == state
    assert not job.events.exists()


def test_a_stop_is_decided_by_the_state_of_now_not_of_the_page(coach) -> None:
    as_the_page_shows_it = TrainingJobFactory(state=JobState.QUEUED)
    TrainingJob.objects.filter(pk=as_the_page_shows_it.pk).update(state=JobState.RUNNING, lease_number=1)
    assert jobs.request_stop(as_the_page_shows_it, coach).state == JobState.STOP_REQUESTED
