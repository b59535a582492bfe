"""What a killed process leaves behind is found and removed; nothing else is."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from datasets import tasks
from datasets.importing import producing
from datasets.importing.import_leases import Lease
from datasets.models import Dataset
from datasets.services import deletion, imports, lost_files
from ftcml.core.files import storage
from ftcml.installation import quarantine, removals
from ftcml.installation.models import Alarm, UnknownFile
from tests.datasets.archives import sound_frames, write_zip
from tests.datasets.producing import import_what_waits

pytestmark = pytest.mark.django_db


def test_the_files_of_a_ready_dataset_stay(import_zip, stored_files) -> None:
    import_zip(sound_frames(3))
    before = stored_files()
    tasks.tidy()
    assert stored_files() == before


def test_files_of_a_deleted_dataset_go_when_the_process_died_before_it_removed_them(import_zip, stored_files) -> None:
    deletion.delete_dataset(import_zip(sound_frames(3)))  # the test's transaction is never committed
    tasks.tidy()
    assert stored_files(), "rows and files go together"
    removals.remove_deleted()
    assert stored_files() == []


def test_files_that_no_row_knows_go_after_a_week(import_zip, stored_files) -> None:
    """As after the restore of an older copy of the database: the newest one may come back."""
    dataset = import_zip(sound_frames(3))
    before = stored_files()
    Dataset.objects.all().delete()
    tasks.tidy()
    assert stored_files() == before
    (unknown,) = UnknownFile.objects.all()
    assert (unknown.name, unknown.size) == (dataset.prefix, sum(os.path.getsize(name) for name in before))

    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=7))
    tasks.tidy()
    assert stored_files() == []


@pytest.mark.parametrize("attempts", [0, 3], ids=["which waited", "in its last attempt"])
def test_an_older_copy_of_the_database_costs_no_dataset_that_was_imported_since(
    import_zip, stored_files, attempts: int
) -> None:
    """Its row still waits for the import, whose archive is gone since."""
    dataset = import_zip(sound_frames(3))
    before = stored_files()
    Dataset.objects.update(state=Dataset.State.PRODUCING, import_attempts=attempts, import_lease_until=None)
    import_what_waits()
    tasks.tidy()
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.FAILED
    assert dataset.error.startswith("We don't have this zip file.")
    assert stored_files() == before
    assert (dataset.frames.count(), list(lost_files.found_again())) == (0, []), (
        "the older copy's rows are of no whole set"
    )


def test_an_import_of_an_older_copy_that_is_stopped_costs_no_file(import_zip, stored_files) -> None:
    dataset = import_zip(sound_frames(3))
    before = stored_files()
    Dataset.objects.update(state=Dataset.State.PRODUCING, import_lease_until=None)
    dataset.refresh_from_db()
    producing.fail(dataset, Lease.claim(dataset), "The import was stopped after 60 minutes.")
    tasks.tidy()
    dataset.refresh_from_db()
    assert (dataset.state, dataset.files_lost, stored_files()) == (Dataset.State.FAILED, True, before)


def test_files_that_are_known_again_begin_anew(import_zip, stored_files) -> None:
    dataset = import_zip(sound_frames(3))
    Dataset.objects.all().delete()
    tasks.tidy()
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=6))
    dataset.save(force_insert=True)  # the newest database is back
    tasks.tidy()
    assert not UnknownFile.objects.exists()


def test_files_of_a_failed_dataset_go(import_zip, stored_files) -> None:
    dataset = import_zip(sound_frames(3))
    storage.put(dataset.archive_name, ContentFile(b"PK"))
    Dataset.objects.filter(pk=dataset.pk).update(state=Dataset.State.FAILED)
    tasks.tidy()
    assert stored_files() == []


def test_files_of_a_failed_dataset_without_its_archive_go_after_a_week(import_zip, stored_files) -> None:
    """Where it failed in an older copy of the database, a newer import made them."""
    dataset = import_zip(sound_frames(3))
    before = stored_files()
    Dataset.objects.filter(pk=dataset.pk).update(state=Dataset.State.FAILED)
    tasks.tidy()
    assert stored_files() == before
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=7))
    tasks.tidy()
    assert stored_files() == []


def test_where_most_datasets_failed_without_their_archives_their_files_stay(import_zip, stored_files) -> None:
    """It is more likely that the database is an older copy."""
    for _ in range(quarantine.AT_LEAST):
        import_zip(sound_frames(3))
    before = stored_files()
    Dataset.objects.update(state=Dataset.State.FAILED)
    tasks.tidy()
    UnknownFile.objects.update(first_seen=timezone.now() - timedelta(days=8))
    tasks.tidy()
    assert stored_files() == before
    assert "5 of 5 stored datasets" in Alarm.objects.get().sentence


def test_an_archive_that_was_imported_goes(import_zip) -> None:
    dataset = import_zip(sound_frames(3))
    storage.put(dataset.archive_name, ContentFile(b"PK"))
    tasks.tidy()
    assert not storage.exists(dataset.archive_name)


def test_an_archive_that_waits_for_its_import_stays(team, tmp_path: Path) -> None:
    dataset = imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(3)), "a set")
    tasks.tidy()
    assert storage.exists(dataset.archive_name)


def test_pictures_of_an_import_that_died_go(settings) -> None:
    folder = settings.WORK_DIR / "import-00000000-0000-0000-0000-000000000000-abc"
    folder.mkdir(parents=True)
    (folder / "1.jpg").write_bytes(b"")
    tasks.tidy()
    assert not folder.exists()


def test_uploads_that_were_cut_off_go_after_a_day(settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    old, new = tmp_path / "tmp1.upload.zip", tmp_path / "tmp2.upload.zip"
    for upload in (old, new):
        upload.write_bytes(b"PK")
    os.utime(old, (time.time() - 90_000,) * 2)
    tasks.tidy()
    assert (old.exists(), new.exists()) == (False, True)
