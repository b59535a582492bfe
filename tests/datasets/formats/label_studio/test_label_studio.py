"""Label Studio: JSON and JSON_MIN, several people, and several exports."""

import json

import pytest

from bench.server.processor_time import limited
from datasets.models import Dataset
from tests.datasets.archives import picture
from tests.datasets.formats.annotation_files import BALL, kinds, region, task
from tests.datasets.reading import detected, read


@pytest.mark.parametrize(
    "path",
    [
        "/data/upload/1/3f0b91d2-größe.jpg",
        "/data/local-files/?d=team%2Fimages/größe.jpg",
        "s3://bucket/set/größe.jpg",
        "https://example.org/set/gr%C3%B6%C3%9Fe.jpg?X-Amz-Signature=0&x=y.png",
        "C:\\pictures\\größe.jpg",
    ],
    ids=["upload", "local files", "bucket", "address", "Windows"],
)
def test_label_studio(import_zip, path: str) -> None:
    files = {"export.json": json.dumps([task(path, region())]), "images/größe.jpg": picture()}
    assert (read(files).boxes, read(files).repairs) == ({"images/größe.jpg": BALL}, [])
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format) == (Dataset.State.READY, "studio")


def test_label_studio_json_min() -> None:
    small = {**region()["value"], "original_width": 160, "original_height": 120}
    entry = {"image": "/data/upload/1/3f0b91d2-a.jpg", "id": 1, "label": [small], "annotator": 1, "annotation_id": 1}
    files = {"min.json": json.dumps([entry]), "3f0b91d2-a.jpg": picture()}
    assert (detected(files), read(files).boxes) == ("studio", {"3f0b91d2-a.jpg": BALL})


@pytest.mark.parametrize(
    "more",
    [
        {"value": {"x": 50, "rotation": 90}},
        {"type": "polygonlabels", "value": {"points": [[12.5, 25], [50, 40], [20, 75]], "polygonlabels": ["ball"]}},
        {
            "type": "ellipselabels",
            "value": {"x": 31.25, "y": 50, "radiusX": 18.75, "radiusY": 25, "ellipselabels": ["ball"]},
        },
    ],
    ids=["rotated", "polygon", "ellipse"],
)  # fmt: skip
def test_a_region_of_label_studio_becomes_the_box_around_it(more: dict) -> None:
    """A box is turned around its upper left corner, in pixels and not in percent."""
    found = read({"a.json": json.dumps([task("1.jpg", region(**more))]), "1.jpg": picture()})
    (sample,) = found.samples
    box = sample.boxes[0]
    assert (box.xmin, box.ymin, box.xmax, box.ymax) == pytest.approx((20, 30, 80, 90), abs=0.01)
    assert kinds(found) == [("box_around", "1.jpg")]


def test_boxes_and_labels_that_are_two_tags_in_label_studio() -> None:
    drawn = region(type="rectangle", value={"rectanglelabels": None})
    labeled = region(type="labels", value={"labels": ["ball"]})
    found = read({"a.json": json.dumps([task("1.jpg", drawn, labeled)]), "1.jpg": picture()})
    assert (found.boxes, found.objects) == ({"1.jpg": BALL}, {"1.jpg": 1})


def test_of_several_people_the_newest_is_believed_and_that_is_said() -> None:
    other = {"result": [region("cube")], "updated_at": "2024-05-01T10:00:00Z"}
    newest = {"result": [region()], "updated_at": "2024-05-02T10:00:00Z"}
    canceled = {"result": [region("robot")], "updated_at": "2024-05-03", "was_cancelled": True}
    truth = {"result": [region("cone")], "updated_at": "2024-04-01", "ground_truth": True}
    files = {"a.json": json.dumps([task("1.jpg", annotations=[newest, other, canceled])]), "1.jpg": picture()}
    assert read(files).boxes == {"1.jpg": BALL}
    assert read(files).repairs == [
        ("passed_over", "a.json", "We skipped canceled annotations (1)."),
        ("one_of_several", "1.jpg", "2 people annotated it. We used the newest annotation."),
    ]
    files["a.json"] = json.dumps([task("1.jpg", annotations=[newest, truth])])
    assert read(files).boxes["1.jpg"][0][0] == "cone"


def test_what_label_studio_has_no_annotation_of_is_left_out_and_said() -> None:
    """A guess of a model is none; one that a person saved without a box is a negative frame."""
    tasks = [
        task("1.jpg", region()),
        task("2.jpg", number=2, annotations=[{"was_cancelled": True, "result": [region()]}]),
        task("3.jpg", number=3, annotations=[], predictions=[{"result": [region()]}]),
        task("4.jpg", number=4),
        task("5.jpg", region(image_rotation=90), number=5),
        task("gone.jpg", region(), number=6),
    ]
    found = read({"a.json": json.dumps(tasks)} | {f"{number}.jpg": picture() for number in range(1, 6)})
    assert found.boxes == {"1.jpg": BALL, "4.jpg": []}
    assert sorted(kinds(found)) == [
        ("frame_skipped", "2.jpg"),
        ("frame_skipped", "3.jpg"),
        ("passed_over", "a.json"),
        ("picture_missing", "gone.jpg"),
        ("unclear", "5.jpg"),
    ]
    assert found.repairs[1][2] == "We skipped canceled annotations (1), predictions of models (1)."


def dated(date: str, *regions: dict) -> dict:
    """A task whose only annotation was changed on that day; on none, where it's empty."""
    return task(
        "1.jpg", annotations=[{"result": list(regions)} | ({"updated_at": f"{date}T10:00:00Z"} if date else {})]
    )


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_two_exports_of_a_project_the_newer_is_used_and_that_is_said(newest_first: bool) -> None:
    """Whatever the files are called."""
    new, old = dated("2024-05-01", region()), dated("2023-05-01", region(value={"x": 25}), region("cube"))
    names = ("1.json", "2-old.json") if newest_first else ("b.json", "a.json")
    files = {name: json.dumps([entry]) for name, entry in zip(names, (new, old), strict=True)}
    found = read(files | {"1.jpg": picture()})
    assert found.boxes == {"1.jpg": BALL}
    said = f"We used the boxes of “{names[0]}”, the newest file, instead of those in “{names[1]}”."
    assert found.repairs == [("other_file_used", "1.jpg", said)]


def test_boxes_that_were_deleted_in_the_newer_export_do_not_come_back() -> None:
    files = {"1.json": json.dumps([dated("2024-05-01")]), "2.json": json.dumps([dated("2023-05-01", region())])}
    assert read(files | {"1.jpg": picture()}).boxes == {"1.jpg": []}


@pytest.mark.parametrize("date", ["2024-05-01", ""])
def test_of_two_exports_of_one_time_none_is_guessed(date: str) -> None:
    other = region(value={"x": 25})
    files = {"a.json": json.dumps([dated(date, region())]), "b.json": json.dumps([dated(date, other)])}
    assert (read(files | {"1.jpg": picture()}).boxes, kinds(read(files | {"1.jpg": picture()}))) == (
        {},
        [("unclear", "1.jpg")],
    )
    files["b.json"] = json.dumps([dated(date, region(id="other"))])
    assert read(files | {"1.jpg": picture()}).boxes == {"1.jpg": BALL}


def test_an_export_of_a_time_before_anybody_annotated_says_nothing() -> None:
    """Two people, each with a Label Studio on a computer of their own, that number the tasks alike."""
    waits = task("1.jpg", annotations=[], updated_at="2024-06-01T10:00:00Z")
    files = {"a.json": json.dumps([dated("2024-05-01", region())]), "b.json": json.dumps([waits])}
    found = read(files | {"1.jpg": picture()})
    assert (found.boxes, found.repairs) == ({"1.jpg": BALL}, [])


def test_an_annotation_that_was_canceled_later_does_not_count() -> None:
    canceled = {"result": [region()], "was_cancelled": True, "updated_at": "2024-06-01T10:00:00Z"}
    files = {
        "a.json": json.dumps([dated("2024-05-01", region())]),
        "b.json": json.dumps([task("1.jpg", annotations=[canceled])]),
    }
    found = read(files | {"1.jpg": picture(), "2.jpg": picture()})
    assert found.boxes == {"2.jpg": []}
    assert [kind for kind, _ in kinds(found)] == ["passed_over", "frame_skipped", "other_file_used"]


def test_both_exports_of_one_project_say_the_same() -> None:
    """JSON says when the task was changed, JSON-MIN when its annotation was."""
    small = {**region()["value"], "original_width": 160, "original_height": 120}
    entry = {"image": "1.jpg", "id": 1, "label": [small], "annotation_id": 1, "updated_at": "2024-05-01T10:00:00Z"}
    whole = dated("2024-05-01", region()) | {"updated_at": "2024-05-01T10:00:01Z"}
    found = read({"a.json": json.dumps([whole]), "min.json": json.dumps([entry]), "1.jpg": picture()})
    assert (found.boxes, kinds(found)) == ({"1.jpg": BALL}, [("listed_twice", "1.jpg")])


def test_of_two_tasks_the_one_in_the_pictures_folder_is_its_own() -> None:
    tasks = [task("val/1.jpg", number=1), task("train/1.jpg", region(), number=2)]
    found = read({"a.json": json.dumps(tasks), "train/1.jpg": picture()})
    assert (found.boxes, kinds(found)) == ({"train/1.jpg": BALL}, [("picture_missing", "val/1.jpg")])


def test_a_task_that_comes_very_often_takes_no_more_time_than_others() -> None:
    """Each time newer than before, with other boxes, in another file as well."""
    tasks = [
        {
            "id": 1,
            "data": {"image": "1.jpg"},
            "annotations": [{"updated_at": number, "result": [{"type": str(number)}]}],
        }
        for number in range(1, 50_001)
    ]
    files = {"a.json": json.dumps(tasks[::2]), "b.json": json.dumps(tasks[1::2])}
    with limited(15):
        assert read(files | {"1.jpg": picture()}, "studio").boxes == {"1.jpg": []}


def test_several_people_in_json_min() -> None:
    """Each annotation is an entry of its own there."""
    small = [
        {**region(**more)["value"], "original_width": 160, "original_height": 120}
        for more in ({}, {"value": {"x": 25}})
    ]
    entries = [
        {
            "image": "1.jpg",
            "id": 1,
            "label": [one],
            "annotation_id": number,
            "updated_at": f"2024-05-0{9 - number}T10:00:00Z",
        }
        for number, one in enumerate(small, start=1)
    ]
    found = read({"min.json": json.dumps(entries), "1.jpg": picture()})
    assert found.boxes == {"1.jpg": BALL}
    assert found.repairs == [("one_of_several", "1.jpg", "Several people annotated it. We used the newest annotation.")]


def test_two_uploads_of_one_name_are_not_guessed() -> None:
    tasks = [task("/data/upload/1/aaaaaaaa-1.jpg", region()), task("/data/upload/1/bbbbbbbb-1.jpg", number=2)]
    files = {"a.json": json.dumps(tasks), "1.jpg": picture(), "2.jpg": picture()}
    assert (read(files).boxes, kinds(read(files))) == ({"2.jpg": []}, [("unclear", "1.jpg")])


def test_numbers_of_label_studio_may_be_texts() -> None:
    texts = {"x": "12.5", "y": "25", "width": "37,5", "height": "50"}
    drawn = region(value=texts, original_width="160", original_height="120", image_rotation="0")
    assert read({"a.json": json.dumps([task("1.jpg", drawn)]), "1.jpg": picture()}).boxes == {"1.jpg": BALL}


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_label_studio_shows_pictures_upright(import_zip, orientation: int) -> None:
    """Percent of what is seen; the size may be missing."""
    sized = region() if orientation < 5 else region(original_width=120, original_height=160)
    bare = {key: value for key, value in region().items() if not key.startswith("original")}
    for drawn in (sized, bare):
        files = {"a.json": json.dumps([task("1.jpg", drawn)]), "1.jpg": picture(orientation=orientation)}
        assert import_zip(files).frames.get().boxes == [{"label": "ball", "box": [0.25, 0.125, 0.75, 0.5]}]
