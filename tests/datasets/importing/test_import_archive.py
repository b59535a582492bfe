"""Zips as the world makes them, and the datasets that come out."""

import re
from pathlib import Path

import pytest

from datasets.models import Dataset
from datasets.sample import sample_dataset
from datasets.split import Split
from datasets.tfrecords import shard_name
from ftcml.core.files import storage
from tests.datasets.archives import A_BALL, annotation, one_frame, picture, sound_frames, write_zip

pytestmark = pytest.mark.django_db


def frame_names(dataset: Dataset) -> set[str]:
    return set(dataset.frames.values_list("filename", flat=True))


def test_the_raccoon_set_becomes_160_and_40_frames_in_shards_of_50(import_zip, raccoon_zip: Path) -> None:
    dataset = import_zip(raccoon_zip)
    assert dataset.state == Dataset.State.READY
    assert dataset.labels == ["raccoon"]
    assert dataset.counts["training"]["frames"] == 160
    assert dataset.counts["evaluation"]["frames"] == 40
    boxes = [split["label_counts"]["raccoon"] for split in dataset.counts.values()]
    assert sum(boxes) == 217
    shards = {shard.name.rpartition("/")[2]: shard.frames for shard in dataset.shards.all()}
    assert shards == {
        "evaluation-00000-of-00001.record": 40,
        "training-00000-of-00004.record": 50,
        "training-00001-of-00004.record": 50,
        "training-00002-of-00004.record": 50,
        "training-00003-of-00004.record": 10,
    }
    assert dataset.repairs == []


def test_the_sample_set_has_two_labels_and_negative_frames(import_zip, tmp_path: Path) -> None:
    sample_dataset.write_archive(tmp_path / "sample.zip", frames=10)
    dataset = import_zip(tmp_path / "sample.zip")
    assert dataset.labels == ["ball", "cube"]
    assert sum(split["frames"] for split in dataset.counts.values()) == 10
    assert sum(split["negative_frames"] for split in dataset.counts.values()) >= 1
    assert dataset.repairs == []


def test_label_ids_count_from_1_in_sorted_order(import_zip) -> None:
    dataset = import_zip(sound_frames(5, [("Pixel", 1, 1, 30, 30), ("cone", 5, 5, 50, 50), ("ball", 9, 9, 60, 60)]))
    assert dataset.labels == ["Pixel", "ball", "cone"]
    text = storage.open_file(dataset.label_map_name).read().decode()
    assert re.findall(r'id: (\d)\s+name: "(\w+)"', text) == [("1", "Pixel"), ("2", "ball"), ("3", "cone")]


def test_frames_stay_viewable_with_their_boxes(import_zip) -> None:
    data = picture()
    dataset = import_zip(one_frame(data, [A_BALL]))
    frame = dataset.frames.get()
    assert storage.open_file(frame.picture_name).read() == data
    assert frame.boxes == [{"label": "ball", "box": [30 / 120, 20 / 160, 90 / 120, 80 / 160]}]
    assert (frame.split, frame.number, frame.width, frame.height) == (Split.TRAINING, 0, 160, 120)


def test_pictures_without_boxes_are_negative_frames(import_zip) -> None:
    files = sound_frames(4)
    files |= one_frame(picture(), [], "nothing-drawn.jpg")
    files["no-annotation.jpg"] = picture()
    dataset = import_zip(files, eval_percent=0)
    assert dataset.counts["training"] == {"frames": 6, "negative_frames": 2, "label_counts": {"ball": 4}}
    assert dataset.counts["evaluation"] == {"frames": 0, "negative_frames": 0, "label_counts": {"ball": 0}}


def test_a_dataset_without_evaluation_frames_has_no_evaluation_shard(import_zip) -> None:
    dataset = import_zip(sound_frames(3), eval_percent=0)
    assert [shard.split for shard in dataset.shards.all()] == [Split.TRAINING]


def test_two_imports_of_one_zip_split_alike(import_zip) -> None:
    first, second = import_zip(sound_frames(20)), import_zip(sound_frames(20))
    evaluation = [
        set(d.frames.filter(split=Split.EVALUATION).values_list("filename", flat=True)) for d in (first, second)
    ]
    assert evaluation[0] == evaluation[1]
    assert len(evaluation[0]) == 4


@pytest.mark.parametrize(
    ("picture_path", "annotation_path", "filename"),
    [
        ("set/images/a.jpg", "set/annotations/a.xml", "a.jpg"),
        ("A.JPG", "A.XML", "A.JPG"),
        ("my robot 1.jpeg", "my robot 1.xml", "my robot 1.jpeg"),
        ("Übung/größe-é.jpg", "Übung/größe-é.xml", "größe-é.jpg"),
        ("a.jpg", "a.xml", r"C:\Users\kim\Desktop\a.jpg"),
        ("a.jpg", "a.xml", "/home/kim/pictures/a.jpg"),
        ("a.jpg", "a.xml", ""),
        ("a.jpg", "a.xml", "renamed-since.jpg"),
        ("a.jpg", "other-name.xml", "a.jpg"),
        ("a.jpg", "a.xml", "a.png"),
    ],
)
def test_an_annotation_finds_its_picture(import_zip, picture_path: str, annotation_path: str, filename: str) -> None:
    dataset = import_zip({picture_path: picture(), annotation_path: annotation(filename, [A_BALL])})
    assert dataset.state == Dataset.State.READY, dataset.error
    assert dataset.frames.get().filename == picture_path
    assert dataset.counts["training"]["label_counts"] == {"ball": 1}


def test_the_same_names_in_two_folders_stay_apart(import_zip) -> None:
    files = {}
    for folder, label in (("train", "ball"), ("valid", "cube")):
        files[f"{folder}/0001.jpg"] = picture()
        files[f"{folder}/0001.xml"] = annotation("0001.jpg", [(label, 1, 1, 50, 50)])
    dataset = import_zip(files, eval_percent=0)
    labels = {frame.filename: frame.boxes[0]["label"] for frame in dataset.frames.all()}
    assert labels == {"train/0001.jpg": "ball", "valid/0001.jpg": "cube"}


def test_what_file_managers_and_voc_itself_add_is_no_picture(import_zip) -> None:
    files = sound_frames(3)
    files["__MACOSX/._frame-000.jpg"] = b"resource fork"
    files[".DS_Store"] = b"Finder"
    files["Thumbs.db"] = b"Explorer"
    files["README.txt"] = b"made by kim"
    files["SegmentationClass/frame-000.png"] = picture(kind="PNG")
    files["pom.xml"] = "<project></project>"
    assert frame_names(import_zip(files)) == {"frame-000.jpg", "frame-001.jpg", "frame-002.jpg"}


def test_utf8_names_that_do_not_say_so_are_understood(import_zip, tmp_path: Path) -> None:
    """As macOS writes them: the bytes are UTF-8, the flag for it is not set."""
    archive = tmp_path / "mac.zip"
    import_of = {"xx.jpg": picture(), "xx.xml": annotation("é.jpg", [A_BALL])}
    write_zip(archive, import_of)
    archive.write_bytes(archive.read_bytes().replace(b"xx.jpg", "é.jpg".encode()).replace(b"xx.xml", "é.xml".encode()))
    assert frame_names(import_zip(archive)) == {"é.jpg"}


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_other_formats_become_jpeg(import_zip, kind: str, mode: str) -> None:
    dataset = import_zip(one_frame(picture(kind=kind, mode=mode), [A_BALL], f"a.{kind.lower()}"))
    assert dataset.state == Dataset.State.READY, dataset.error
    assert storage.open_file(dataset.frames.get().picture_name).read(3) == b"\xff\xd8\xff"


def test_the_upload_is_removed_when_it_is_imported(import_zip) -> None:
    dataset = import_zip(sound_frames(3))
    assert not storage.exists(dataset.archive_name)


def test_shard_names_follow_the_custom_of_the_field() -> None:
    assert shard_name("training", 0, 4) == "training-00000-of-00004.record"
