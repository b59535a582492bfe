"""Several files of COCO about the same pictures: versions of one work, or shared work."""

import zipfile

import pytest

from datasets.refusals import DatasetRefused
from tests.datasets.archives import A_BALL, coco, picture
from tests.datasets.formats.coco.coco_files import A_BOX, BALL
from tests.datasets.reading import read

OLD = "2024-03-01 10:00:00"


def two_files(*boxes: tuple, date: str = OLD, label: str = "ball") -> dict:
    """A set with a second file about its picture."""
    newer = {"info": {"date_created": "2025-01-01T10:00:00+00:00"}}
    return {
        "a.jpg": picture(),
        "new.json": coco({1: "a.jpg"}, {1: "ball"}, [(1, 1, *A_BOX)], **newer),
        "second.json": coco({1: "a.jpg"}, {1: label}, [(1, 1, *box) for box in boxes], info={"date_created": date}),
    }


def test_of_two_files_with_other_boxes_of_a_label_the_newest_counts() -> None:
    found = read(two_files((22, 31, 60, 60), (1, 1, 9, 9)))
    assert found.boxes == {"a.jpg": BALL}
    text = "We used the boxes of “new.json”, the newest file. “second.json” has others."
    assert found.repairs == [("other_file_used", "a.jpg", text)]


def test_of_two_files_of_one_age_none_is_guessed() -> None:
    with pytest.raises(DatasetRefused, match="have different boxes for “a"):
        read(two_files((22, 31, 60, 60), date="2025-01-01 10:00:00"))


def test_the_number_of_a_second_download_changes_nothing() -> None:
    """Files in another folder, of other names, are about the same picture all the same."""
    note = coco({1: "a.jpg"}, {1: "ball"}, [(1, 1, *A_BOX)])
    files = {"images/a.jpg": picture(), "annotations/instances_default.json": note, "annotations (1).json": note}
    found = read(files)
    assert found.boxes == {"images/a.jpg": BALL}
    assert [kind for kind, _, _ in found.repairs] == ["listed_twice"]


@pytest.mark.parametrize(
    ("second", "boxes"),
    [
        (two_files(A_BOX), BALL),
        (two_files(), BALL),
        (two_files((1, 1, 9, 9), label="cube"), [A_BALL, ("cube", 1, 1, 10, 10)]),
    ],
    ids=["the same", "none", "another label"],
)
def test_files_that_do_not_contradict_each_other_are_put_together(second: dict, boxes: list) -> None:
    assert read(second).boxes == {"a.jpg": boxes}


CUBE_AT_THE_SAME_PLACE = ("cube", *A_BOX)


A_CUBE = ("cube", 90, 30, 40, 40)


THE_BALL = ("ball", *A_BOX)


BOTH = ("ball", "cube")


ABC = ("a.jpg", "b.jpg", "c.jpg")


def noted(drawn: dict[str, list[tuple]], day: str, labels: tuple[str, ...] = BOTH) -> str:
    """A COCO file of that day: picture -> (label, x, y, width, height) of its boxes."""
    images = dict(enumerate(drawn, start=1))
    categories = dict(enumerate(labels, start=1))
    boxes = [(at, labels.index(label) + 1, *box) for at, name in images.items() for label, *box in drawn[name]]
    return coco(images, categories, boxes, info={"date_created": day})


def pictures(*names: str) -> dict:
    return {name: picture() for name in names}


def labels_of(files: dict) -> dict[str, list[str]]:
    """Picture -> the labels of its boxes, sorted."""
    return {name: sorted(box[0] for box in boxes) for name, boxes in read(files).boxes.items()}


def test_a_box_that_a_newer_file_calls_otherwise_has_the_new_label_alone() -> None:
    files = pictures("a.jpg", "b.jpg")
    files["old.json"] = noted({"a.jpg": [CUBE_AT_THE_SAME_PLACE], "b.jpg": [THE_BALL]}, "2023-01-01")
    files["new.json"] = noted({"a.jpg": [THE_BALL], "b.jpg": [THE_BALL]}, "2024-01-01")
    found = read(files)
    assert found.boxes == {"a.jpg": BALL, "b.jpg": BALL}
    text = "We used the boxes of “new.json”, the newest file. “old.json” has others."
    assert ("other_file_used", "a.jpg", text) in found.repairs


def test_a_label_that_was_renamed_is_not_there_twice() -> None:
    files = pictures("a.jpg")
    files["1.json"] = noted({"a.jpg": [CUBE_AT_THE_SAME_PLACE]}, "2023-01-01", ("cube",))
    files["2.json"] = noted({"a.jpg": [THE_BALL]}, "2024-01-01", ("ball",))
    assert labels_of(files) == {"a.jpg": ["ball"]}


def test_a_box_that_was_deleted_does_not_come_back() -> None:
    files = pictures("a.jpg", "b.jpg")
    files["1.json"] = noted({"a.jpg": [THE_BALL], "b.jpg": [THE_BALL]}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": [], "b.jpg": [THE_BALL]}, "2024-01-02")
    found = read(files)
    assert found.objects == {"a.jpg": 0, "b.jpg": 1}
    text = "“2.json” is newer and has no boxes here, so we skipped those in “1.json”."
    assert ("other_file_used", "a.jpg", text) in found.repairs


def test_a_box_that_was_deleted_in_the_file_that_isnt_called_old_does_not_come_back() -> None:
    """The names of the splits don't make parts of a set of them."""
    files = pictures("train/a.jpg", "train/b.jpg")
    files["train_old.json"] = noted({"train/a.jpg": [THE_BALL], "train/b.jpg": [THE_BALL]}, "")
    files["train.json"] = noted({"train/a.jpg": [], "train/b.jpg": [THE_BALL]}, "")
    assert labels_of(files) == {"train/a.jpg": [], "train/b.jpg": ["ball"]}


def test_a_box_in_place_of_another_label_counts_where_the_files_are_one_work() -> None:
    files = pictures("a.jpg", "b.jpg")
    files["1.json"] = noted({"a.jpg": [A_CUBE], "b.jpg": [THE_BALL]}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": [THE_BALL], "b.jpg": [THE_BALL]}, "2024-01-02")
    assert labels_of(files) == {"a.jpg": ["ball"], "b.jpg": ["ball"]}


@pytest.mark.parametrize("labels", [(("ball",), ("cube",)), (BOTH, BOTH)], ids=["lists of their own", "one list"])
def test_two_people_who_each_drew_one_label_are_put_together(labels: tuple) -> None:
    files = pictures(*ABC)
    files["ann.json"] = noted({"a.jpg": [THE_BALL], "b.jpg": [], "c.jpg": [THE_BALL]}, "2024-01-01", labels[0])
    files["bea.json"] = noted({"a.jpg": [A_CUBE], "b.jpg": [A_CUBE], "c.jpg": []}, "2024-01-02", labels[1])
    assert labels_of(files) == {"a.jpg": ["ball", "cube"], "b.jpg": ["cube"], "c.jpg": ["ball"]}


@pytest.mark.parametrize("days", [("2024-01-01", "2024-01-02"), ("2024-01-02", "2024-01-01")])
def test_two_people_who_each_drew_half_of_the_pictures_are_put_together(days: tuple[str, str]) -> None:
    """Each file lists all pictures."""
    files = pictures("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    ann = {"a.jpg": [THE_BALL], "b.jpg": [THE_BALL], "c.jpg": [], "d.jpg": []}
    files["ann.json"] = noted(ann, days[0])
    files["bea.json"] = noted({name: [] if boxes else [THE_BALL] for name, boxes in ann.items()}, days[1])
    assert labels_of(files) == {name: ["ball"] for name in ann}


def test_files_of_splits_that_list_all_pictures_are_parts_of_the_set() -> None:
    """As a program writes them that sorts the boxes, and not the pictures, into splits."""
    files = pictures(*ABC)
    files["all.json"] = noted({name: [THE_BALL] for name in ABC}, "2024-01-01")
    files["train.json"] = noted({"a.jpg": [THE_BALL], "b.jpg": [THE_BALL], "c.jpg": []}, "2024-01-02")
    assert labels_of(files) == {name: ["ball"] for name in ABC}


def test_a_few_pictures_that_were_drawn_again_empty_no_others() -> None:
    files = pictures(*ABC)
    files["1.json"] = noted({name: [THE_BALL] for name in ABC}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": [("ball", 1, 1, 50, 50)], "b.jpg": [], "c.jpg": []}, "2024-01-02")
    assert labels_of(files) == {name: ["ball"] for name in ABC}


@pytest.mark.parametrize(
    ("newer", "day"),
    [
        ({"a.jpg": [], "b.jpg": [THE_BALL], "c.jpg": [THE_BALL]}, "2024-01-02"),
        ({"a.jpg": [CUBE_AT_THE_SAME_PLACE], "b.jpg": [THE_BALL], "c.jpg": []}, "2024-01-01"),
        ({"a.jpg": [], "b.jpg": [THE_BALL], "c.jpg": []}, "2024-01-01"),
    ],
    ids=["others were added", "another label, of one age", "deleted, of one age"],
)
def test_what_may_be_a_correction_or_shared_work_is_left_out_and_said(newer: dict, day: str) -> None:
    files: dict = pictures(*ABC)
    files[zip_entry("1.json")] = noted({"a.jpg": [THE_BALL], "b.jpg": [THE_BALL], "c.jpg": []}, "2024-01-01")
    files[zip_entry("2.json")] = noted(newer, day)
    found = read(files)
    assert list(found.boxes) == ["b.jpg", "c.jpg"]
    (text,) = [text for kind, file, text in found.repairs if (kind, file) == ("unclear", "a.jpg")]
    assert text.endswith("we can't tell which is right. Remove one, then import again.")


def test_a_newer_file_without_any_box_empties_nothing_and_says_so() -> None:
    files = pictures("a.jpg", "b.jpg")
    files["1.json"] = noted({"a.jpg": [THE_BALL]}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": []}, "2024-01-02")
    found = read(files)
    assert found.boxes == {"b.jpg": []}
    assert [(kind, file) for kind, file, _ in found.repairs] == [("unclear", "a.jpg")]


def test_the_label_of_a_third_person_stays_beside_two_versions() -> None:
    files = pictures("a.jpg")
    files["1.json"] = noted({"a.jpg": [("ball", 1, 1, 50, 50)]}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": [THE_BALL]}, "2024-01-02")
    files["robots.json"] = noted({"a.jpg": [("robot", 1, 1, 9, 9)]}, "2024-01-03", ("robot",))
    assert labels_of(files) == {"a.jpg": ["ball", "robot"]}


def test_a_date_that_one_file_alone_states_tells_no_age() -> None:
    """That in the zip does, which both have."""
    files: dict = pictures("a.jpg")
    files[zip_entry("1.json", 2024)] = noted({"a.jpg": [("ball", 1, 1, 50, 50)]}, "2023-01-01")
    files[zip_entry("2.json", 2025)] = noted({"a.jpg": [THE_BALL]}, "")
    assert read(files).boxes == {"a.jpg": BALL}


def test_two_labels_at_one_place_are_said() -> None:
    files = pictures("a.jpg")
    files["a.json"] = noted({"a.jpg": [THE_BALL]}, "")
    files["b.json"] = noted({"a.jpg": [A_CUBE]}, "")
    files["c.json"] = coco({1: "a.jpg", 2: "a.jpg"}, {1: "robot", 2: "cat"}, [(1, 1, 1, 1, 9, 9), (2, 2, 1, 1, 9, 9)])
    text = "Listed more than once: we combined the boxes. Some boxes in the same place have different labels."
    assert read(files).repairs == [("listed_twice", "a.jpg", f"{text} Check them.")]


def test_boxes_beyond_all_numbers_are_compared_as_well() -> None:
    files = pictures("a.jpg")
    files["1.json"] = noted({"a.jpg": [("ball", 1.0e308, 1, 1.0e308, 9)]}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": [A_CUBE]}, "2024-01-02")
    assert labels_of(files) == {"a.jpg": ["ball", "cube"]}


def test_a_picture_in_more_files_than_can_be_compared_is_refused() -> None:
    files = pictures("a.jpg") | {f"{number}.json": noted({"a.jpg": []}, "") for number in range(51)}
    with pytest.raises(DatasetRefused, match=r"More than 50 files list “a.jpg”. Remove the older files"):
        read(files)


def zip_entry(name: str, year: int = 2025) -> zipfile.ZipInfo:
    """A file of the zip, written in that year."""
    return zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))
