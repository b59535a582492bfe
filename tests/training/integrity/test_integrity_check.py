"""A row that contradicts itself is put aside, with a sentence for the team, and can be ended by a stop."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from ftcml.accounts.services import ledger
from ftcml.core.files import storage
from tests.factories import TrainingJobFactory
from tests.training.scripted import dies_after, supervise
from training.integrity import sweeping
from training.models import TrainingJob
from training.reasons import Code
from training.services import jobs
from training.states import JobState

pytestmark = pytest.mark.django_db


A_DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _leases_of_a_day(settings) -> None:
    """Parameters are made when tests are collected, long before the last of them runs."""
    settings.LEASE_SECONDS = A_DAY


def lease(owner: str = "worker-1", seconds_left: int = A_DAY) -> dict:
    return {"lease_owner": owner, "lease_until": timezone.now() + timedelta(seconds=seconds_left)}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": JobState.RUNNING}, "This training is RUNNING, but no worker works on it."),
        ({"state": JobState.PREPARING, **lease(owner="")}, "This training is PREPARING, but no worker works on it."),
        ({"state": JobState.QUEUED, **lease()}, "This training is QUEUED, but a worker still works on it."),
        (
            {"state": JobState.RUNNING, "steps_completed": 300, **lease()},
            "This training counts 300 steps, but its newest checkpoint is step 0.",
        ),
    ],
)
def test_the_sweep_puts_it_aside(settings, fields, sentence) -> None:
    settings.SUPPORT_CONTACT = "mentor@example.org"
    job = TrainingJobFactory(**fields)

    sweeping.sweep()
    sweeping.sweep()

    job.refresh_from_db()
    assert job.state == JobState.STATE_UNSPECIFIED
    assert job.state_reason == f"{sentence} Tell mentor@example.org."
    assert [event.new_state for event in job.events.all()] == [JobState.STATE_UNSPECIFIED]


def test_the_sweep_leaves_sound_rows_alone() -> None:
    waiting = TrainingJobFactory(state=JobState.QUEUED)
    at_work = TrainingJobFactory(state=JobState.RUNNING, steps_completed=100, lease_number=1, **lease())
    at_work.checkpoints.create(step=100, lease_number=1)

    sweeping.sweep()

    assert set(TrainingJob.objects.values_list("pk", "state")) == {
        (waiting.pk, JobState.QUEUED),
        (at_work.pk, JobState.RUNNING),
    }


def test_a_job_whose_folder_is_removed_while_it_trains(start) -> None:
    def script(trainer):
        trainer.is_at("training", 7)
        yield
        shutil.rmtree(trainer.folder)
        yield from [None] * 3

    job = start()
    trainer = supervise(job, script)

    assert trainer.killed
    assert job.state == JobState.STATE_UNSPECIFIED
    assert "The server lost the folder of this training." in job.state_reason


def test_a_job_whose_newest_checkpoint_is_lost_is_not_begun_anew_in_silence(start) -> None:
    job = start()
    supervise(job, dies_after(100))
    storage.remove_tree(job.checkpoints.get().folder)

    supervise(job, dies_after(200))

    assert (job.state, job.steps_completed) == (JobState.STATE_UNSPECIFIED, 100)
    assert job.reason_code == Code.LOST_CHECKPOINT


def test_a_stop_ends_it_and_returns_the_time_that_was_not_used(start, team, coach) -> None:
    before = ledger.balance_of(team).seconds_remaining
    job = start()
    supervise(job, dies_after(100))
    storage.remove_tree(job.checkpoints.get().folder)
    supervise(job, dies_after(200))

    jobs.request_stop(job, coach)

    assert job.state == JobState.STOPPED
    assert ledger.balance_of(team).seconds_remaining == before - job.training_seconds
