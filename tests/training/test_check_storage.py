"""`manage.py check_storage`: files without rows, rows without files."""

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from datasets.models import Dataset
from ftcml import storage
from tests.datasets.archives import sound_frames
from tests.datasets.conftest import import_zip
from tests.training.scripted import completes, dies_after, supervise
from training import jobs, leases
from training.models import ModelFile, TrainingJob
from training.states import JobState

__all__ = ["import_zip"]


def check_storage(*options: str) -> str:
    said = StringIO()
    call_command("check_storage", *options, stdout=said)
    return said.getvalue()


def finds(sentence: str) -> bool:
    """Whether it says so, and reports that something is wrong."""
    said = StringIO()
    with pytest.raises(CommandError, match="With --fix"):
        call_command("check_storage", stdout=said)
    return sentence in said.getvalue()


def test_where_everything_is_in_its_place_it_says_so(start, import_zip, stored_files) -> None:
    import_zip(sound_frames(5))
    supervise(start(datasets=[Dataset.objects.get()]), completes)
    before = stored_files()
    assert check_storage() == check_storage("--fix") == "Nothing is left over, and nothing is lost.\n"
    assert stored_files() == before


def test_files_that_nothing_refers_to_are_listed_and_removed(start, import_zip, stored_files) -> None:
    job = start(datasets=[import_zip(sound_frames(5))])
    supervise(job, completes)
    before = stored_files()
    folders = [f"teams/{job.team_id}/{kind}/00000000-0000-0000-0000-000000000001" for kind in ("datasets", "jobs")]
    for folder in folders:
        storage.put(f"{folder}/file", ContentFile(b"lost"))

    assert all(finds(f"nothing refers to {folder}") for folder in folders)
    assert check_storage("--fix").endswith("2 repaired.\n")

    assert stored_files() == before
    check_storage()


def test_a_dataset_that_lost_a_picture_fails_with_a_sentence(import_zip) -> None:
    dataset = import_zip(sound_frames(5))
    name = dataset.frames.first().picture_name
    storage.remove(name)

    assert finds(f'dataset {dataset.pk} "a set" has lost {name}')
    check_storage("--fix")

    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.FAILED
    assert dataset.error.startswith("The server has lost files of this dataset. Import it again")
    check_storage("--fix")  # what is left of its files
    check_storage()


@pytest.fixture
def job(start, import_zip) -> TrainingJob:
    return start(datasets=[import_zip(sound_frames(5))])


def test_a_lost_model_file_is_made_again(job) -> None:
    supervise(job, completes)
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.STOPPED)
    storage.remove(job.model_name)

    assert finds(f'job {job.pk} "finds raccoons" has lost {job.model_name}')
    check_storage("--fix")

    job.refresh_from_db()
    assert (job.model_name, job.model_files.count()) == ("", 0)
    assert leases.claim_export("worker-1") == job


def test_a_model_file_that_was_given_up_is_tried_again(job) -> None:
    supervise(job, completes)
    lacks_its_model = {"state": JobState.FAILED, "model_name": "", "deaths_in_a_row": 3}
    TrainingJob.objects.filter(pk=job.pk).update(**lacks_its_model)
    ModelFile.objects.filter(job=job).delete()
    assert leases.claim_export("worker-1") is None

    assert finds(f'job {job.pk} "finds raccoons" has no model file, for all tries to make one failed')
    check_storage("--fix")

    assert leases.claim_export("worker-1") == job


def test_a_job_that_cannot_go_on_says_so(job) -> None:
    supervise(job, dies_after(100))
    storage.remove_tree(job.checkpoints.get().folder)

    assert finds("checkpoint-000100")
    check_storage("--fix")

    job.refresh_from_db()
    assert job.state == JobState.STATE_UNSPECIFIED
    assert "lost the files of this job's newest checkpoint" in job.state_reason
    assert leases.claim_next("worker-1", "cpu") is None
    check_storage()


def test_a_job_that_waits_for_a_person_may_lose_its_files_too(job) -> None:
    supervise(job, dies_after(100))
    jobs.transition(job, JobState.STATE_UNSPECIFIED, by="the sweep", why="It contradicts itself.")
    storage.remove_tree(job.checkpoints.get().folder)

    check_storage("--fix")

    job.refresh_from_db()
    assert (job.state, job.state_reason) == (JobState.STATE_UNSPECIFIED, "It contradicts itself.")
    check_storage()
