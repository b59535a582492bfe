"""What people change in a dataset: noted first, then saved together as a changed copy."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datasets.edits import DELETED, Edits
from datasets.importing import import_leases, producing
from datasets.inspection.findings import Inspection
from datasets.models import Dataset
from datasets.protos.tf_example_pb2 import Example
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services import deletion, editing, trash, unused_files
from datasets.split import Split
from datasets.tfrecords import frames, label_map_text
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from ftcml.installation import removals
from tests.datasets.archives import one_frame, picture
from tests.datasets.conftest import Importer
from tests.datasets.producing import import_what_waits
from tests.factories import DatasetFactory, TrainingJobFactory

pytestmark = pytest.mark.django_db(transaction=True)

BALL, CUBE = ("ball", 20, 30, 80, 90), ("cube", 90, 30, 150, 90)


@pytest.fixture
def dataset(import_zip: Importer) -> Dataset:
    """Three training frames with a ball, a cube and both, and two evaluation frames with a ball."""
    files: dict = {}
    for name, boxes in {"ball": [BALL], "cube": [CUBE], "both": [BALL, CUBE]}.items():
        files |= one_frame(picture(), boxes, f"train/{name}.jpg")
    for name in ("one", "two"):
        files |= one_frame(picture(), [BALL], f"val/{name}.jpg")
    return import_zip(files)


def saved(dataset: Dataset, description: str = "") -> Dataset:
    """The changed copy, as a worker has made it."""
    copy = editing.save(dataset, None, description)
    import_what_waits()
    editing.settle()
    copy.refresh_from_db()
    return copy


def names(dataset: Dataset, split: Split) -> list[str]:
    return [Path(name).stem for name in dataset.frames.filter(split=split).values_list("filename", flat=True)]


def texts_in_shards(dataset: Dataset) -> list[bytes]:
    found = []
    for shard in dataset.shards.all():
        with storage.open_file(shard.name) as stream:
            for data in frames(stream):
                feature = Example.FromString(data).features.feature
                found += feature["image/object/class/text"].bytes_list.value
    return found


def frame(dataset: Dataset, name: str):
    return dataset.frames.get(filename__endswith=f"{name}.jpg")


def test_a_renamed_label_is_renamed_everywhere(dataset: Dataset) -> None:
    editing.rename_label(dataset, "ball", "  yellow   ball ")
    copy = saved(dataset)
    assert copy.state == Dataset.State.READY, copy.error
    assert copy.labels == ["cube", "yellow ball"]
    assert copy.counts["training"]["label_counts"] == {"cube": 2, "yellow ball": 2}
    with storage.open_file(copy.label_map_name) as stream:
        assert stream.read().decode() == label_map_text(["cube", "yellow ball"])
    assert set(texts_in_shards(copy)) == {b"cube", b"yellow ball"}


def test_pictures_and_inspection_are_those_of_the_new_frames(dataset: Dataset) -> None:
    editing.place_frames(dataset, [frame(dataset, "ball")], DELETED)
    copy = saved(dataset)
    assert sorted(names(copy, Split.TRAINING)) == ["both", "cube"]
    for one in copy.frames.all():
        with storage.open_file(one.picture_name) as stream:
            assert stream.read(2) == b"\xff\xd8"
    assert Inspection.of(copy) is not None
    assert sum(Inspection.of(copy).sizes["cube"]) == 2


def test_a_frame_is_read_without_the_row_of_its_dataset(dataset: Dataset) -> None:
    """Its inspection is large, and would be in memory once for each frame."""
    editing.rename_label(dataset, "cube", "block")
    with CaptureQueriesContext(connection) as queries:
        saved(dataset)
    assert not [query for query in queries if "datasets_frame" in query["sql"] and "inspection" in query["sql"]]


def test_frames_move_between_the_splits(dataset: Dataset) -> None:
    editing.place_frames(dataset, [frame(dataset, "one")], Split.TRAINING)
    editing.place_frames(dataset, [frame(dataset, "cube")], Split.EVALUATION)
    copy = saved(dataset)
    assert sorted(names(copy, Split.TRAINING)) == ["ball", "both", "one"]
    assert sorted(names(copy, Split.EVALUATION)) == ["cube", "two"]
    assert copy.counts["evaluation"]["frames"] == 2


def test_merging_two_labels_must_be_asked_for(dataset: Dataset) -> None:
    with pytest.raises(DatasetRefused) as refused:
        editing.rename_label(dataset, "cube", "ball")
    assert refused.value.reason.code == Code.LABEL_TAKEN
    editing.rename_label(dataset, "cube", "ball", merges=True)
    copy = saved(dataset)
    assert copy.labels == ["ball"]
    assert copy.counts["training"]["label_counts"] == {"ball": 4}


def test_two_labels_may_change_names(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "x")
    editing.rename_label(dataset, "ball", "cube")
    editing.rename_label(dataset, "cube", "ball")
    assert saved(dataset).counts["training"]["label_counts"] == {"ball": 2, "cube": 2}


def test_a_deleted_label_goes_with_its_boxes_and_its_frames_stay(dataset: Dataset) -> None:
    editing.delete_label(dataset, "cube")
    copy = saved(dataset)
    assert copy.labels == ["ball"]
    assert copy.counts["training"] == {"frames": 3, "negative_frames": 1, "label_counts": {"ball": 2}}


def test_a_dataset_that_no_model_uses_is_replaced(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = saved(dataset, "ignored")
    assert copy.description == dataset.description
    assert list(Dataset.objects.all()) == [copy]
    assert copy.edits == {}
    assert copy.edited_from is None


def test_what_was_deleted_by_mistake_comes_back_from_the_trash(dataset: Dataset) -> None:
    editing.place_frames(dataset, [frame(dataset, "both")], DELETED)
    copy = saved(dataset)
    assert list(trash.in_trash()) == [dataset]
    trash.restore(dataset)
    restored = Dataset.objects.exclude(pk=copy.pk).get()
    assert sorted(names(restored, Split.TRAINING)) == ["ball", "both", "cube"]
    assert not editing.draft(restored)


def test_a_dataset_that_is_moved_to_the_trash_while_changes_are_saved_can_be_restored(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    trash.move_to_trash(dataset)
    import_what_waits()
    editing.settle()
    copy.refresh_from_db()
    assert (copy.state, copy.edited_from) == (Dataset.State.READY, None)
    trash.restore(dataset)
    assert set(Dataset.objects.values_list("pk", flat=True)) == {dataset.pk, copy.pk}


def test_a_copy_that_was_in_the_trash_is_made_once_it_is_restored(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    held = import_leases.claim_next()
    assert held
    producing.produce_held(*held, progress=lambda done, of: trash.move_to_trash(copy))
    editing.settle()
    copy.refresh_from_db()
    dataset.refresh_from_db()
    assert (copy.state, list(trash.in_trash())) == (Dataset.State.PRODUCING, [copy])
    assert editing.draft(dataset).labels == {"cube": "block"}

    trash.restore(copy)
    import_what_waits()
    editing.settle()
    copy.refresh_from_db()
    assert (copy.state, copy.labels) == (Dataset.State.READY, ["ball", "block"])
    assert list(Dataset.objects.all()) == [copy]


@pytest.mark.parametrize("is_made", [False, True], ids=["still being made", "just made"])
def test_what_is_changed_while_the_copy_is_in_the_trash_is_kept(dataset: Dataset, is_made: bool) -> None:
    """The copy then stands beside the dataset, which has its changes still to be saved."""
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    if is_made:
        import_what_waits()
    trash.move_to_trash(copy)
    editing.rename_label(dataset, "ball", "globe")
    trash.restore(copy)
    import_what_waits()
    editing.settle()
    assert set(Dataset.objects.all()) == {dataset, copy}
    dataset.refresh_from_db()
    copy.refresh_from_db()
    assert editing.draft(dataset).labels == {"cube": "block", "ball": "globe"}
    assert (copy.labels, copy.edits, copy.edited_from) == (["ball", "block"], {}, None)


def test_a_program_that_changes_a_dataset_costs_a_team_no_changes_of_its_own(dataset: Dataset) -> None:
    editing.rename_label(dataset, "ball", "globe")
    copy = editing.save(dataset, None, edits=Edits({"cube": "block"}))
    import_what_waits()
    editing.settle()
    dataset.refresh_from_db()
    assert editing.draft(dataset).labels == {"ball": "globe"}
    assert set(Dataset.objects.all()) == {dataset, copy}


def test_a_copy_whose_dataset_is_gone_says_so_when_it_is_restored(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    trash.move_to_trash(copy)
    deletion.delete_dataset(dataset)
    removals.remove_deleted()
    copy.refresh_from_db()
    trash.restore(copy)
    import_what_waits()
    copy.refresh_from_db()
    assert copy.state == Dataset.State.FAILED
    assert copy.error == "Someone deleted the dataset you changed before we saved the changes. Choose another dataset."


def test_a_name_that_a_dataset_gets_while_its_changes_are_saved_stays(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    editing.rename(dataset, "gym blocks")
    import_what_waits()
    editing.settle()
    assert [str(one) for one in Dataset.objects.all()] == ["gym blocks"]
    assert Dataset.objects.get() == copy


def test_nothing_is_changed_between_a_copy_and_the_dataset_that_it_replaces(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    import_what_waits()
    with pytest.raises(DatasetRefused, match="still saving"):
        editing.rename_label(dataset, "ball", "globe")
    assert editing.save(dataset, None) == copy


def test_a_dataset_that_a_model_uses_stays_as_it_is(dataset: Dataset) -> None:
    TrainingJobFactory(team=dataset.team, dataset=dataset, labels=dataset.labels)
    before = storage.entries(dataset.prefix)
    editing.rename_label(dataset, "cube", "block")
    copy = saved(dataset, "blocks")
    assert copy.description == "blocks"
    dataset.refresh_from_db()
    assert dataset.labels == ["ball", "cube"]
    assert dataset.edits == {}
    assert storage.entries(dataset.prefix) == before


def test_a_model_that_starts_while_changes_are_saved_keeps_its_dataset(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    TrainingJobFactory(team=dataset.team, dataset=dataset, labels=dataset.labels)
    import_what_waits()
    editing.settle()
    assert set(Dataset.objects.values_list("pk", flat=True)) == {dataset.pk, copy.pk}


def test_nothing_is_lost_where_the_worker_dies(dataset: Dataset, monkeypatch) -> None:
    """Until the copy is whole the dataset is as it was, with its changes still to be saved."""
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    monkeypatch.setattr(producing.EditedCopy, "run", lambda *of: (_ for _ in ()).throw(MemoryError))
    import_what_waits()
    editing.settle()
    copy.refresh_from_db()
    dataset.refresh_from_db()
    assert copy.state == Dataset.State.FAILED
    assert dataset.state == Dataset.State.READY
    assert editing.draft(dataset)
    assert storage.entries(copy.prefix) == []
    monkeypatch.undo()
    assert saved(dataset).labels == ["ball", "block"]


def test_saving_twice_makes_one_copy(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    assert editing.save(dataset, None) == editing.save(dataset, None)
    with pytest.raises(DatasetRefused, match="still saving"):
        editing.delete_label(dataset, "cube")


def test_a_dataset_that_is_deleted_meanwhile_fails_its_copy(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    copy = editing.save(dataset, None)
    deletion.delete_dataset(dataset)
    removals.remove_deleted()
    import_what_waits()
    copy.refresh_from_db()
    assert copy.reason_code == Code.EDITED_DATASET_GONE
    unused_files.remove_unused_files()
    assert not list(Dataset.objects.filter(state=Dataset.State.PRODUCING))


def test_what_is_changed_back_is_no_change(dataset: Dataset) -> None:
    editing.rename_label(dataset, "cube", "block")
    editing.rename_label(dataset, "cube", "cube")
    one = frame(dataset, "one")
    editing.place_frames(dataset, [one], DELETED)
    editing.place_frames(dataset, [one], Split.EVALUATION)
    dataset.refresh_from_db()
    assert editing.draft(dataset) == Edits()
    with pytest.raises(DatasetRefused, match="haven't changed anything"):
        editing.save(dataset, None)


def test_a_program_that_asks_for_what_is_there_gets_no_copy(dataset: Dataset) -> None:
    as_it_is = Edits({"cube": "cube"}, {str(frame(dataset, "one").pk): Split.EVALUATION})
    with pytest.raises(DatasetRefused, match="haven't changed anything"):
        editing.save(dataset, None, edits=as_it_is)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_label_needs_a_name_of_some_length(dataset: Dataset, name: str) -> None:
    with pytest.raises(DatasetRefused, match="1 to 100 characters"):
        editing.rename_label(dataset, "cube", name)


def test_something_must_be_left(dataset: Dataset) -> None:
    editing.delete_label(dataset, "cube")
    with pytest.raises(DatasetRefused, match="only label left"):
        editing.delete_label(dataset, "ball")
    with pytest.raises(DatasetRefused, match="no evaluation frames"):
        editing.place_frames(dataset, list(dataset.frames.filter(split=Split.EVALUATION)), DELETED)
    editing.discard(dataset)
    editing.delete_label(dataset, "ball")
    editing.place_frames(dataset, [frame(dataset, "cube"), frame(dataset, "both")], DELETED)
    with pytest.raises(DatasetRefused, match="No box would be left"):
        editing.save(dataset, None)


def test_changes_need_a_dataset_that_is_ready(team: Team) -> None:
    failed = DatasetFactory(team=team, state="FAILED")
    with pytest.raises(DatasetRefused, match="isn't ready"):
        editing.delete_label(failed, "raccoon")


def test_a_full_team_may_replace_a_dataset_but_add_none(dataset: Dataset, settings) -> None:
    settings.TEAM_MAX_DATASETS = 1
    editing.rename_label(dataset, "cube", "block")
    copy = saved(dataset)
    assert copy.state == Dataset.State.READY
    TrainingJobFactory(team=copy.team, dataset=copy, labels=copy.labels)
    editing.rename_label(copy, "block", "cube")
    with pytest.raises(DatasetRefused, match="limit of 1 dataset"):
        editing.save(copy, None)
