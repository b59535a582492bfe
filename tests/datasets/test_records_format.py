"""Sets in TFRecord files with a label map, as this server, the reference and other tools write them."""

import gzip
import io
import os
import struct
import time
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import messages
from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats import catalog
from datasets.formats.common import own_splits
from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.tf_records import label_maps, tf_examples
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split
from datasets.tfrecords import Box, Example, Record, framed, label_map_text, write_shard
from tests.datasets.archives import SIZE, picture

# Every feature that the reference writes for a frame with one ball, and one cube whose label is told by its id alone.
OF_THE_REFERENCE = {
    "image/height": [120],
    "image/width": [160],
    "image/filename": [b"video-1_00007.jpg"],
    "image/source_id": [b"video-1_00007.jpg"],
    "image/key/sha256": [b"0123"],
    "image/encoded": [picture()],
    "image/format": [b"jpg"],
    "image/object/bbox/xmin": [0.25],
    "image/object/bbox/xmax": [0.5],
    "image/object/bbox/ymin": [0.125],
    "image/object/bbox/ymax": [0.75],
    "image/object/class/text": [b"ball"],
    "image/object/class/label": [1],
}
A_BALL = PixelBox("ball", 40, 15, 80, 90)
BALL_AND_CUBE = label_map_text(["ball", "cube"])


def record(**changes: list | None) -> bytes:
    """The frame of one ball as the reference writes it; `changes` by the last word of a feature's key, None to lack."""
    message = Example()
    for key, values in OF_THE_REFERENCE.items():
        values = changes.get(key.rpartition("/")[2], values)
        if values is not None:
            feature = message.features.feature[key]
            kinds = {bytes: feature.bytes_list, float: feature.float_list, int: feature.int64_list}
            kinds[type(values[0]) if values else bytes].value.extend(values)
    return message.SerializeToString()


def zipped(files: dict[str, bytes | str]) -> Archive:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return Archive(stream)


def found(files: dict[str, bytes | str], repairs: Repairs | None = None) -> list[Sample]:
    return list(tf_examples.read(zipped(files), repairs or Repairs()).samples)


def only(files: dict[str, bytes | str]) -> Sample:
    (sample,) = found(files)
    return sample


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
    with pytest.raises(DatasetRefused, match=r"numbers instead of labels.*label\.pbtxt into the zip"):
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
    labelled, negative = found({shard.name: shard.read_bytes(), "label.pbtxt": label_map_text(["größe"])})
    assert labelled.boxes == [PixelBox("größe", 40, 15, 160, 60)]
    assert (negative.filename, negative.boxes, negative.objects) == ("negative.jpg", [], 0)
    assert {labelled.split, negative.split} == {Split.EVALUATION}


_labels = st.text(min_size=1, max_size=30).map(tf_examples.one_line).filter(bool)
_fractions = st.floats(0, 1).map(lambda number: round(number, 3))
_boxes = st.lists(st.tuples(_labels, _fractions, _fractions, _fractions, _fractions), max_size=4)
_JPEG = picture()


@given(st.lists(st.tuples(_labels, _boxes, st.sampled_from(Split)), min_size=1, max_size=6))
@hypothesis.settings(max_examples=50)
def test_what_is_written_is_read_again_as_it_was(frames: list) -> None:
    width, height = SIZE
    samples = [
        Sample(name, lambda: _JPEG, SIZE, [PixelBox(label, x * width, y * height, u * width, v * height)
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
            (s.filename, s.size, s.objects, _JPEG) for s in written
        ]
        for before, after in zip(written, read, strict=True):
            assert [box.label for box in after.boxes] == [box.label for box in before.boxes]
            assert _numbers(after) == pytest.approx(_numbers(before), abs=1e-4)


def _numbers(sample: Sample) -> list[float]:
    return [number for box in sample.boxes for number in (box.xmin, box.ymin, box.xmax, box.ymax)]


def test_shards_hold_fifty_frames_each() -> None:
    samples = [Sample(f"{number}.jpg", lambda: _JPEG, SIZE, split=Split.TRAINING) for number in range(101)]
    assert [path for path, content in tf_examples.write(samples, []) if list(content)] == [
        *("label.pbtxt", "training-00000-of-00003.record", "training-00001-of-00003.record"),
        "training-00002-of-00003.record",
    ]


# --- what strangers send ---


def damaged(position: int) -> bytes:
    """Three frames, with one byte of the second changed."""
    frame = framed(record())
    second = bytearray(frame)
    second[position] ^= 1
    return frame + bytes(second) + frame


def test_a_record_that_differs_from_its_checksum_is_a_damaged_picture(import_zip) -> None:
    sound = framed(record())
    dataset = import_zip({"a.record": damaged(100) + sound * 8})
    assert (dataset.state, dataset.frames.count()) == (Dataset.State.READY, 10)
    assert [(entry["kind"], entry["file"]) for entry in dataset.repairs] == [("picture_skipped", "a.record, record 2")]
    assert (dataset.frames_done, dataset.frames_total) == (11, 11)


def test_more_than_one_damaged_record_in_ten_and_the_set_is_refused(import_zip) -> None:
    dataset = import_zip({"a.record": damaged(100)})
    assert dataset.state == Dataset.State.FAILED
    assert "“a.record, record 2” is one of them" in dataset.error


@pytest.mark.parametrize(
    "shard",
    [damaged(3), damaged(10), framed(record()) * 2 + framed(record())[:-5], framed(record()) + b"\0"],
    ids=["length", "checksum of the length", "cut off in a record", "cut off in a length"],
)
def test_what_comes_after_damage_is_left_out_and_said(shard: bytes) -> None:
    repairs = Repairs()
    samples = found({"a.record": shard, "b.record": framed(record())}, repairs)
    assert samples[-1].read() == picture()
    assert [(entry["kind"], entry["file"]) for entry in repairs.entries()] == [("cut_off", "a.record")]
    assert f"after record {len(samples) - 1}:" in messages.of_repair(repairs.entries()[0])


def test_a_length_without_end_is_refused() -> None:
    length = struct.pack("<Q", 2**60)
    checksum_of_it = framed(length)[-4:]
    with pytest.raises(DatasetRefused, match="larger than 16 MB"):
        found({"a.record": length + checksum_of_it + b"0" * 1000})


@pytest.mark.parametrize("files", [{"a.record": b""}, {"a.record": b"no records"}, {"label.pbtxt": BALL_AND_CUBE}])
def test_a_zip_without_any_record_is_refused(files: dict) -> None:
    with pytest.raises(DatasetRefused, match="no TFRecord file that can be read"):
        found(files)


def test_more_records_than_a_zip_may_have_files_are_refused(settings) -> None:
    settings.IMPORT_MAX_FILES = 3
    with pytest.raises(DatasetRefused, match="more than 3 records"):
        found({"a.record": framed(b"") * 4})


def test_one_record_at_a_time_is_in_memory(tmp_path: Path) -> None:
    size, records_in_all = 100_000, 100
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as made, made.open("a.record", "w") as shard:
        for _ in range(records_in_all):
            shard.write(framed(record(encoded=[_JPEG + os.urandom(size)])))
    with (tmp_path / "set.zip").open("rb") as stream:
        archive = Archive(stream)
        tracemalloc.start()
        lengths = [len(sample.read()) for sample in tf_examples.read(archive, Repairs()).samples]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert lengths == [len(_JPEG) + size] * records_in_all
    assert peak < 10 * size


def test_a_file_that_is_gone_through_twice_counts_once(settings) -> None:
    shard = framed(record()) * 10
    settings.IMPORT_MAX_UNPACKED_BYTES = len(shard)
    assert len(found({"a.record": shard})) == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"xmin": [0.1, 0.2]},
        {"ymax": []},
        {"xmin": [1], "xmax": [b"1"]},
        {"text": [b"ball", b"ball"]},
        {"xmin": [float("nan")]},
        {"text": [b" \0 "], "label": [2**62]},
    ],
    ids=["two of one", "none of one", "wrong types", "two texts", "no number", "no label"],
)
def test_boxes_that_say_nothing_certain_are_dropped(changes: dict) -> None:
    sample = only({"a.record": framed(record(**changes)), "label.pbtxt": BALL_AND_CUBE})
    assert sample.boxes == []
    assert sample.objects >= 1


def test_a_record_without_a_picture_is_a_damaged_picture(import_zip) -> None:
    sound = framed(record())
    dataset = import_zip({"a.record": framed(record(encoded=None)) + framed(record(encoded=[7])) + sound * 18})
    assert {entry["kind"] for entry in dataset.repairs} == {Kind.PICTURE_SKIPPED}
    assert dataset.frames.count() == 18


def _survives(files: dict[str, bytes | str]) -> None:
    """Samples or a refusal, whatever is in the files."""
    with suppress(DatasetRefused):
        for sample in tf_examples.read(zipped(files), Repairs()).samples:
            with suppress(UnreadableFile):
                sample.read()


@given(st.binary(max_size=400), st.binary(max_size=200))
def test_any_bytes_may_come(shard: bytes, label_map: bytes) -> None:
    _survives({"a.record": shard, "label.pbtxt": label_map})


@given(st.lists(st.binary(max_size=200), max_size=5), st.text(max_size=200))
def test_any_message_may_come(messages: list[bytes], label_map: str) -> None:
    _survives({"a.record": b"".join(map(framed, messages)), "label.pbtxt": label_map})


_values = st.one_of(
    st.none(),
    st.lists(st.binary(max_size=20), max_size=3),
    st.lists(st.floats(width=32), max_size=3),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
)


@given(st.fixed_dictionaries({key.rpartition("/")[2]: _values for key in OF_THE_REFERENCE}))
def test_any_values_may_come(changes: dict) -> None:
    _survives({"a.record": framed(record(**changes))})
    _survives({"a.record": framed(record(**changes | {"encoded": [_JPEG]})), "label.pbtxt": BALL_AND_CUBE})


@given(st.data())
def test_any_byte_may_be_another(data: st.DataObject) -> None:
    shard = bytearray(framed(record()) * 2)
    for _ in range(data.draw(st.integers(1, 3))):
        shard[data.draw(st.integers(0, len(shard) - 1))] = data.draw(st.integers(0, 255))
    _survives({"a.record": bytes(shard[: data.draw(st.integers(0, len(shard)))]), "label.pbtxt": BALL_AND_CUBE})


@pytest.mark.parametrize(
    "text", ["item {" * 100_000, 'item { name: "a" name: "b" }', "item { id: 99999999999 }", "nodes { op: 'Const' }"]
)
def test_a_text_that_is_no_label_map_names_nothing(text: str) -> None:
    assert label_maps.parsed(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf# saved by an editor\nitem {\n  id: 1\n  name: 'traffic cone'\n}\n",
        "item {\n  id: 1\n  name: 'traffic cone'\n}\n".encode("utf-16"),
        b"item {\n  id: 1\n  name: traffic cone\n}\n",
        b"item { name: traffic cone id: 1 }",
        b"item <\n  id: 1;\n  name: 'traffic\\040cone'; keypoints { id: 7 label: 'tip' }\n>",
        b"item: { id: 1, name:\n 'traffic cone', unknown: 'it\\'s' }",
    ],
    ids=["byte order mark", "UTF-16", "no quotes", "no quotes on one line", "more fields", "commas"],
)
def test_label_maps_as_people_and_their_editors_leave_them(text: bytes) -> None:
    sample = only({"a.record": framed(record(text=None)), "label.pbtxt": text})
    assert [box.label for box in sample.boxes] == ["traffic cone"]


def test_letters_that_protobuf_writes_as_numbers_are_read() -> None:
    assert label_maps.parsed('item { id: 1 name: "gr\\303\\266\\303\\237e" }') == {1: "größe"}


@pytest.mark.parametrize(
    "text",
    [
        *("item {" * 25_000, "x: y\n" * 30_000, '"\\' * 75_000, "\"'" * 75_000, "item{a:" + "b " * 70_000),
        *(
            "item{" + "a:" * 70_000,
            "x { y: 1 } " * 14_000,
            "item { x: [" + "1, " * 50_000,
            "\n" * 150_000,
            "{" * 150_000,
        ),
    ],
)
def test_the_longest_label_map_is_read_in_a_moment(text: str) -> None:
    before = time.process_time()
    label_maps.parsed(text)
    assert time.process_time() - before < 1


def test_longer_label_maps_are_refused() -> None:
    with pytest.raises(DatasetRefused, match="hold more than 1 MB"):
        found({"a.record": framed(record()), "a.pbtxt": "#" * 600_000, "b.pbtxt": "#" * 600_000})


def test_more_label_maps_than_anybody_needs_are_refused() -> None:
    maps = {f"{number}.pbtxt": BALL_AND_CUBE for number in range(101)}
    with pytest.raises(DatasetRefused, match="more than 100 label maps"):
        found({"a.record": framed(record())} | maps)
