"""labelme: a JSON file for each picture."""

import base64

import pytest

from datasets.models import Dataset
from tests.datasets.archives import picture
from tests.datasets.formats.annotation_files import (
    BALL,
    drawn,
    kinds,
    labelme,
)
from tests.datasets.reading import read


@pytest.mark.parametrize(
    "shape",
    [
        drawn([[20, 30], [80, 90]]),
        drawn([[80.0, 90.0], [20.0, 30.0]]),
        drawn([[80, 30], [20, 90]]),
        drawn([[20, 30], [80, 50], [40, 90]], "polygon"),
        drawn([[50, 60], [50, 90]], "circle"),
        drawn([[20, 30], [80, 30], [80, 90], [20, 90]], "rotation"),
    ],
    ids=["rectangle", "from below", "from the right", "polygon", "circle", "rotated"],
)
def test_labelme(import_zip, shape: dict) -> None:
    files = {"a.json": labelme("a.jpg", shape), "a.jpg": picture(), "negative.jpg": picture()}
    found = read(files)
    assert found.boxes == {"a.jpg": BALL, "negative.jpg": []}
    assert kinds(found) == ([] if shape["shape_type"] == "rectangle" else [("box_around", "a.jpg")])
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format) == (Dataset.State.READY, "labelme")


def test_a_path_of_windows_leads_to_the_picture_in_another_folder() -> None:
    files = {"labels/a.json": labelme("..\\images\\b.jpg", drawn([[20, 30], [80, 90]])), "images/b.jpg": picture()}
    assert read(files).boxes == {"images/b.jpg": BALL}


def test_a_picture_that_was_renamed_with_its_file_is_known_by_its_name() -> None:
    shapes = drawn([[20, 30], [80, 90]])
    files = {"1.json": labelme("2.jpg", shapes), "1.jpg": picture(), "2.json": labelme("3.jpg"), "2.jpg": picture()}
    assert read(files).boxes == {"1.jpg": BALL, "2.jpg": []}


def test_a_picture_in_the_file_itself_is_used_where_the_zip_has_none(import_zip) -> None:
    data = base64.b64encode(picture()).decode()
    files = {"a.json": labelme("a.jpg", drawn([[20, 30], [80, 90]]), imageData=data)}
    assert read(files).boxes == {"a.jpg": BALL}
    dataset = import_zip(files)
    assert (dataset.state, dataset.frames.get().boxes[0]["label"]) == (Dataset.State.READY, "ball")


def test_numbers_of_labelme_may_be_texts() -> None:
    shapes = drawn([["20", "30,0"], ["80.0", 90]])
    files = {"a.json": labelme("a.jpg", shapes, imageHeight="120"), "a.jpg": picture()}
    assert read(files).boxes == {"a.jpg": BALL}


def test_points_have_no_box_and_numbers_may_be_labels() -> None:
    shapes = drawn([[5, 5]], "point"), drawn([[20, 30], [80, 90]], label=7)
    found = read({"a.json": labelme("a.jpg", *shapes), "a.jpg": picture()})
    assert (found.boxes, found.objects) == ({"a.jpg": [("7", 20, 30, 80, 90)]}, {"a.jpg": 2})


def test_files_that_are_damaged_or_without_a_picture_are_said() -> None:
    good = labelme("a.jpg", drawn([[20, 30], [80, 90]]))
    files = {"a.json": good, "a.jpg": picture(), "b.json": good[:-9], "b.jpg": picture(), "c.json": labelme("c.jpg")}
    found = read(files)
    assert found.boxes == {"a.jpg": BALL}
    assert kinds(found) == [("annotation_skipped", "b.json"), ("unclear", "b.jpg"), ("picture_missing", "c.jpg")]


def test_a_file_beside_two_pictures_of_its_name_is_not_guessed() -> None:
    box = drawn([[20, 30], [80, 90]])
    files = {"a.json": labelme("b.jpg", box), "a.jpg": picture(), "a.png": picture(kind="PNG"), "c.jpg": picture()}
    found = read(files)
    assert found.boxes == {"c.jpg": []}
    assert kinds(found) == [("picture_unclear", "b.jpg"), ("frame_skipped", "a.jpg"), ("frame_skipped", "a.png")]
    assert read(files | {"a.json": labelme("a.png", box)}).boxes == {"a.jpg": [], "a.png": BALL, "c.jpg": []}


@pytest.mark.parametrize("content", ["", '{"version": "5.4.1", "sha', "[]"])
def test_a_picture_whose_file_cannot_be_read_is_no_negative_frame(content: str) -> None:
    good = labelme("a.jpg", drawn([[20, 30], [80, 90]]))
    found = read({"a.json": good, "a.jpg": picture(), "b.json": content, "b.jpg": picture()}, "labelme")
    assert found.boxes == {"a.jpg": BALL}
    assert kinds(found) == [("annotation_skipped", "b.json"), ("unclear", "b.jpg")]


def test_a_damaged_file_in_another_folder_is_about_the_picture_of_its_name() -> None:
    good = labelme("../images/a.jpg", drawn([[20, 30], [80, 90]]))
    files = {"labels/a.json": good, "labels/b.json": good[:-9], "images/a.jpg": picture(), "images/b.jpg": picture()}
    assert read(files).boxes == {"images/a.jpg": BALL}
