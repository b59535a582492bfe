"""Sets in TFRecord files with a label map, as this server, the reference and other tools write them."""

import gzip
import os
import zlib
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.formats import catalog
from datasets.formats.common import own_splits
from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.tf_records import label_maps, tf_examples
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.split import Split
from datasets.tfrecords import Box, Record, framed, label_map_text, write_shard
from tests.datasets.archives import SIZE, picture
from tests.datasets.formats.tf_records.record_files import (
    A_BALL,
    BALL_AND_CUBE,
    JPEG,
    found,
    only,
    record,
    zipped,
)


def test_the_references_own_download_is_read() -> None:
    archive = zipped({"train.record-00000-of-00001": framed(record()), "label.pbtxt": BALL_AND_CUBE})
    assert catalog.detect(archive).key == "records"
    (sample,) = tf_examples.read(archive, Repairs()).samples
    assert (sample.filename, sample.size, sample.split) == ("video-1_00007.jpg", SIZE, Split.TRAINING)
    assert (sample.boxes, sample.objects, sample.read()) == ([A_BALL], 1, picture())


@pytest.mark.parametrize(
    "name", ["a.record", "A.TFRECORD", "set/a.tfrecords", "a.record-00000-of-00001", "a-00003-of-00010"]
)
def test_shards_have_many_names(name: str) -> None:
    assert tf_examples.marks(zipped({name: b"", "label.pbtxt": "", "record.txt": "", "a.jpg": b""})) == [name]


@pytest.mark.parametrize(
    "text",
    [
        'item { id: 2 name: "cube" } item { name: "ball" id: 1 }',
        "item {\n  name: 'ball',\n  id: 1,\n  display_name: 'ball'\n}\n",
        'item: { name: "/m/018xm" id: 1 display_name: "ball" } # of Open Images',
    ],
)
def test_an_id_alone_becomes_the_label_of_the_map(text: str) -> None:
    sample = only({"a.record": framed(record(text=None)), "label_map.pbtxt": text})
    assert sample.boxes == [A_BALL]


def test_ids_of_another_order_are_written_anew(import_zip) -> None:
    """The labels' places in the sorted order are their ids here, whatever they were."""
    shard = framed(record(text=[b"cube"], label=[1])) + framed(record(text=None, label=[2]))
    dataset = import_zip({"a.record": shard, "label.pbtxt": label_map_text(["cube", "ball"])}, eval_percent=0)
    assert [[box["label"] for box in frame.boxes] for frame in dataset.frames.all()] == [["cube"], ["ball"]]
    assert dataset.labels == ["ball", "cube"]


def test_each_shard_has_the_map_that_lies_nearest() -> None:
    files = {f"{split}/a.tfrecord": framed(record(text=None)) for split in ("train", "valid")}
    maps = {"train/map.pbtxt": label_map_text(["cone"]), "valid/map.pbtxt": label_map_text(["ring"])}
    assert [(sample.boxes[0].label, sample.split) for sample in found(files | maps)] == [
        ("cone", Split.TRAINING),
        ("ring", Split.EVALUATION),
    ]


def test_no_map_is_needed_where_every_box_has_its_text() -> None:
    assert only({"a.record": framed(record())}).boxes == [A_BALL]


def test_numbers_that_nothing_names_are_refused() -> None:
    with pytest.raises(DatasetRefused, match=r"numbers instead of labels.*label\.pbtxt file"):
        found({"a.record": framed(record(text=None))})


def test_a_number_that_the_map_lacks_is_a_box_without_a_label() -> None:
    sample = only({"a.record": framed(record(text=None, label=[7])), "label.pbtxt": BALL_AND_CUBE})
    assert (sample.boxes, sample.objects) == ([], 1)


def test_a_record_may_lack_all_but_its_picture_and_boxes() -> None:
    bare = record(height=None, width=None, filename=None, source_id=None, sha256=None, format=None, label=None)
    sample = only({"set/cones.record": framed(bare)})
    assert (sample.filename, sample.size, sample.boxes) == ("cones.record-000001.jpg", SIZE, [A_BALL])


def test_png_is_a_picture_too(import_zip) -> None:
    dataset = import_zip({"a.record": framed(record(encoded=[picture(kind="PNG")]))})
    assert (dataset.state, dataset.frames.get().boxes) == (Dataset.State.READY, [_in_fractions()])


def test_boxes_are_fractions_whatever_size_is_stated(import_zip) -> None:
    dataset = import_zip({"a.record": framed(record(width=[900], height=[1]))})
    assert (dataset.frames.get().boxes, dataset.repairs) == ([_in_fractions()], [])


@pytest.mark.parametrize(
    ("stated", "box"), [((120, 160), [0.125, 0.25, 0.75, 0.5]), ((160, 120), [0.25, 0.25, 0.5, 0.875])]
)
def test_a_box_turns_with_a_picture_that_was_stored_turned(import_zip, stated, box: list[float]) -> None:
    """TensorFlow does not turn pictures, so a box lies in the picture as stored; the size says when it does not."""
    width, height = stated
    turned = framed(record(encoded=[picture(orientation=6)], width=[width], height=[height]))
    assert import_zip({"a.record": turned}).frames.get().boxes == [{"label": "ball", "box": box}]


@pytest.mark.parametrize(
    ("orientation", "box"),
    [(2, [0.125, 0.5, 0.75, 0.75]), (3, [0.25, 0.5, 0.875, 0.75]), (4, [0.25, 0.25, 0.875, 0.5])],
)
def test_a_box_goes_with_a_mirrored_picture_and_one_upside_down(import_zip, orientation: int, box: list[float]) -> None:
    turned = framed(record(encoded=[picture(orientation=orientation)]))
    assert import_zip({"a.record": turned}).frames.get().boxes == [{"label": "ball", "box": box}]


IN_PIXELS = {"xmin": [40.0], "ymin": [15.0], "xmax": [80.0], "ymax": [90.0]}


@pytest.mark.parametrize("stated", [{}, {"width": [80], "height": [60]}], ids=["its own size", "a smaller copy"])
def test_boxes_in_pixels_are_taken_for_that_and_said(import_zip, stated: dict) -> None:
    factor = 0.5 if stated else 1
    borders = {border: [value * factor for value in values] for border, values in IN_PIXELS.items()}
    dataset = import_zip({"a.record": framed(record(**borders, **stated))})
    assert dataset.frames.get().boxes == [_in_fractions()]
    assert ("units", "a.record") in [(entry["kind"], entry["file"]) for entry in dataset.repairs]


def test_a_box_in_pixels_among_fractions_is_dropped() -> None:
    sound = framed(record())
    samples = found({"a.record": sound + framed(record(**IN_PIXELS)) + sound})
    assert [(sample.boxes, sample.objects) for sample in samples] == [([A_BALL], 1), ([], 1), ([A_BALL], 1)]


@pytest.mark.parametrize("window", [31, 15], ids=["gzip", "zlib"])
@pytest.mark.parametrize("name", ["train.tfrecord", "train.tfrecord.gz"])
def test_packed_shards_are_unpacked(window: int, name: str) -> None:
    packer = zlib.compressobj(wbits=window)
    files = {name: packer.compress(framed(record()) * 3) + packer.flush(), "label.pbtxt": BALL_AND_CUBE}
    assert catalog.detect(zipped(files)).key == "records"
    assert [(sample.boxes, sample.split) for sample in found(files)] == [([A_BALL], Split.TRAINING)] * 3


def test_a_packed_shard_that_is_cut_off_is_read_up_to_there() -> None:
    packed = gzip.compress(framed(record()) + os.urandom(100_000))
    repairs = Repairs()
    assert len(found({"a.record": packed[:-90_000]}, repairs)) == 1
    assert [entry["kind"] for entry in repairs.entries()] == ["cut_off"]


def test_a_packed_shard_may_not_unpack_to_any_size(settings) -> None:
    settings.IMPORT_MAX_UNPACKED_BYTES = 100_000
    with pytest.raises(DatasetRefused, match="unpacks to more than"):
        found({"a.record": gzip.compress(framed(bytes(60_000)) * 9)})


def _in_fractions() -> dict:
    return {"label": "ball", "box": [0.125, 0.25, 0.75, 0.5]}


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("training-00000-of-00004.record", Split.TRAINING),
        ("cones_train.record-00000-of-00010", Split.TRAINING),
        ("eval_cones.tfrecord", Split.EVALUATION),
        ("set/VALID/cones.tfrecord", Split.EVALUATION),
        ("test/train.record", Split.TRAINING),
        ("gym/cones.record", None),
        ("trained-00000-of-00001", None),
    ],
)
def test_a_shards_name_tells_its_split(path: str, split: Split | None) -> None:
    assert own_splits.of_shard(path) == split


def test_a_set_that_was_written_here_comes_back(tmp_path: Path) -> None:
    shard = tmp_path / "evaluation-00000-of-00001.record"
    box = Box("größe", 0.125, 0.25, 0.5, 1.0)
    write_shard(
        shard, [Record("a b.jpg", picture(), *SIZE, [box]), Record("negative.jpg", picture(), *SIZE)], ["größe"]
    )
    labeled, negative = found({shard.name: shard.read_bytes(), "label.pbtxt": label_map_text(["größe"])})
    assert labeled.boxes == [PixelBox("größe", 40, 15, 160, 60)]
    assert (negative.filename, negative.boxes, negative.objects) == ("negative.jpg", [], 0)
    assert {labeled.split, negative.split} == {Split.EVALUATION}


_labels = st.text(min_size=1, max_size=30).map(tf_examples.one_line).filter(bool)
_fractions = st.floats(0, 1).map(lambda number: round(number, 3))
_boxes = st.lists(st.tuples(_labels, _fractions, _fractions, _fractions, _fractions), max_size=4)


@given(st.lists(st.tuples(_labels, _boxes, st.sampled_from(Split)), min_size=1, max_size=6))
@hypothesis.settings(max_examples=50)
def test_what_is_written_is_read_again_as_it_was(frames: list) -> None:
    width, height = SIZE
    samples = [
        Sample(name, lambda: JPEG, SIZE, [PixelBox(label, x * width, y * height, u * width, v * height)
               for label, x, y, u, v in boxes], len(boxes), split)
        for name, boxes, split in frames
    ]  # fmt: skip
    labels = sorted({box.label for sample in samples for box in sample.boxes})
    files = {path: b"".join(content) for path, content in tf_examples.write(samples, labels)}
    assert label_maps.parsed(files["label.pbtxt"].decode()) == dict(enumerate(labels, start=1))
    again = {split: [sample for sample in found(files) if sample.split == split] for split in Split}
    for split, read in again.items():
        written = [sample for sample in samples if sample.split == split]
        assert [(s.filename, s.size, s.objects, s.read()) for s in read] == [
            (s.filename, s.size, s.objects, JPEG) for s in written
        ]
        for before, after in zip(written, read, strict=True):
            assert [box.label for box in after.boxes] == [box.label for box in before.boxes]
            assert _numbers(after) == pytest.approx(_numbers(before), abs=1e-4)


def _numbers(sample: Sample) -> list[float]:
    return [number for box in sample.boxes for number in (box.xmin, box.ymin, box.xmax, box.ymax)]


def test_shards_hold_fifty_frames_each() -> None:
    samples = [Sample(f"{number}.jpg", lambda: JPEG, SIZE, split=Split.TRAINING) for number in range(101)]
    assert [path for path, content in tf_examples.write(samples, []) if list(content)] == [
        *("label.pbtxt", "training-00000-of-00003.record", "training-00001-of-00003.record"),
        "training-00002-of-00003.record",
    ]
