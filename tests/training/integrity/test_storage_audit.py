"""`manage.py check_storage`: files without rows, rows without files."""

import threading
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

import datasets.tasks
import training.tasks
from datasets.models import Dataset
from ftcml.core.files import storage
from ftcml.installation.models import Installation
from tests.datasets.archives import sound_frames
from tests.datasets.conftest import import_zip
from tests.factories import VideoFactory, VideoFrameFactory, add_model
from tests.training.scripted import (
    ScriptedClock,
    ScriptedTrainer,
    completes,
    content,
    dies_after,
    measures,
    supervise,
)
from training.models import ModelFile, TrainingJob
from training.reasons import Code, Reason
from training.services import jobs
from training.states import JobState
from training.worker import job_leases
from training.worker.supervisor import Supervisor

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
    assert check_storage() == check_storage("--fix") == "No unused files, and nothing is lost.\n"
    assert stored_files() == before


def test_videos_are_looked_at_as_well(team, stored_files) -> None:
    frames = [VideoFrameFactory(video__team=team, video__description="gym") for _ in range(2)]
    for frame in frames:
        frame.picture_name = frame.video.picture_name(frame.number)
        frame.save()
    storage.put(frames[0].picture_name, ContentFile(b"picture"))
    failed = VideoFactory(team=team, state="FAILED", reason_code="damaged")
    storage.put(failed.picture_name(0), ContentFile(b"left over"))
    stray = storage.team_prefix(team.pk, "videos", uuid.uuid4())
    storage.put(f"{stray}/frames/000000.jpg", ContentFile(b"of another database"))

    assert finds(f"nothing refers to {failed.prefix}")
    assert finds(f'video {frames[1].video.pk} "gym" has lost {frames[1].picture_name}')
    assert finds(f"the database doesn't know {stray}")
    with pytest.raises(CommandError, match="1 videos have lost pictures"):
        check_storage("--fix", "--remove-unknown")
    assert [name.rpartition("/teams/")[2] for name in stored_files()] == [frames[0].picture_name.removeprefix("teams/")]


def test_files_that_nothing_refers_to_are_listed_and_removed(start, import_zip, stored_files) -> None:
    job = start(datasets=[import_zip(sound_frames(5))])
    supervise(job, completes)
    before = stored_files()
    names = [job.datasets.get().archive_name, f"{job.prefix}/attempt-000000"]
    for name in (names[0], f"{names[1]}/file"):
        storage.put(name, ContentFile(b"left over"))

    assert all(finds(f"nothing refers to {name}") for name in names)
    assert check_storage("--fix").endswith("2 repaired.\n")

    assert stored_files() == before
    check_storage()


def test_unknown_files_are_listed_and_kept_until_a_person_has_them_removed(start, import_zip, stored_files) -> None:
    job = start(datasets=[import_zip(sound_frames(5))])
    before = stored_files()
    folders = [f"teams/{job.team_id}/{kind}/00000000-0000-0000-0000-000000000001" for kind in ("datasets", "jobs")]
    for folder in folders:
        storage.put(f"{folder}/file", ContentFile(b"unknown"))
    assert all(
        f"the database doesn't know {folder}: the next tidying notes it" in check_storage() for folder in folders
    )

    check_storage("--fix")
    assert all(
        f"know {folder}: from {timezone.now() + timedelta(days=7):%Y-%m-%d}" in check_storage() for folder in folders
    )
    assert len(stored_files()) == len(before) + 2

    check_storage("--remove-unknown")
    assert stored_files() == before


@pytest.mark.parametrize("option", ["--fix", "--remove-unknown"])
def test_nothing_is_touched_where_the_files_are_another_databases(import_zip, stored_files, option: str) -> None:
    dataset = import_zip(sound_frames(5))
    storage.remove(dataset.label_map_name)
    Installation.objects.update(identity=uuid.uuid4())
    before = stored_files()

    with pytest.raises(CommandError, match="belong to another database"):
        check_storage(option)

    dataset.refresh_from_db()
    assert (dataset.state, stored_files()) == (Dataset.State.READY, before)


def test_where_nearly_everything_is_lost_nothing_is_given_up(import_zip) -> None:
    """As where a drive is mounted that lacks most of the files."""
    sets = [import_zip(sound_frames(2)) for _ in range(6)]
    for dataset in sets[:5]:
        storage.remove_tree(dataset.prefix)

    with pytest.raises(CommandError, match="5 of 6 datasets and trainings have lost files, so nothing is repaired"):
        check_storage("--fix")

    assert set(Dataset.objects.values_list("state", flat=True)) == {Dataset.State.READY}


def test_a_dataset_that_lost_a_picture_fails_with_a_sentence(import_zip) -> None:
    dataset = import_zip(sound_frames(5))
    name = dataset.frames.first().picture_name
    storage.remove(name)

    assert finds(f'dataset {dataset.pk} "a set" has lost {name}')
    check_storage("--fix")

    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.FAILED
    assert dataset.error.startswith("We lost some files of this dataset. Import or produce it again")
    check_storage()


def test_a_dataset_whose_lost_files_come_back_is_ready_again(import_zip, stored_files) -> None:
    """As when a drive was not mounted. What was left of its files stays meanwhile, also when everything is tidied."""
    dataset = import_zip(sound_frames(5))
    name = dataset.frames.first().picture_name
    picture = content(name)
    storage.remove(name)
    check_storage("--fix")
    left = stored_files()
    datasets.tasks.tidy()
    check_storage("--fix")
    assert stored_files() == left

    storage.put(name, ContentFile(picture))
    assert finds(f'dataset {dataset.pk} "a set" has all of its files again')
    check_storage("--fix")

    dataset.refresh_from_db()
    assert (dataset.state, dataset.error) == (Dataset.State.READY, "")
    check_storage()


def test_lost_checkpoints_that_come_back_are_the_jobs_again(start, import_zip) -> None:
    job = start(datasets=[import_zip(sound_frames(5))])
    supervise(job, measures(step_100=0.9, step_200=0.5))
    TrainingJob.objects.update(state=JobState.FAILED)
    add_model(job, name="there/already")
    storage.put("there/already", ContentFile(b"a model"))
    kept = {row.step: (row.folder, row.detections_name) for row in job.checkpoints.all()}
    names = [name for pair in kept.values() for name in pair if name]
    elsewhere = {name: content(f"{name}/model.index") for name, _ in kept.values()}
    for name in names:
        storage.remove_any(name)
    check_storage("--fix")
    assert not job.checkpoints.with_files().exists()

    for folder, weights in elsewhere.items():
        storage.put(f"{folder}/model.index", ContentFile(weights))
    for _, detections in kept.values():
        storage.put(detections, ContentFile(b"boxes"))
    training.tasks.tidy()
    check_storage("--fix")

    assert {row.step: (row.folder, row.detections_name) for row in job.checkpoints.all()} == kept
    assert {content(f"{row.folder}/model.index") for row in job.checkpoints.all()} == set(elsewhere.values())
    check_storage()


@pytest.fixture
def job(start, import_zip) -> TrainingJob:
    return start(datasets=[import_zip(sound_frames(5))])


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.STOPPED, JobState.FAILED])
def test_a_lost_model_file_is_made_again(job, state: JobState) -> None:
    supervise(job, completes)
    TrainingJob.objects.filter(pk=job.pk).update(state=state)
    storage.remove(job.model_name)

    assert finds(f'job {job.pk} "finds raccoons" has lost {job.model_name}')
    check_storage("--fix")

    job.refresh_from_db()
    assert (job.model_name, job.model_files.count()) == ("", 0)
    assert job_leases.claim_export("worker-1") == job


def exports_all(trainer):
    """Trains 100 steps and exports every variant."""
    trainer.is_at("training", 100)
    trainer.saves(100)
    yield
    trainer.exports(default="int8")
    trainer.ends("completed", 100)


def test_a_lost_variant_is_made_again_while_the_others_can_be_downloaded(job) -> None:
    supervise(job, exports_all)
    storage.remove(job.model_files.get(variant="float32").name)

    check_storage("--fix")

    job.refresh_from_db()
    assert job.model_name == job.model_files.get(variant="int8").name
    export_again(job, exports_all)
    assert job.model_files.filter(variant="float32").exists()
    assert job_leases.claim_export("worker-1") is None


def test_the_model_files_that_are_left_stay_where_a_new_export_makes_none(job) -> None:
    supervise(job, exports_all)
    storage.remove(job.model_files.get(variant="float32").name)
    check_storage("--fix")

    export_again(job, lambda trainer: iter([None]))

    assert storage.exists(job.model_name)
    assert job.model_files.count() == 3


def test_a_model_file_that_cannot_be_made_again_is_not_forgotten(job, stored_files) -> None:
    """It may come back, as from a back-up, and then it can be downloaded as before."""
    supervise(job, exports_all)
    for name in job.stored_names():
        storage.remove_any(name)

    with pytest.raises(CommandError, match="can't be made again"):
        check_storage("--fix")

    job.refresh_from_db()
    assert (job.model_name, job.model_files.count()) != ("", 0)
    for name in job.model_files.values_list("name", flat=True):
        storage.put(name, ContentFile(b"from a back-up"))
    check_storage()


def export_again(job: TrainingJob, script) -> None:
    """As the next free worker does."""
    trainer = ScriptedTrainer(script)
    Supervisor(job_leases.claim_export("worker-1"), trainer, threading.Event(), ScriptedClock(trainer)).run()
    job.refresh_from_db()


def test_a_model_file_that_was_given_up_is_tried_again(job) -> None:
    supervise(job, completes)
    lacks_its_model = {"state": JobState.FAILED, "deaths_in_a_row": 3}
    TrainingJob.objects.filter(pk=job.pk).update(**lacks_its_model)
    ModelFile.objects.filter(job=job).delete()
    assert job_leases.claim_export("worker-1") is None

    assert finds(f'job {job.pk} "finds raccoons" has no model file, for all tries to make one failed')
    check_storage("--fix")

    assert job_leases.claim_export("worker-1") == job


def test_a_job_that_cannot_go_on_says_so(job) -> None:
    supervise(job, dies_after(100))
    storage.remove_tree(job.checkpoints.get().folder)

    assert finds("checkpoint-000100")
    check_storage("--fix")

    job.refresh_from_db()
    assert job.state == JobState.STATE_UNSPECIFIED
    assert "lost the files of this training's newest checkpoint" in job.state_reason
    assert job_leases.claim_next("worker-1", "cpu") is None
    check_storage()


def test_a_job_that_waits_for_a_person_may_lose_its_files_too(job) -> None:
    supervise(job, dies_after(100))
    jobs.transition(
        job, JobState.STATE_UNSPECIFIED, by="the sweep", why=Reason(Code.OTHER_STEP, {"steps": 300, "newest": 100})
    )
    storage.remove_tree(job.checkpoints.get().folder)

    check_storage("--fix")

    job.refresh_from_db()
    assert (job.state, job.reason_code) == (JobState.STATE_UNSPECIFIED, Code.OTHER_STEP)
    check_storage()
