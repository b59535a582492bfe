"""What stands in place of a COCO file, and JSON that no tool writes."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasets.formats.coco import coco as coco_format
from datasets.formats.common import picture_files as limits
from datasets.refusals import DatasetRefused
from tests.datasets.archives import A_BALL, annotation, coco, one_frame, picture
from tests.datasets.formats.coco.coco_files import A_BOX, BALL, entry, one_picture
from tests.datasets.reading import archive_of, detected, read


@pytest.mark.parametrize(
    "other",
    [
        json.dumps({"categories": [{"id": 0, "name": "ball"}], "info": {"year": 2024, "contributor": "Label Studio"}}),
        json.dumps([{"image": "a.jpg", "annotations": []}]),
        json.dumps({"images": {}, "annotations": {}}),
        json.dumps({"more": {"images": [], "annotations": []}}),
        '{"images": [], ',
        "",
        "no JSON",
    ],
)
def test_other_json_files_are_not_taken_for_coco(other: str) -> None:
    assert detected(one_frame(picture(), BALL) | {"notes.json": other}) == "voc"


def test_annotations_in_two_formats_need_a_choice() -> None:
    files = one_picture(entry()) | {"a.xml": annotation("a.jpg", BALL)}
    with pytest.raises(DatasetRefused, match=r"more than one format: Pascal VOC \(“a.xml”\) and COCO \(“a.json”\)"):
        detected(files)
    assert read(files, "coco").boxes == {"a.jpg": BALL}


def test_a_zip_without_coco_says_what_to_export() -> None:
    with pytest.raises(DatasetRefused, match=r"no COCO annotations .* Export them as COCO"):
        read(one_frame(picture(), BALL), "coco")


HEAD = '{"images": [], "annotations": ['


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "“a.json” is damaged or isn't JSON."),
        (HEAD + "9" * 5000 + "]}", "“a.json” is damaged or isn't JSON."),
        (HEAD + "[" * 1_000_000, "“a.json” has too many levels for annotations."),
        (HEAD + '{"a":' * 100_000, "“a.json” has too many levels for annotations."),
        (HEAD + "[" + "1," * 300_000, "“a.json” has an entry of more than 200,000 values."),
        (HEAD + '"' + "x" * 2_000_000 + '"]}', "“a.json” has a value that is too long for annotations."),
        (HEAD + '"' + '\\"' * 1_000_000 + '"]}', "“a.json” has a value that is too long for annotations."),
    ],
    ids=["cut off", "huge number", "lists", "objects", "one endless entry", "long text", "text of quotes"],
)
def test_json_that_no_tool_writes(text: str, sentence: str) -> None:
    with pytest.raises(DatasetRefused) as refused:
        read({"a.jpg": picture(), "a.json": text})
    assert str(refused.value) == f"{sentence} Export it again."


@pytest.mark.parametrize("what", ["images", "annotations", "categories"])
def test_too_many_entries(monkeypatch, what: str) -> None:
    monkeypatch.setattr(coco_format, "MAX_BOXES", 3)
    monkeypatch.setattr(limits, "MAX_BOXES", 3)
    with pytest.raises(DatasetRefused, match=rf"have more than 3 {what}. Split them into several datasets."):
        read(one_picture(entry(), **{what: [{}] * 4}))


def test_a_byte_order_mark_is_passed_over() -> None:
    files = one_picture(entry())
    files["a.json"] = files["a.json"].encode("utf-8-sig")
    assert read(files).boxes == {"a.jpg": BALL}


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_json_as_the_shell_of_windows_writes_it(mark: str) -> None:
    files = {"größe.jpg": picture(), "a.json": coco({1: "größe.jpg"}, {1: "ball"}, [(1, 1, *A_BOX)]).encode(mark)}
    assert read(files).boxes == {"größe.jpg": BALL}


@pytest.mark.parametrize(("name", "letters"), [("größe", "cp1252"), ("红色", "gb18030"), ("赤いコーン", "cp932")])
def test_json_in_the_letters_of_a_country(name: str, letters: str) -> None:
    text = json.dumps(json.loads(coco({1: f"{name}.jpg"}, {1: name}, [(1, 1, *A_BOX)])), ensure_ascii=False)
    assert read({f"{name}.jpg": picture(), "a.json": text.encode(letters)}).boxes == {
        f"{name}.jpg": [(name, *A_BALL[1:])]
    }


def assert_it_tells_what_to_do(refused: DatasetRefused) -> None:
    assert "Export" in str(refused)


ODD = st.sampled_from([None, True, 0, 1, -1, 2**70, 1e308, "", "a.jpg", "1", [], {}, [[]], [1, "x"], {"a": [1]}])


NUMBERS = st.lists(st.floats(-1e9, 1e9) | ODD, min_size=3, max_size=6)


def entries(**right: st.SearchStrategy) -> st.SearchStrategy:
    """Entries of a list, of which any value may be missing or odd, or the whole entry."""
    return st.lists(
        st.fixed_dictionaries({}, optional={key: value | ODD for key, value in right.items()}) | ODD, max_size=3
    )


@settings(max_examples=100)
@given(
    st.fixed_dictionaries(
        {
            "images": entries(id=st.just(2), file_name=st.just("a.jpg"), width=st.just(160), height=st.just(120)),
            "annotations": entries(
                image_id=st.just(1),
                category_id=st.just(1),
                bbox=NUMBERS,
                segmentation=st.lists(NUMBERS, max_size=2),
                iscrowd=st.just(1),
            ),
            "categories": entries(id=st.just(1), name=st.just("ball")) | ODD,
        }
    )
)
def test_any_values_in_a_coco_file_end_in_samples_or_a_sentence(content: dict) -> None:
    images = [{"id": 1, "file_name": "a.jpg"}, *content["images"]]
    files = {"a.jpg": picture(), "a.json": json.dumps(content | {"images": images})}
    try:
        found = [sample.filename for sample in read(files, "coco").samples]
    except DatasetRefused as refused:
        assert_it_tells_what_to_do(refused)
    else:
        assert set(found) <= {"a.jpg"}


@settings(max_examples=60)
@given(ODD.map(json.dumps) | st.text() | st.binary())
@example(b"\xef\xbb\xbf")
@example('{"images": [], "annotations": [')
def test_any_json_or_text_in_its_place_is_refused_with_a_sentence(content: str | bytes) -> None:
    archive = archive_of({"a.jpg": picture(), "a.json": content})
    assert coco_format.marks(archive) in ([], ["a.json"])
    with pytest.raises(DatasetRefused) as refused:
        read({"a.jpg": picture(), "a.json": content}, "coco")
    assert_it_tells_what_to_do(refused.value)
