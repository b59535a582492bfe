"""The way from an archive to a model with the teams' files in a bucket, and what is said while it is away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from datasets.importing import producing
from datasets.models import Dataset
from datasets.services import deletion, imports
from datasets.services.unused_files import remove_unused_files
from ftcml.console.models import StorageMeasurement, StorageUse
from ftcml.console.services import storage_use
from ftcml.core.files import storage
from ftcml.installation import removals
from ftcml.installation.models import Removal
from tests.datasets.archives import picture, sound_frames, write_zip
from tests.servers.s3_server import UNREACHABLE, S3Bucket, use
from tests.training.scripted import Script, ScriptedClock, ScriptedTrainer, completes, content, dies_after, supervise
from training.models import TrainingJob
from training.reasons import Code
from training.services import jobs
from training.states import JobState
from training.worker import job_leases
from training.worker.supervisor import Supervisor

AWAY = "file storage isn't responding"


@pytest.fixture
def dataset(bucket: S3Bucket, import_zip) -> Dataset:
    return import_zip(sound_frames(5))


@pytest.fixture
def switch(settings, bucket: S3Bucket, quick_tries) -> Callable[[bool], None]:
    """`switch(False)`: the bucket's server does not run any more; `switch(True)`: it runs again."""

    def to(runs: bool) -> None:
        use(settings, bucket if runs else S3Bucket(UNREACHABLE))

    return to


def frame_address(dataset: Dataset) -> str:
    return f"/datasets/{dataset.pk}/frames/{dataset.frames.first().pk}.jpg"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_from_an_archive_to_a_model_and_back_to_an_empty_bucket(
    bucket, dataset, start, member_client: Client, member_api, django_capture_on_commit_callbacks
) -> None:
    assert dataset.state == Dataset.State.READY
    assert f"our/files/{dataset.archive_name}" not in bucket.objects()
    assert member_client.get(f"/datasets/{dataset.pk}/").status_code == 200
    shown = member_client.get(frame_address(dataset))
    assert (body(shown), int(shown["Content-Length"])) == (picture(), len(picture()))

    job = start(datasets=[dataset], training_steps=200)
    trainer = supervise(job, completes)

    assert job.state == JobState.SUCCEEDED
    assert content(f"{job.checkpoints.last().folder}/model.index") == b"weights of step 200"
    assert not job.checkpoints.get(step=100).folder, "the files of the older checkpoint are removed"
    assert all(Path(shard).is_relative_to(trainer.folder) for shard in trainer.job.training_shards)
    assert not any(Path(shard).exists() for shard in trainer.job.training_shards), "copies go with the attempt"
    model = member_api.get(f"/api/v1/training-jobs/{job.pk}/model.tflite")
    assert (body(model), model["Content-Length"]) == (b"a model", str(len(b"a model")))
    assert (storage.missing(job.stored_names()), nothing_is_lost()) == ([], True)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.delete(job, by="a test")
        deletion.delete_dataset(dataset)
    removals.remove_deleted()
    assert bucket.objects() == []


def nothing_is_lost() -> bool:
    said = StringIO()
    call_command("check_storage", stdout=said)
    return said.getvalue() == "No unused files, and nothing is lost.\n"


def test_while_it_is_away_pages_and_programs_are_told_so_in_a_sentence(
    dataset, start, switch, member_client: Client, member_api
) -> None:
    job = start(datasets=[dataset], training_steps=100)
    supervise(job, completes)
    switch(False)
    for address in (frame_address(dataset), f"/datasets/{dataset.pk}/download/", f"/models/{job.pk}/model.tflite"):
        answer = member_client.get(address)
        assert (answer.status_code, AWAY in unescape(answer.content.decode())) == (503, True)
    answer = member_api.get(f"/api/v1/training-jobs/{job.pk}/model.tflite")
    assert (answer.status_code, AWAY in answer.json()["detail"]) == (503, True)
    assert member_client.get(f"/datasets/{dataset.pk}/").status_code == 200


def test_an_upload_is_refused_while_it_is_away(switch, member_client: Client, tmp_path: Path) -> None:
    switch(False)
    archive = write_zip(tmp_path / "set.zip", sound_frames(2)).read_bytes()
    upload = SimpleUploadedFile("set.zip", archive)
    form = {"upload": upload, "description": "a set", "eval_percent": 20, "split_seed": 0}
    answer = member_client.post("/datasets/import/", form)
    assert (answer.status_code, AWAY in unescape(answer.content.decode())) == (422, True)
    assert not Dataset.objects.exists()


def test_an_import_is_tried_again_and_given_up_after_three_attempts(
    bucket, switch, team, tmp_path: Path, settings
) -> None:
    dataset = imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(5)), "a set")
    switch(False)
    for attempt in range(settings.IMPORT_MAX_ATTEMPTS):
        assert dataset.state == Dataset.State.PRODUCING
        producing.produce(dataset)
        Dataset.objects.update(import_lease_until=timezone.now() - timedelta(seconds=1))
        dataset.refresh_from_db()
        assert dataset.import_attempts == attempt + 1
    assert dataset.state == Dataset.State.FAILED
    assert AWAY in dataset.error
    switch(True)
    remove_unused_files()
    assert bucket.objects() == []


def test_an_older_copy_that_gives_up_while_it_is_away_costs_no_dataset_that_was_imported_since(
    bucket, dataset, switch, settings
) -> None:
    """Its row is in the last attempt at an import that was done since."""
    before = bucket.objects()
    last = settings.IMPORT_MAX_ATTEMPTS - 1
    Dataset.objects.update(state=Dataset.State.PRODUCING, import_attempts=last, import_lease_until=None)
    dataset.refresh_from_db()
    switch(False)
    producing.produce(dataset)
    assert (dataset.state, AWAY in dataset.error) == (Dataset.State.FAILED, True)
    switch(True)
    remove_unused_files()
    assert bucket.objects() == before


def test_an_import_goes_on_when_it_is_back(switch, team, tmp_path: Path) -> None:
    dataset = imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(5)), "a set")
    switch(False)
    producing.produce(dataset)
    switch(True)
    dataset.refresh_from_db()
    producing.produce(dataset)
    assert (dataset.state, dataset.import_attempts) == (Dataset.State.READY, 2)


def test_a_deletion_succeeds_and_its_files_are_removed_when_it_is_back(bucket, dataset, switch) -> None:
    switch(False)
    deletion.delete_dataset(dataset)
    removals.remove_deleted()
    switch(True)
    assert (bucket.objects() != [], Dataset.everything.exists()) == (True, True)
    removals.remove_deleted()
    assert (bucket.objects(), Dataset.everything.exists()) == ([], False)


def test_so_are_those_of_a_deleted_training(bucket, start, dataset, switch) -> None:
    jobs_of_team = [start(datasets=[dataset], training_steps=100) for _ in range(2)]
    for job in jobs_of_team:
        supervise(job, completes)
    before = set(bucket.objects())
    switch(False)
    for job in jobs_of_team:
        jobs.delete(job, by="a test")
    removals.remove_deleted()
    switch(True)
    assert (set(bucket.objects()), Removal.objects.count()) == (before, 2)
    removals.remove_deleted()
    assert not any("/jobs/" in name for name in bucket.objects())


def saves_while_it_is_away(switch: Callable[[bool], None], turns: int):
    """A script that saves a checkpoint while the storage is away, which is back after so many turns."""

    def script(trainer):
        trainer.is_at("training", 1)
        yield
        switch(False)
        trainer.saves(100)
        yield from [None] * turns
        switch(True)
        yield
        trainer.ends("completed", 100)

    return script


def test_a_checkpoint_that_could_not_be_stored_is_stored_when_it_is_back(dataset, start, switch) -> None:
    job = start(datasets=[dataset], training_steps=100)
    supervise(job, saves_while_it_is_away(switch, turns=3))
    assert (job.state, job.steps_completed) == (JobState.SUCCEEDED, 100)
    assert content(f"{job.checkpoints.get().folder}/model.index") == b"weights of step 100"


def test_a_training_goes_back_to_the_queue_where_it_is_away_for_longer_than_a_lease(
    dataset, start, switch, settings
) -> None:
    settings.LEASE_SECONDS = 5
    job = start(datasets=[dataset], training_steps=200)
    supervise(job, saves_while_it_is_away(switch, turns=10))
    assert (job.state, job.reason_code, job.steps_completed) == (JobState.QUEUED, Code.STORAGE_IS_AWAY, 0)
    switch(True)
    supervise(job, completes)
    assert (job.state, job.steps_completed) == (JobState.SUCCEEDED, 200)


@contextmanager
def failing_fetches(times: int, files_first: int = 0) -> Iterator[None]:
    """The storage is away whenever a file is to be fetched, after so many, and back at the next try; so many times."""
    left, asked = [times], [0]
    fetch = storage.fetch

    def fetch_or_fail(*args: object) -> None:
        asked[0] += 1
        if left[0] and asked[0] > files_first:
            left[0], asked[0] = left[0] - 1, 0
            raise storage.StorageAway
        fetch(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "fetch", fetch_or_fail)
        yield
    assert left == [0]


def test_an_export_waits_for_three_short_outages_and_is_not_given_up(dataset, start) -> None:
    job = ended_without_model(start, dataset)
    with failing_fetches(3):
        export(job, completes)
    assert (job.state, job.deaths_in_a_row, bool(job.model_name)) == (JobState.STOPPED, 0, True)


def test_an_export_that_the_storage_is_away_from_for_longer_is_tried_again_without_end(
    dataset, start, switch, settings
) -> None:
    settings.LEASE_SECONDS = 5
    job = ended_without_model(start, dataset)
    for _ in range(4):
        export(job, completes, once_claimed=lambda: switch(False))
        switch(True)
    assert (job.deaths_in_a_row, job.lease_owner, job.model_name) == (0, "", "")
    export(job, completes)
    assert job.model_name


def test_a_training_that_cannot_fetch_its_checkpoint_waits_and_goes_on_from_all_of_it(dataset, start) -> None:
    job = start(datasets=[dataset], training_steps=200)
    supervise(job, dies_after(100))
    storage.put(f"{job.checkpoints.get().folder}/second-file", ContentFile(b"more weights"))
    fetched = []

    def looks(trainer):
        fetched.extend(path.name for path in Path(trainer.job.resume_from).iterdir())
        yield from completes(trainer)

    with failing_fetches(3, files_first=1):
        supervise(job, looks)
    assert (job.state, job.deaths_in_a_row, sorted(fetched)) == (JobState.SUCCEEDED, 0, ["model.index", "second-file"])


def ended_without_model(start, dataset: Dataset) -> TrainingJob:
    job = start(datasets=[dataset], training_steps=200)
    supervise(job, dies_after(100))
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.STOPPED, deaths_in_a_row=0)
    return job


def export(job: TrainingJob, script: Script, once_claimed: Callable[[], object] = lambda: None) -> None:
    """Have a worker export the job as `leases.claim_export` gives it one."""
    claimed = job_leases.claim_export("worker-1")
    assert claimed == job
    once_claimed()
    trainer = ScriptedTrainer(script)
    Supervisor(claimed, trainer, Event(), ScriptedClock(trainer)).run()
    job.refresh_from_db()


def test_who_watches_the_server_is_told(client: Client, switch, db) -> None:
    cache.clear()
    switch(False)
    checks = {check["name"]: check["sentence"] for check in client.get("/readyz").json()["checks"]}
    cache.clear()
    assert checks["storage"] == "The server can't write files to its storage."


def test_a_measurement_that_it_cuts_short_does_not_stand_in_the_way_of_the_next(dataset, switch) -> None:
    switch(False)
    with pytest.raises(storage.StorageAway):
        storage_use.measure()
    assert not StorageMeasurement.now().is_at_work
    switch(True)
    storage_use.measure()
    assert StorageUse.objects.get(team=dataset.team).dataset_bytes > 5 * len(picture())


def test_a_check_of_the_storage_finds_nothing_lost_while_it_is_away(dataset, switch) -> None:
    switch(False)
    with pytest.raises(CommandError, match=AWAY):
        call_command("check_storage", "--fix")
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.READY
