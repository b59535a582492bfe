"""Datasets imported before anybody looked at them are looked at by a worker: once, and the same as an import does."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from datasets import tasks
from datasets.inspection import inspecting
from datasets.inspection.findings import VERSION, Inspection
from datasets.models import Dataset, Frame
from ftcml.core.files import storage
from ftcml.core.pictures.near_duplicates import UNREADABLE
from tests.datasets.archives import sound_frames
from tests.factories import DatasetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOTED = ("split", "number", "fingerprint", "label_numbers", "small_label_numbers")


@pytest.fixture
def imported(import_zip) -> Dataset:
    return import_zip(sound_frames(10))


@pytest.fixture
def older(imported: Dataset) -> Dataset:
    """As a dataset stands there that was imported before there was an inspection."""
    Frame.objects.update(fingerprint="", label_numbers="", small_label_numbers="")
    Dataset.objects.update(inspection={}, inspection_version=0)
    imported.refresh_from_db()
    return imported


def test_an_import_ends_with_an_inspection(imported: Dataset) -> None:
    assert not inspecting.is_waiting(imported)
    found = Inspection.of(imported)
    assert found is not None
    assert sum(found.sizes["ball"]) == 10
    assert (found.near_duplicates.frames, found.near_duplicates.pairs) == (2, 16), "all ten frames are the same picture"
    assert inspecting.looked_at(imported) == 10


def test_a_worker_finds_the_same_as_the_import_did(import_zip, monkeypatch) -> None:
    imported = import_zip(sound_frames(10))
    found, noted = imported.inspection, list(imported.frames.values_list(*NOTED))
    Frame.objects.update(fingerprint="", label_numbers="", small_label_numbers="")
    Dataset.objects.update(inspection={}, inspection_version=0)
    monkeypatch.setattr(inspecting, "_FRAMES_AT_ONCE", 3)
    tasks.inspect_next()
    imported.refresh_from_db()
    assert (imported.inspection, list(imported.frames.values_list(*NOTED))) == (found, noted)
    assert not inspecting.due().exists()


def test_a_picture_that_is_gone_is_like_no_other(older: Dataset) -> None:
    gone = older.frames.filter(split="evaluation").first()
    storage.remove(gone.picture_name)
    inspecting.inspect(older)
    gone.refresh_from_db()
    assert gone.fingerprint == UNREADABLE
    older.refresh_from_db()
    assert Inspection.of(older).near_duplicates.frames == 1


def test_two_workers_never_look_at_one_dataset_at_once(older: Dataset) -> None:
    Dataset.objects.update(inspection_lease_until=timezone.now() + timedelta(minutes=1))
    assert not inspecting.due().exists()
    inspecting.inspect(older)  # read before the other one took it
    older.refresh_from_db()
    assert older.inspection_version == 0


def test_what_a_dead_worker_left_is_gone_on_with(older: Dataset) -> None:
    Dataset.objects.update(inspection_lease_until=timezone.now() - timedelta(seconds=1))
    tasks.inspect_next()
    older.refresh_from_db()
    assert (older.inspection_version, older.inspection_lease_until) == (VERSION, None)


def test_what_broke_is_left_alone_for_a_while(older: Dataset, monkeypatch) -> None:
    def broken(frame: Frame) -> str:
        raise RuntimeError("no storage")

    monkeypatch.setattr(inspecting, "_fingerprint_of", broken)
    tasks.inspect_next()
    assert not inspecting.due().exists()
    assert Dataset.objects.get().inspection_version == 0


def test_a_dataset_deleted_meanwhile_stays_deleted(older: Dataset, monkeypatch) -> None:
    def deleted(frame: Frame) -> str:
        Dataset.objects.all().delete()
        return UNREADABLE

    monkeypatch.setattr(inspecting, "_fingerprint_of", deleted)
    inspecting.inspect(older)
    assert not Dataset.objects.exists()


def test_only_ready_datasets_are_looked_at() -> None:
    DatasetFactory(state=Dataset.State.PRODUCING, labels=[], counts={})
    DatasetFactory(state=Dataset.State.FAILED, labels=[], counts={})
    assert not inspecting.due().exists()


def test_a_frame_whose_picture_is_damaged_does_not_stop_the_others(older: Dataset, tmp_path: Path) -> None:
    frame = older.frames.first()
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(storage.open_file(frame.picture_name).read()[:300])
    storage.put(frame.picture_name, damaged)
    inspecting.inspect(older)
    frame.refresh_from_db()
    older.refresh_from_db()
    assert (frame.fingerprint, older.inspection_version) == (UNREADABLE, VERSION)
