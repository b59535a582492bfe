"""Label maps as people, editors and protobuf write them, and what is none."""

import time

import pytest

from datasets.formats.tf_records import label_maps
from datasets.refusals import DatasetRefused
from datasets.tfrecords import framed
from tests.datasets.formats.tf_records.record_files import BALL_AND_CUBE, found, only, record


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
    with pytest.raises(DatasetRefused, match="over 1 MB together"):
        found({"a.record": framed(record()), "a.pbtxt": "#" * 600_000, "b.pbtxt": "#" * 600_000})


def test_more_label_maps_than_anybody_needs_are_refused() -> None:
    maps = {f"{number}.pbtxt": BALL_AND_CUBE for number in range(101)}
    with pytest.raises(DatasetRefused, match="more than 100 label maps"):
        found({"a.record": framed(record())} | maps)
