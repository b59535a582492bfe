"""A database and stored files that do not belong together are told apart, and nothing is done to either."""

import json
import shutil
import uuid
from io import StringIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client

import datasets.services.unused_files
import datasets.tasks
import training.integrity.unused_files
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.services import imports
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.installation import identity, messages, tasks
from ftcml.installation.models import Alarm, Installation
from ftcml.installation.quarantine import AT_LEAST
from tests.datasets.archives import sound_frames, write_zip
from tests.datasets.producing import import_what_waits
from tests.factories import DatasetFactory
from tests.training.scripted import OBEDIENT, completes, supervise
from training.models import TrainingJob
from training.services import registry
from training.states import JobState
from training.worker.patience import is_outage
from training.worker.training_worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(settings) -> Path:
    """The folder of the stored files."""
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


def unmount(files: Path) -> Path:
    """Where the files are afterwards; in their place is an empty folder, as below a drive that isn't mounted."""
    drive = files.with_name("drive")
    files.rename(drive)
    files.mkdir()
    return drive


def mount(drive: Path, files: Path) -> None:
    shutil.rmtree(files)
    drive.rename(files)


def becomes_another_database() -> None:
    """What an empty database, or one of another server, looks like to the stored files."""
    Dataset.objects.all().delete()
    Installation.objects.update(identity=uuid.uuid4())


def is_new_and_empty() -> None:
    Dataset.objects.all().delete()
    Installation.objects.all().delete()


def is_damaged() -> None:
    storage.put(identity.NAME, ContentFile(b"\x00\x00"))


def test_a_new_server_and_its_storage_get_one_identity() -> None:
    assert identity.problem() == ""
    with storage.open_file(identity.NAME) as stream:
        assert json.loads(stream.read())["identity"] == str(Installation.objects.get().identity)
    assert identity.problem() == ""


def test_it_is_kept_in_a_bucket_too(bucket) -> None:
    assert identity.problem() == ""
    Installation.objects.update(identity=uuid.uuid4())
    assert identity.problem() == messages.OTHER_DATABASE


def test_a_server_of_an_earlier_version_gets_one_when_its_files_are_its_own(import_zip) -> None:
    import_zip(sound_frames(2))
    forget_identity()
    assert identity.problem() == ""


@pytest.mark.parametrize(
    ("happens", "says"),
    [(lambda files: Dataset.objects.all().delete(), messages.OTHER_DATABASE), (unmount, messages.NOT_THERE)],
    ids=["an empty database", "an unmounted drive"],
)
def test_a_server_of_an_earlier_version_gets_none_when_they_are_not(import_zip, files, happens, says) -> None:
    import_zip(sound_frames(2))
    forget_identity()
    happens(files)
    assert identity.problem() == says
    assert (Installation.objects.exists(), storage.exists(identity.NAME)) == (False, False)


def a_folder_of_an_unknown_job(team_id: int) -> None:
    storage.put(f"teams/{team_id}/jobs/{uuid.uuid4()}/attempt-000001/model.tflite", ContentFile(b"left over"))


def test_the_remains_of_a_deleted_training_are_no_mix_up_at_an_upgrade(import_zip) -> None:
    dataset = import_zip(sound_frames(2))
    forget_identity()
    a_folder_of_an_unknown_job(dataset.team_id)
    assert identity.problem() == ""


def test_nor_beside_rows_that_never_had_files(team) -> None:
    DatasetFactory(team=team, state=Dataset.State.FAILED)
    a_folder_of_an_unknown_job(team.pk)
    assert identity.problem() == ""


def test_they_are_where_most_is_unknown_or_nothing_known(import_zip) -> None:
    dataset = import_zip(sound_frames(2))
    forget_identity()
    for _ in range(AT_LEAST):
        a_folder_of_an_unknown_job(dataset.team_id)
    assert identity.problem() == messages.OTHER_DATABASE
    storage.remove_tree(f"teams/{dataset.team_id}")
    a_folder_of_an_unknown_job(dataset.team_id)
    assert identity.problem() == messages.OTHER_DATABASE
    storage.remove_tree(f"teams/{dataset.team_id}")
    assert identity.problem() == messages.NOT_THERE


def forget_identity() -> None:
    Installation.objects.all().delete()
    storage.remove(identity.NAME)


def test_one_that_was_half_made_is_made_whole() -> None:
    """As when the process was killed between the row and the file, or between the file and the row."""
    made = Installation.objects.create(pk=1)
    assert identity.problem() == ""
    Installation.objects.update(is_stored=False)
    assert identity.problem() == ""
    assert Installation.objects.get() == made
    assert Installation.objects.get().is_stored


def test_an_empty_one_is_made_again_where_the_database_never_knew_it_stored() -> None:
    """As where the disk was full when it was first written."""
    made = Installation.objects.create(pk=1)
    storage.put(identity.NAME, ContentFile(b""))
    assert identity.problem() == ""
    assert Installation.objects.get() == made
    assert Installation.objects.get().is_stored
    storage.put(identity.NAME, ContentFile(b""))
    assert identity.problem() == messages.DAMAGED


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (becomes_another_database, messages.OTHER_DATABASE),
        (is_new_and_empty, messages.OTHER_DATABASE),
        (is_damaged, messages.DAMAGED),
    ],
)
def test_no_file_is_removed_beside_a_database_that_is_not_theirs(
    import_zip, start, stored_files, happens, says, settings
) -> None:
    settings.QUARANTINE_DAYS = 0
    import_zip(sound_frames(3))
    supervise(start(), completes)
    before = stored_files()
    TrainingJob.objects.all().delete()
    happens()

    datasets.services.unused_files.remove_unused_files()
    training.integrity.unused_files.remove_unused_files()

    assert stored_files() == before
    assert identity.problem() == says


def test_no_import_begins_and_none_is_accepted(team, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(3))
    dataset = imports.request_import(team, None, archive, "a set")
    becomes = Installation.objects.get().identity
    Installation.objects.update(identity=uuid.uuid4())

    datasets.tasks.import_next()
    with pytest.raises(DatasetRefused, match="The server's files aren't in order, so nothing can be imported now"):
        imports.request_import(team, None, archive, "another set")

    dataset.refresh_from_db()
    assert (dataset.state, dataset.import_attempts, Dataset.objects.count()) == (Dataset.State.PRODUCING, 0, 1)
    Installation.objects.update(identity=becomes)
    import_what_waits()
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.READY


def test_pictures_are_not_taken_for_unreadable_while_the_drive_is_not_mounted(import_zip, files) -> None:
    dataset = import_zip(sound_frames(3))
    Dataset.objects.update(inspection_version=0)
    dataset.frames.update(fingerprint="")
    unmount(files)
    datasets.tasks.inspect_next()
    assert not dataset.frames.exclude(fingerprint="").exists()


def test_a_worker_without_the_files_takes_no_job_and_says_so(
    start, import_zip, files, caplog, client: Client, monkeypatch
) -> None:
    monkeypatch.setattr(identity, "_last_line", float("-inf"))
    job = start(datasets=[import_zip(sound_frames(5))], training_steps=100)
    drive = unmount(files)
    worker = Worker("worker-1", command=OBEDIENT)
    worker.warm_up()
    try:
        worker.work()
        worker._report()
        job.refresh_from_db()
        assert (job.state, job.lease_number) == (JobState.QUEUED, 0)
        assert messages.NOT_THERE in caplog.text
        cache.clear()
        said = {check["name"]: check["sentence"] for check in client.get("/readyz").json()["checks"]}
        assert said["training worker"] == f"A training worker takes no jobs. {messages.NOT_THERE}"

        mount(drive, files)
        worker.work()
        worker._report()
    finally:
        worker.shut_down()
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED
    assert not registry.live_workers().exclude(problem="").exists()


def test_why_no_work_is_taken_is_logged_once_a_minute(caplog, monkeypatch: pytest.MonkeyPatch, files) -> None:
    now = [1000.0]
    monkeypatch.setattr(identity.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(identity, "_last_line", float("-inf"))
    identity.problem()
    unmount(files)
    for second in (1000.0, 1030.0, 1060.0):
        now[0] = second
        assert identity.work_must_wait()
    assert caplog.text.count("no work is taken") == 2


def test_no_checkpoint_is_written_below_a_drive_that_is_gone(start, import_zip, files, settings) -> None:
    """The job goes back to the queue, where it waits for a worker that has the files."""
    settings.LEASE_SECONDS = 5
    job = start(datasets=[import_zip(sound_frames(5))], training_steps=100)

    def script(trainer):
        trainer.is_at("training", 1)
        yield
        unmount(files)
        trainer.saves(100)
        yield from [None] * 10

    supervise(job, script)

    assert (job.state, job.steps_completed) == (JobState.QUEUED, 0)
    assert list(files.iterdir()) == []


def test_a_drive_that_is_gone_is_no_fault_of_the_job(files) -> None:
    identity.problem()
    drive = unmount(files)
    assert is_outage(StorageAway())
    mount(drive, files)
    assert not is_outage(StorageAway())


def test_nor_is_a_database_that_is_away_with_the_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "problem", Mock(side_effect=OperationalError))
    monkeypatch.setattr("training.worker.patience.connection", Mock())
    assert is_outage(StorageAway())


def test_operators_are_told_until_it_is_settled(import_zip, operator_client: Client, client: Client) -> None:
    import_zip(sound_frames(2))
    becomes_another_database()
    tasks.watch()
    assert "belong to another database" in operator_client.get("/console/").content.decode()
    cache.clear()
    answer = client.get("/readyz")
    said = {check["name"]: check["sentence"] for check in answer.json()["checks"]}
    assert (answer.status_code, said["installation"]) == (503, messages.OTHER_DATABASE)

    identity.adopt()
    assert not Alarm.objects.exists()
    cache.clear()
    said = {check["name"]: check["sentence"] for check in client.get("/readyz").json()["checks"]}
    assert said["installation"] == "The stored files belong to this database."


def test_a_person_looks_and_then_has_them_belong_together(import_zip, stored_files) -> None:
    import_zip(sound_frames(2))
    before = stored_files()
    is_new_and_empty()

    said = StringIO()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("adopt_storage", stdout=said)
    assert messages.OTHER_DATABASE in said.getvalue()
    assert "datasets that are stored: 0 that the database knows, 1 unknown" in said.getvalue()
    assert identity.problem() == messages.OTHER_DATABASE

    call_command("adopt_storage", "--yes", stdout=StringIO())
    assert identity.problem() == ""
    datasets.services.unused_files.remove_unused_files()
    assert stored_files() == before, "what is unknown waits for days"


def test_a_second_server_that_adopts_the_files_is_noticed_by_the_first() -> None:
    identity.problem()
    first = Installation.objects.get()
    Installation.objects.all().delete()  # the second server's database
    identity.adopt()
    Installation.objects.all().delete()
    first.save(force_insert=True)
    assert identity.problem() == messages.OTHER_DATABASE


def test_a_storage_that_does_not_answer_is_no_mix_up(away_storage) -> None:
    tasks.watch()
    assert "isn't responding" in identity.why_not()
    assert not Alarm.objects.exists()


def test_a_storage_that_takes_no_file_says_so(settings, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    options = {"location": str(tmp_path / "a file" / "folder")}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "ftcml.core.files.folder.Folder", "OPTIONS": options},
    }
    assert identity.problem() == messages.NOT_WRITABLE
