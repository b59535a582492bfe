"""What an import repairs or skips, it says."""

import io
import json

import pytest
from PIL import Image

from datasets import messages
from datasets.models import Dataset
from datasets.reasons import Note, Reason
from datasets.repairs import NAMED_PER_KIND, Kind, Repairs
from ftcml.core.files import storage
from tests.datasets.archives import A_BALL, annotation, coco, one_frame, picture, sound_frames, write_zip

pytestmark = pytest.mark.django_db


def only_repair(dataset: Dataset) -> tuple[str, str, str]:
    assert dataset.state == Dataset.State.READY, dataset.error
    (entry,) = dataset.repairs
    return entry["kind"], entry["file"], messages.of_repair(entry)


def box_in_pixels(dataset: Dataset, filename: str = "a.jpg") -> list[float]:
    """[xmin, ymin, xmax, ymax] of the frame's only box."""
    frame = dataset.frames.get(filename=filename)
    ymin, xmin, ymax, xmax = frame.boxes[0]["box"]
    return [round(v, 3) for v in (xmin * frame.width, ymin * frame.height, xmax * frame.width, ymax * frame.height)]


def test_a_truncated_picture_is_skipped(import_zip) -> None:
    files = sound_frames(10)
    files["frame-003.jpg"] = files["frame-003.jpg"][:-300]
    dataset = import_zip(files)
    assert only_repair(dataset) == ("picture_skipped", "frame-003.jpg", "Damaged or not a picture, so we skipped it.")
    assert dataset.frames.count() == 9


def test_a_picture_whose_bytes_were_changed_in_the_zip_is_skipped(import_zip, tmp_path) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(10) | {"noise.bmp": b"BM" + bytes(range(200))})
    archive.write_bytes(archive.read_bytes().replace(bytes(range(100, 150)), bytes(50)))
    assert only_repair(import_zip(archive))[:2] == ("picture_skipped", "noise.bmp")


def test_the_whole_is_refused_when_more_than_one_picture_in_ten_is_broken(import_zip, stored_files) -> None:
    files = sound_frames(19)
    files["frame-003.jpg"] = files["frame-011.jpg"] = b"not a picture"
    dataset = import_zip(files)
    assert dataset.state == Dataset.State.FAILED
    said = "We can't read more than one in ten of the 19 pictures, for example “frame-011.jpg”"
    assert dataset.error.startswith(said)
    assert stored_files() == []


def test_a_box_over_the_border_is_cut_off_there(import_zip) -> None:
    dataset = import_zip(one_frame(picture(), [("ball", -10, 20, 200, 121)]))
    assert only_repair(dataset) == ("box_clipped", "a.jpg", "1 box reached over the edge. We cut it there.")
    assert box_in_pixels(dataset) == [0, 20, 160, 120]


@pytest.mark.parametrize(
    "bad",
    [
        ("ball", 50, 50, 50, 80),
        ("ball", 80, 50, 20, 90),
        ("ball", 200, 10, 300, 50),
        ("ball", "nan", 1, 2, 3),
        ("ball", "1e999", 1, 2, 3),
        ("", 1, 1, 50, 50),
    ],
    ids=["empty", "inverted", "outside", "not a number", "infinite", "no label"],
)
def test_a_box_that_cannot_be_used_is_dropped(import_zip, bad) -> None:
    dataset = import_zip(one_frame(picture(), [A_BALL, bad]))
    assert only_repair(dataset) == ("box_dropped", "a.jpg", "1 box had no label or no area. We removed it.")
    assert len(dataset.frames.get().boxes) == 1


def test_a_frame_whose_every_box_was_dropped_is_left_out_and_not_called_negative(import_zip) -> None:
    dataset = import_zip(sound_frames(4) | one_frame(picture(), [("ball", 9, 9, 9, 9)], "z.jpg"), eval_percent=0)
    assert [(entry["kind"], entry["file"]) for entry in dataset.repairs] == [
        ("box_dropped", "z.jpg"),
        ("frame_skipped", "z.jpg"),
    ]
    assert dataset.counts["training"] == {"frames": 4, "negative_frames": 0, "label_counts": {"ball": 4}}


@pytest.mark.parametrize(
    ("drawn_on", "drawn"),
    [((160, 120), (20, 30, 80, 90)), ((120, 160), (30, 20, 90, 80)), (None, (30, 20, 90, 80))],
    ids=["before the rotation", "after it", "on a picture shown upright"],
)
def test_a_rotated_photograph_is_turned_upright_with_its_boxes(import_zip, drawn_on, drawn) -> None:
    """Orientation 5 mirrors along the diagonal, so x and y change places."""
    dataset = import_zip(one_frame(picture((160, 120), orientation=5), [("ball", *drawn)], size=drawn_on))
    assert only_repair(dataset)[:2] == ("rotated", "a.jpg")
    frame = dataset.frames.get()
    assert (frame.width, frame.height) == (120, 160)
    assert box_in_pixels(dataset) == [30, 20, 90, 80]
    stored = Image.open(io.BytesIO(storage.open_file(frame.picture_name).read()))
    assert stored.size == (120, 160)
    assert not stored.getexif()


def test_an_annotation_of_a_larger_copy_is_scaled(import_zip) -> None:
    dataset = import_zip(one_frame(picture(), [("ball", 40, 60, 160, 180)], size=(320, 240)))
    text = "The annotation says 320 × 240, but the picture is 160 × 120. We scaled the boxes."
    assert only_repair(dataset) == ("size_differs", "a.jpg", text)
    assert box_in_pixels(dataset) == [20, 30, 80, 90]


def test_an_annotation_of_another_shape_is_taken_for_pixels(import_zip) -> None:
    dataset = import_zip(one_frame(picture(), [A_BALL], size=(120, 160)))
    text = "The annotation says 120 × 160, but the picture is 160 × 120. We read the boxes as pixels."
    assert only_repair(dataset) == ("size_differs", "a.jpg", text)
    assert box_in_pixels(dataset) == [20, 30, 80, 90]


def test_a_size_of_zero_says_nothing(import_zip) -> None:
    dataset = import_zip(one_frame(picture(), [A_BALL], size=(0, 0)))
    assert dataset.repairs == []
    assert box_in_pixels(dataset) == [20, 30, 80, 90]


def test_a_broken_annotation_takes_its_picture_with_it(import_zip) -> None:
    files = sound_frames(4)
    files["frame-002.xml"] = files["frame-002.xml"][:-20]
    dataset = import_zip(files)
    text = "This XML file isn't complete, so we skipped it and its picture."
    assert only_repair(dataset) == ("annotation_skipped", "frame-002.xml", text)
    assert dataset.frames.count() == 3


def test_an_annotation_without_a_picture_is_named(import_zip) -> None:
    dataset = import_zip(sound_frames(3) | {"lost.xml": annotation("lost.jpg", [A_BALL])})
    assert only_repair(dataset) == ("picture_missing", "lost.xml", "Its picture isn't in the zip file.")


def test_a_second_annotation_of_a_picture_is_named(import_zip) -> None:
    dataset = import_zip(sound_frames(3) | {"zz.xml": annotation("frame-001.jpg", [A_BALL])})
    assert only_repair(dataset) == ("annotation_skipped", "zz.xml", "Its picture has another annotation.")


def test_many_repairs_are_counted_exactly_and_named_in_part() -> None:
    repairs = Repairs()
    for number in range(1000):
        repairs.add(Kind.BOX_CLIPPED, f"{number}.jpg", Reason(Note.BOXES_CUT, {"boxes": 1}))
    repairs.add(Kind.ROTATED, "a.jpg", Reason(Note.ROTATED))
    entries = json.loads(json.dumps(repairs.entries()))
    assert len(entries) == NAMED_PER_KIND + 2
    assert messages.summary(entries) == {
        "Pictures with a box cut at the edge": 1000,
        "Pictures turned upright": 1,
    }


def test_a_box_that_was_drawn_twice_counts_once(import_zip) -> None:
    dataset = import_zip(one_frame(picture(), [A_BALL, A_BALL, ("cube", *A_BALL[1:]), ("ball", 20.001, 30, 80, 90)]))
    assert only_repair(dataset) == ("duplicate_box", "a.jpg", "2 boxes were drawn twice. We kept one of each.")
    assert [box["label"] for box in dataset.frames.get().boxes] == ["ball", "cube"]


def test_boxes_of_label_studio_are_of_the_picture_as_it_is_shown(import_zip) -> None:
    """It writes the size of the picture as stored, and boxes of the picture turned upright."""
    note = json.loads(coco({1: "a.jpg"}, {1: "ball"}, [(1, 1, 30, 20, 60, 60)], info={"contributor": "Label Studio"}))
    dataset = import_zip({"a.jpg": picture((160, 120), orientation=5), "result.json": json.dumps(note)})
    assert only_repair(dataset) == ("rotated", "a.jpg", "We turned it upright.")
    assert box_in_pixels(dataset) == [30, 20, 90, 80]


def test_a_box_that_fits_the_upright_picture_alone_was_drawn_on_that(import_zip) -> None:
    """Whatever size the annotation states."""
    boxes = [("ball", 30, 20, 90, 80), ("ball", 30, 100, 90, 150)]
    dataset = import_zip(one_frame(picture((160, 120), orientation=6), boxes, size=(160, 120)))
    assert box_in_pixels(dataset) == [30, 20, 90, 80]
