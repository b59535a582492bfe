import pytest
from django.db.models import ProtectedError

from ftcml import storage
from ftcml.accounts.models import LedgerEntry
from tests.factories import TrainingJobFactory
from training import jobs
from training.models import TrainingJob
from training.states import TERMINAL, JobState

pytestmark = pytest.mark.both_databases

ALIVE = [state for state in JobState if state not in TERMINAL]


def test_an_ended_job_goes_with_its_files(coach, tmp_path, django_capture_on_commit_callbacks) -> None:
    job = TrainingJobFactory(state=JobState.SUCCEEDED)
    model = tmp_path / "model.tflite"
    model.write_bytes(b"a model")
    storage.put(f"{job.prefix}/model.tflite", model)
    jobs.work_folder(job).mkdir(parents=True)
    stored, folder = f"{job.prefix}/model.tflite", jobs.work_folder(job)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.delete(job, coach)

    assert not TrainingJob.objects.exists()
    assert not storage.exists(stored)
    assert not folder.exists()


def test_the_dataset_of_a_deleted_job_is_free_again(coach) -> None:
    job = TrainingJobFactory(state=JobState.SUCCEEDED)
    dataset = job.datasets.get()
    with pytest.raises(ProtectedError):
        dataset.delete()
    jobs.delete(job, coach)
    dataset.delete()


def test_the_ledger_remembers_a_deleted_job(start, coach) -> None:
    job = start()
    jobs.request_stop(job, coach)
    job_id = job.pk
    jobs.delete(job, coach)
    assert LedgerEntry.objects.filter(job_id=job_id).count() == 3


@pytest.mark.parametrize("state", sorted(ALIVE))
def test_a_live_job_must_be_stopped_first(state: JobState, coach) -> None:
    job = TrainingJobFactory(state=state)
    with pytest.raises(jobs.JobIsAlive, match="Stop it first"):
        jobs.delete(job, coach)
    assert TrainingJob.objects.exists()
