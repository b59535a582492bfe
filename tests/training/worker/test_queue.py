"""What a training worker takes, in which order, and what one bad job or a broken trainer does to the others.

The trainers here are real processes that obey the contract without TensorFlow, so that they can die at will.
"""

import sys
import threading
from collections.abc import Iterator

import pytest

from detector.contract import attempt_files, spec
from ftcml.installation import identity
from tests.factories import DatasetFactory, MembershipFactory, TeamFactory
from tests.training.scripted import OBEDIENT, measures, soon, supervise
from training.models import Checkpoint, TrainingJob, TrainingWorker
from training.services.jobs import work_folder
from training.states import JobState
from training.worker.training_worker import Worker


@pytest.fixture
def worker(db) -> Iterator[Worker]:
    identity.check()  # made at the first start, before there is any row
    worker = Worker("tests", command=OBEDIENT)
    yield worker
    worker.shut_down()


def test_a_worker_does_everything_that_waits(worker, start) -> None:
    waiting = [start(), start()]
    worker.work()
    for job in waiting:
        job.refresh_from_db()
        assert job.state == JobState.SUCCEEDED


def test_after_three_deaths_a_job_has_failed_and_the_worker_takes_the_next(worker, start) -> None:
    doomed, sound = start(description="doomed"), start(description="sound")

    worker.work()

    doomed.refresh_from_db()
    sound.refresh_from_db()
    assert doomed.state == JobState.FAILED
    assert "was killed" in doomed.state_reason
    assert "crashed 3 times without making progress" in doomed.state_reason
    assert [event.new_state for event in doomed.events.all()] == [
        "QUEUED",
        *["PREPARING", "QUEUED"] * 2,
        "PREPARING",
        "FAILED",
    ]
    assert sound.state == JobState.SUCCEEDED


def test_a_team_that_trained_much_lets_another_go_first(worker, start) -> None:
    mine = start()
    worker.work()
    mine.refresh_from_db()
    TrainingJob.objects.filter(pk=mine.pk).update(training_seconds=600)
    again = start()
    other = TeamFactory()
    coach = MembershipFactory(team=other).user
    theirs = start(team=other, user=coach, datasets=[DatasetFactory(team=other)])

    worker.work()

    first_events = [job.events.get(new_state="PREPARING").pk for job in (theirs, again)]
    assert first_events == sorted(first_events)


def test_a_failed_job_with_a_checkpoint_gets_its_model_file(worker, start) -> None:
    job = start()
    worker.work()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, default_file=None)

    worker.work()

    job.refresh_from_db()
    assert (job.state, job.lease_owner) == (JobState.FAILED, "")
    assert job.model_name == f"{job.prefix}/attempt-000002/model-float32.tflite"


def test_the_model_file_that_an_ended_job_gets_is_of_its_best_checkpoint(worker, start) -> None:
    job = start(training_steps=1000)
    supervise(job, measures(step_100=0.9, step_200=0.5))
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.FAILED)

    worker.work()

    job.refresh_from_db()
    asked = attempt_files.read(work_folder(job) / "attempt-000002" / attempt_files.JOB, spec.JobSpec)
    assert (asked.steps, asked.resume_step, asked.best_step, asked.best_map) == (200, 200, 100, 0.9)
    assert (job.state, job.model_step, bool(job.model_name)) == (JobState.FAILED, 100, True)


def test_an_export_that_never_works_is_given_up(worker, start) -> None:
    job = start(description="doomed")
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.STOPPED)
    Checkpoint.objects.create(job=job, step=100, lease_number=1, folder="nowhere")

    worker.work()

    job.refresh_from_db()
    assert (job.state, job.model_name, job.deaths_in_a_row) == (JobState.STOPPED, "", 3)


def test_an_export_that_failed_waits_for_room_on_the_disk(worker, start, settings) -> None:
    job = start()
    worker.work()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, default_file=None, deaths_in_a_row=1)
    reserve, settings.DISK_RESERVE_BYTES = settings.DISK_RESERVE_BYTES, 10**18

    worker.work()
    job.refresh_from_db()
    assert (job.model_name, job.deaths_in_a_row) == ("", 1)

    settings.DISK_RESERVE_BYTES = reserve
    worker.work()
    job.refresh_from_db()
    assert job.model_name


def test_an_export_that_fails_on_a_full_disk_is_not_tried_until_it_is_given_up(worker, start, settings) -> None:
    job = start()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    Checkpoint.objects.create(job=job, step=100, lease_number=1, folder="nowhere")
    settings.DISK_RESERVE_BYTES = 10**18

    worker.work()

    job.refresh_from_db()
    assert job.deaths_in_a_row == 1


def test_a_worker_whose_trainer_does_not_start_takes_no_job(start) -> None:
    job = start()
    broken = Worker("broken", command=[sys.executable, "-c", "import no_such_module"])
    broken.work()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_a_worker_that_begins_on_a_full_disk_works_when_there_is_room(worker, start, settings, tmp_path) -> None:
    job = start()
    (tmp_path / "no room").touch()
    folder, settings.WORK_DIR = settings.WORK_DIR, tmp_path / "no room"
    worker.warm_up()
    worker.work()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED

    settings.WORK_DIR = folder
    worker.work()
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED


def test_a_worker_that_is_shut_down_takes_no_job(worker, start) -> None:
    job = start()
    worker.shut_down()
    worker.work()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_worker_says_that_it_lives_until_it_is_shut_down(worker) -> None:
    worker.work()
    reporting = threading.Thread(target=worker.keep_reporting)
    reporting.start()
    assert soon(TrainingWorker.objects.exists)
    assert TrainingWorker.objects.get().accelerator == "cpu"

    worker.shut_down()
    reporting.join(10)
    assert not TrainingWorker.objects.exists()
