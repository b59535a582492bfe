"""Records that are damaged, endless or too many, and any bytes in their place."""

import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import messages
from datasets.archive.zip_archive import Archive
from datasets.formats.tf_records import tf_examples
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.tfrecords import framed
from tests.datasets.archives import picture
from tests.datasets.formats.tf_records.record_files import (
    BALL_AND_CUBE,
    JPEG,
    OF_THE_REFERENCE,
    found,
    only,
    record,
    survives,
)


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
    assert "for example “a.record, record 2”" in dataset.error


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
    assert f"after record {len(samples) - 1}." in messages.of_repair(repairs.entries()[0])


def test_a_length_without_end_is_refused() -> None:
    length = struct.pack("<Q", 2**60)
    checksum_of_it = framed(length)[-4:]
    with pytest.raises(DatasetRefused, match="over 16 MB"):
        found({"a.record": length + checksum_of_it + b"0" * 1000})


@pytest.mark.parametrize("files", [{"a.record": b""}, {"a.record": b"no records"}, {"label.pbtxt": BALL_AND_CUBE}])
def test_a_zip_without_any_record_is_refused(files: dict) -> None:
    with pytest.raises(DatasetRefused, match=r"not a TFRecord file|no \.record file"):
        found(files)


def test_more_records_than_a_zip_may_have_files_are_refused(settings) -> None:
    settings.IMPORT_MAX_FILES = 3
    with pytest.raises(DatasetRefused, match="more than 3 records"):
        found({"a.record": framed(b"") * 4})


def test_one_record_at_a_time_is_in_memory(tmp_path: Path) -> None:
    size, records_in_all = 100_000, 100
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as made, made.open("a.record", "w") as shard:
        for _ in range(records_in_all):
            shard.write(framed(record(encoded=[JPEG + os.urandom(size)])))
    with (tmp_path / "set.zip").open("rb") as stream:
        archive = Archive(stream)
        tracemalloc.start()
        lengths = [len(sample.read()) for sample in tf_examples.read(archive, Repairs()).samples]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert lengths == [len(JPEG) + size] * records_in_all
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


@given(st.binary(max_size=400), st.binary(max_size=200))
def test_any_bytes_may_come(shard: bytes, label_map: bytes) -> None:
    survives({"a.record": shard, "label.pbtxt": label_map})


@given(st.lists(st.binary(max_size=200), max_size=5), st.text(max_size=200))
def test_any_message_may_come(messages: list[bytes], label_map: str) -> None:
    survives({"a.record": b"".join(map(framed, messages)), "label.pbtxt": label_map})


_values = st.one_of(
    st.none(),
    st.lists(st.binary(max_size=20), max_size=3),
    st.lists(st.floats(width=32), max_size=3),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
)


@given(st.fixed_dictionaries({key.rpartition("/")[2]: _values for key in OF_THE_REFERENCE}))
def test_any_values_may_come(changes: dict) -> None:
    survives({"a.record": framed(record(**changes))})
    survives({"a.record": framed(record(**changes | {"encoded": [JPEG]})), "label.pbtxt": BALL_AND_CUBE})


@given(st.data())
def test_any_byte_may_be_another(data: st.DataObject) -> None:
    shard = bytearray(framed(record()) * 2)
    for _ in range(data.draw(st.integers(1, 3))):
        shard[data.draw(st.integers(0, len(shard) - 1))] = data.draw(st.integers(0, 255))
    survives({"a.record": bytes(shard[: data.draw(st.integers(0, len(shard)))]), "label.pbtxt": BALL_AND_CUBE})
