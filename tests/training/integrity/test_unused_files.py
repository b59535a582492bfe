"""What no row refers to is found and removed; nothing else is."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from ftcml.core.files import storage
from ftcml.installation.models import UnknownFile
from tests.training.scripted import completes, measures, supervise
from training import tasks
from training.models import TrainingJob
from training.services import jobs
from training.services.jobs import work_folder
from training.worker import job_leases

FORMER_OWNERS = "attempt-000000"


def test_the_files_of_jobs_stay(start, stored_files) -> None:
    supervise(start(training_steps=300), measures(step_100=0.5, step_200=0.9, step_300=0.7))
    supervise(start(training_steps=300), completes)
    before = stored_files()
    assert before

    tasks.tidy()

    assert stored_files() == before


def test_files_of_a_deleted_job_are_not_unknown_while_they_wait_to_be_removed(start, coach, stored_files) -> None:
    job = start()
    supervise(job, completes)
    jobs.delete(job, coach)
    tasks.tidy()
    assert any(job.prefix in name for name in stored_files())
    assert not UnknownFile.objects.filter(kind="jobs").exists()


def test_what_is_newer_than_the_row_waits_for_a_week(start, stored_files) -> None:
    """As after the restore of an older copy of the database: the newest one may come back."""
    job = start(training_steps=300)
    supervise(job, completes)
    storage.put(f"{job.prefix}/attempt-000002/model.tflite", ContentFile(b"made after the back-up"))
    tasks.tidy()
    assert storage.exists(f"{job.prefix}/attempt-000002/model.tflite")
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=7))
    tasks.tidy()
    assert not storage.exists(f"{job.prefix}/attempt-000002/model.tflite")


def what_a_former_owner_wrote(job: TrainingJob) -> list[str]:
    names = [f"{job.prefix}/{FORMER_OWNERS}/{name}" for name in ("checkpoint-000900/model.index", "model-int8.tflite")]
    for name in names:
        storage.put(name, ContentFile(b"late"))
    return names


def test_what_a_former_owner_wrote_goes(start, stored_files) -> None:
    job = start(training_steps=300)
    supervise(job, completes)
    before = stored_files()
    what_a_former_owner_wrote(job)
    tasks.tidy()
    assert stored_files() == before


def test_a_job_of_an_older_copy_of_the_database_writes_over_nothing(start, stored_files) -> None:
    """It waits in the queue there, and was trained since. Its files are the newest database's, which may come back."""
    job = start(training_steps=300)
    older = TrainingJob.objects.get(pk=job.pk)
    supervise(job, completes)
    before = {name: Path(name).read_bytes() for name in stored_files() if f"/files/{job.prefix}/" in name}
    for rows in (job.checkpoints, job.model_files, job.metric_points):
        rows.all().delete()
    older.save()

    supervise(older, measures(step_100=0.5))
    tasks.tidy()

    assert (older.lease_number, older.steps_completed) == (2, 100)
    assert before == {name: Path(name).read_bytes() for name in before}
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=7))
    tasks.tidy()
    assert not before.keys() & set(stored_files())


def test_newer_files_wait_on_while_and_after_their_job_is_trained_again(start) -> None:
    """As where an older copy of the database is restored, and the tidying runs while a worker has the job."""
    job = start()
    newer = f"{job.prefix}/attempt-000001/model.tflite"
    storage.put(newer, ContentFile(b"made after the back-up"))
    job_leases.claim(job, "worker-1", "cpu", timezone.now())
    tasks.tidy()
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=6))
    TrainingJob.objects.update(lease_until=None)
    tasks.tidy()
    assert storage.exists(newer)

    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=7))
    TrainingJob.objects.update(lease_until=timezone.now() + timedelta(seconds=60))
    tasks.tidy()
    assert storage.exists(newer), "nothing is taken from a worker with a lease"
    TrainingJob.objects.update(lease_until=None)
    tasks.tidy()
    assert not storage.exists(newer)


def test_of_an_attempt_what_is_not_referred_to_goes(start, stored_files) -> None:
    job = start(training_steps=300)
    supervise(job, completes)
    before = stored_files()
    storage.put(f"{job.prefix}/attempt-000001/checkpoint-000100/model.index", ContentFile(b"an older checkpoint"))
    TrainingJob.objects.update(lease_number=2)  # as since a later export
    tasks.tidy()
    assert stored_files() == before


def test_nothing_is_taken_from_a_worker_with_a_lease(start) -> None:
    """It stores files before it refers to them."""
    job = start()
    supervise(job, completes)
    names = what_a_former_owner_wrote(job)
    TrainingJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(seconds=60))
    tasks.tidy()
    assert all(storage.exists(name) for name in names)

    TrainingJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.tidy()
    assert not any(storage.exists(name) for name in names)


@pytest.mark.parametrize(("seconds_left", "stays"), [(60, True), (-1, False)])
def test_of_an_attempt_on_this_machine_the_story_stays(start, seconds_left: int, stays: bool) -> None:
    """As when the supervisor was killed before it could tidy up."""
    job = start()
    TrainingJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(seconds=seconds_left))
    attempt = work_folder(job) / "attempt-000001"
    checkpoint: Path = attempt / "checkpoint-000100"
    checkpoint.mkdir(parents=True)
    (attempt / "trainer.log").write_text("step 100")

    tasks.tidy()

    assert checkpoint.exists() == stays
    assert (attempt / "trainer.log").read_text() == "step 100"
