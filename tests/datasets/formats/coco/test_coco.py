"""COCO as the tools of the world write it, and as nobody should."""

import json
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasets.formats.coco import coco as coco_format
from datasets.formats.common import picture_files as limits
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.split import Split
from tests.datasets.archives import A_BALL, annotation, coco, one_frame, picture
from tests.datasets.reading import archive_of, detected, read

A_BOX = (20, 30, 60, 60)
BALL = [A_BALL]


def entry(**values: object) -> dict:
    return {"id": 1, "image_id": 1, "category_id": 1, "bbox": list(A_BOX), "iscrowd": 0} | values


def one_picture(*annotations: object, **more: object) -> dict:
    """The files of a set of one picture a.jpg, whose annotations are given as they lie in the file."""
    lists = {"annotations": annotations} | more
    return {"a.jpg": picture(), "a.json": coco({1: "a.jpg"}, {1: "ball"}, [], **lists)}


def test_roboflow(import_zip) -> None:
    """A file in each folder beside its pictures; category 0 is there for the others, without boxes."""
    categories = {0: "game-pieces", 1: "ball", 2: "cube"}
    files: dict = {"README.dataset.txt": "# cones > 2024-01-01\nhttps://example.org", "README.roboflow.txt": "Exported"}
    for folder in ("train", "valid", "test"):
        name = f"{folder}_jpg.rf.0a1b2c.jpg"
        files[f"{folder}/{name}"] = picture()
        files[f"{folder}/_annotations.coco.json"] = coco({0: name}, categories, [(0, 1, *A_BOX), (0, 2, 5, 5, 50, 50)])
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format, dataset.repairs) == (Dataset.State.READY, "coco", [])
    assert dataset.labels == ["ball", "cube"]
    assert [dataset.counts[split.value]["frames"] for split in Split] == [1, 2]
    assert dataset.frames.get(split=Split.TRAINING).boxes == [
        {"label": "ball", "box": [30 / 120, 20 / 160, 90 / 120, 80 / 160]},
        {"label": "cube", "box": [5 / 120, 5 / 160, 55 / 120, 55 / 160]},
    ]


def test_the_official_layout() -> None:
    """Ids with gaps, categories at the end, and files of other tasks about the same pictures."""
    files: dict = {}
    for folder, image in (("train2017", 391895), ("val2017", 397133)):
        name = f"{image:012d}.jpg"
        files[f"coco/{folder}/{name}"] = picture()
        files[f"coco/annotations/instances_{folder}.json"] = coco(
            {image: name}, {1: "person", 90: "brush"}, [(image, 90, *A_BOX)]
        )
        files[f"coco/annotations/person_keypoints_{folder}.json"] = coco(
            {image: name}, {1: "person"}, [(image, 1, *A_BOX)]
        )
        captions = [{"id": 1, "image_id": image, "caption": "A brush."}]
        files[f"coco/annotations/captions_{folder}.json"] = json.dumps({"images": [], "annotations": captions})
    found = read(files)
    assert found.boxes == {
        "coco/train2017/000000391895.jpg": [("brush", 20, 30, 80, 90)],
        "coco/val2017/000000397133.jpg": [("brush", 20, 30, 80, 90)],
    }
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]
    assert found.repairs == []


def test_cvat() -> None:
    files = {
        "images/default/gym/frame 000001.PNG": picture(kind="PNG"),
        "annotations/instances_default.json": coco({1: "gym/frame 000001.PNG"}, {1: "ball"}, [(1, 1, *A_BOX)]),
    }
    found = read(files)
    assert found.boxes == {"images/default/gym/frame 000001.PNG": BALL}
    assert list(found.splits.values()) == [None]


def test_cvat_with_the_same_names_in_both_subsets() -> None:
    """The pictures of instances_Train.json lie in Train/, though they are named without it."""
    files: dict = {}
    for subset, label in (("Train", "ball"), ("Validation", "cube")):
        files[f"images/{subset}/1.jpg"] = picture()
        files[f"annotations/instances_{subset}.json"] = coco({1: "1.jpg"}, {1: label}, [(1, 1, *A_BOX)])
    assert read(files).boxes == {
        "images/Train/1.jpg": [("ball", 20, 30, 80, 90)],
        "images/Validation/1.jpg": [("cube", 20, 30, 80, 90)],
    }


@pytest.mark.parametrize(
    ("lies_at", "file_name"),
    [
        ("images/3f0b91d2-cone 1.jpg", "images/3f0b91d2-cone 1.jpg"),
        ("images/3f0b91d2-cone.jpg", "images\\3/3f0b91d2-cone.jpg"),
        ("images/3f0b91d2-cone.jpg", "../../label-studio/media/upload/4/3f0b91d2-cone.jpg"),
        ("cone.jpg", "images/3f0b91d2-cone.jpg"),
        ("größe é.jpg", "/data/local-files/gr%C3%B6%C3%9Fe%20%C3%A9.jpg"),
    ],
    ids=["today", "windows", "with the server's path", "with the person's own pictures", "quoted"],
)
def test_label_studio(lies_at: str, file_name: str) -> None:
    """Pictures bear the mark of their upload; how their path is written has changed from version to version."""
    found = read({lies_at: picture(), "result.json": coco({0: file_name}, {0: "ball"}, [(0, 0, *A_BOX)])})
    assert found.boxes == {lies_at: BALL}
    assert found.repairs == []


def test_a_wrapping_folder_and_what_macos_adds() -> None:
    files = {f"my set/{name}": content for name, content in one_picture(entry()).items()}
    files["__MACOSX/my set/._a.json"] = b"\x00\x05\x16\x07"
    assert read(files).boxes == {"my set/a.jpg": BALL}


def test_pictures_without_a_box_or_in_no_list_are_negative() -> None:
    files = {name: picture() for name in ("a.jpg", "empty.jpg", "unlisted.JPG")}
    files["set.JSON"] = coco({1: "a.jpg", 2: "empty.jpg"}, {1: "ball"}, [(1, 1, *A_BOX)])
    found = read(files)
    assert found.objects == {"a.jpg": 1, "empty.jpg": 0, "unlisted.JPG": 0}
    assert found.repairs == []


@pytest.mark.parametrize(
    "shape",
    [
        {"bbox": [20, 30, 60, 60], "segmentation": [[0, 0, 1, 1, 2, 2]]},
        {"bbox": None, "segmentation": [[20, 30, 80, 40, 50, 90]]},
        {"bbox": [], "segmentation": [[20, 30, 60, 40, 50, 60], [40, 50, 80, 90, 60, 60]]},
        {"bbox": [0, 0, 0, 0], "segmentation": [20, 30, 80, 40, 50, 90]},
    ],
    ids=["a box beside a polygon", "a polygon", "polygons", "a polygon not in a list"],
)
def test_the_box_itself_or_else_around_the_polygons(shape: dict) -> None:
    assert read(one_picture(entry(**shape))).boxes == {"a.jpg": BALL}


@pytest.mark.parametrize(
    "broken",
    [
        {"bbox": None, "segmentation": {"counts": [1, 2, 30000], "size": [120, 160]}},
        {"bbox": ["far", 30, 60, 60]},
        {"bbox": [20, 30, 60]},
        {"bbox": [True, 30, 60, 60]},
        {"bbox": {"x": 1}, "segmentation": "none"},
        {"category_id": 7},
        {"category_id": [1]},
        {"category_id": None},
    ],
    ids=["a mask of runs", "a text", "three numbers", "a truth", "an object", "unknown label", "a list", "no label"],
)
def test_an_object_without_a_label_or_box_is_counted_and_has_no_box(broken: dict) -> None:
    """The import says so, and leaves a picture out that has only such objects."""
    found = read(one_picture(entry(), entry(**broken)))
    assert (found.objects, found.boxes) == ({"a.jpg": 2}, {"a.jpg": BALL})


def test_crowds_are_left_out_and_counted() -> None:
    files = {"a.jpg": picture(), "crowd.jpg": picture()}
    crowd = entry(iscrowd=1, segmentation={"counts": "abc", "size": [120, 160]})
    files["a.json"] = coco(
        {1: "a.jpg", 2: "crowd.jpg"}, {1: "ball"}, [], annotations=[entry(), crowd, crowd | {"image_id": 2}]
    )
    found = read(files)
    assert found.boxes == {"a.jpg": BALL}
    assert found.repairs == [
        ("crowd_left_out", "a.jpg", "Boxes around a crowd, left out: 1."),
        ("frame_skipped", "crowd.jpg", "Only crowds are marked in it, so it was left out."),
    ]


def test_a_picture_that_is_listed_twice_has_the_boxes_of_both() -> None:
    boxes = [(1, 1, *A_BOX), (2, 1, *A_BOX), (2, 1, 1, 1, 9, 9)]
    found = read({"a.jpg": picture(), "a.json": coco({1: "a.jpg", 2: "a.jpg"}, {1: "ball"}, boxes)})
    assert found.boxes == {"a.jpg": [A_BALL, ("ball", 1, 1, 10, 10)]}
    assert found.objects == {"a.jpg": 2}
    assert found.repairs == [("listed_twice", "a.jpg", "Listed more than once: its boxes were put together.")]


def test_one_id_for_two_pictures() -> None:
    """As in files that somebody put together."""
    images = [{"id": 1, "file_name": name} for name in ("a.jpg", "b.jpg")]
    with pytest.raises(DatasetRefused, match=r"“a.json” has the id 1 for two pictures"):
        read(one_picture(entry(), images=images) | {"b.jpg": picture()})


def test_what_the_zip_does_not_hold_is_said() -> None:
    boxes = [(1, 1, *A_BOX), (2, 1, *A_BOX), (77, 1, *A_BOX)]
    found = read({"a.jpg": picture(), "a.json": coco({1: "a.jpg", 2: "gone.jpg"}, {1: "ball"}, boxes)})
    assert found.boxes == {"a.jpg": BALL}
    assert found.repairs == [
        ("picture_missing", "gone.jpg", "The zip does not hold this picture."),
        ("annotation_skipped", "a.json", "Passed over, boxes of pictures that are not listed: 1."),
    ]


def test_entries_of_any_other_kind_are_passed_over_and_counted() -> None:
    images = [{"id": 1, "file_name": "a.jpg"}, {"id": {}, "file_name": "b.jpg"}, {"id": 2}, 5, None, [1]]
    found = read(one_picture(entry(), "box", {"bbox": [1, 2, 3, 4]}, images=images))
    assert found.boxes == {"a.jpg": BALL}
    assert found.repairs == [("annotation_skipped", "a.json", "Passed over, entries that are not as COCO has them: 7.")]


def test_a_size_that_is_none_is_not_taken() -> None:
    images = [{"id": 1, "file_name": "a.jpg", "width": 0, "height": "120"}]
    assert read(one_picture(entry(), images=images)).samples[0].size is None


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
    with pytest.raises(DatasetRefused, match=r"no COCO annotation .* Export the set as COCO"):
        read(one_frame(picture(), BALL), "coco")


HEAD = '{"images": [], "annotations": ['


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "“a.json” is damaged, or no JSON."),
        (HEAD + "9" * 5000 + "]}", "“a.json” is damaged, or no JSON."),
        (HEAD + "[" * 1_000_000, "“a.json” nests deeper than any annotation does."),
        (HEAD + '{"a":' * 100_000, "“a.json” nests deeper than any annotation does."),
        (HEAD + "[" + "1," * 300_000, "“a.json” has an entry of more than 200,000 values."),
        (HEAD + '"' + "x" * 2_000_000 + '"]}', "“a.json” holds a value that is longer than annotations need."),
        (HEAD + '"' + '\\"' * 1_000_000 + '"]}', "“a.json” holds a value that is longer than annotations need."),
    ],
    ids=["cut off", "huge number", "lists", "objects", "one endless entry", "long text", "text of quotes"],
)
def test_json_that_no_tool_writes(text: str, sentence: str) -> None:
    with pytest.raises(DatasetRefused) as refused:
        read({"a.jpg": picture(), "a.json": text})
    assert str(refused.value) == f"{sentence} Export the set again."


@pytest.mark.parametrize("what", ["images", "annotations", "categories"])
def test_too_many_entries(monkeypatch, what: str) -> None:
    monkeypatch.setattr(coco_format, "MAX_BOXES", 3)
    monkeypatch.setattr(limits, "MAX_BOXES", 3)
    with pytest.raises(DatasetRefused, match=rf"hold more than 3 {what}. Split the set into several."):
        read(one_picture(entry(), **{what: [{}] * 4}))


def test_a_byte_order_mark_is_passed_over() -> None:
    files = one_picture(entry())
    files["a.json"] = files["a.json"].encode("utf-8-sig")
    assert read(files).boxes == {"a.jpg": BALL}


def test_each_folder_has_its_own_boxes_where_names_repeat() -> None:
    """The frames of two videos; train/2.jpg and its boxes are not there."""
    files: dict = {name: picture() for name in ("train/1.jpg", "val/1.jpg", "val/2.jpg")}
    for split, label in (("train", "ball"), ("val", "cube")):
        files[f"annotations/{split}.json"] = coco(
            {1: "1.jpg", 2: "2.jpg"}, {1: label}, [(1, 1, *A_BOX), (2, 1, *A_BOX)]
        )
    found = read(files)
    cube = [("cube", *A_BALL[1:])]
    assert found.boxes == {"train/1.jpg": BALL, "val/1.jpg": cube, "val/2.jpg": cube}
    assert found.repairs == [("picture_missing", "2.jpg", "The zip does not hold this picture.")]


def test_a_picture_is_no_other_of_its_name() -> None:
    images = {1: "a/1.jpg", 2: "b/1.jpg"}
    found = read({"a/1.jpg": picture(), "all.json": coco(images, {1: "ball"}, [(1, 1, *A_BOX), (2, 1, 1, 1, 9, 9)])})
    assert found.boxes == {"a/1.jpg": BALL}
    text = "The zip holds a picture of this name in another folder alone."
    assert found.repairs == [("picture_missing", "b/1.jpg", text)]


def test_pictures_that_cannot_be_told_apart_are_left_out_and_teach_nothing() -> None:
    files: dict = {name: picture() for name in ("one/1.jpg", "two/1.jpg", "two/2.jpg")}
    files["all.json"] = coco({1: "1.jpg", 2: "2.jpg"}, {1: "ball"}, [(1, 1, *A_BOX), (2, 1, *A_BOX)])
    found = read(files)
    assert found.boxes == {"two/2.jpg": BALL}
    assert [(kind, file) for kind, file, _ in found.repairs] == [
        ("picture_unclear", "1.jpg"),
        ("frame_skipped", "one/1.jpg"),
        ("frame_skipped", "two/1.jpg"),
    ]


@pytest.mark.parametrize("file_name", ["a.png", "a.JPEG", "a", 17, "17.png", "a.jpg.jpg"])
def test_a_name_with_another_ending_or_none_is_the_same_picture(file_name: str | int) -> None:
    lies_at = f"images/{str(file_name).partition('.')[0]}.jpg"
    images = [{"id": 1, "file_name": file_name}]
    found = read({lies_at: picture(), "a.json": coco({}, {1: "ball"}, [], images=images, annotations=[entry()])})
    assert found.boxes == {lies_at: BALL}


@pytest.mark.parametrize(
    ("category", "used"), [(1, "1"), ("1", 1), (1.0, 1), (" 1", "1 ")], ids=["number", "text", "float", "spaces"]
)
def test_an_id_is_the_same_as_a_text_and_as_a_number(category: object, used: object) -> None:
    categories = [{"id": category, "name": 7}]
    found = read(one_picture(entry(category_id=used, image_id="1"), categories=categories))
    assert found.boxes == {"a.jpg": [("7", *A_BALL[1:])]}


@pytest.mark.parametrize(
    ("image", "used"),
    [("000123", 123), (7, "a.jpg"), (7, "a"), (7, "007")],
    ids=["zeros", "name", "stem", "more zeros"],
)
def test_what_programs_write_in_place_of_an_id(image: object, used: object) -> None:
    images = [{"id": image, "file_name": "a.jpg"}]
    assert read(one_picture(entry(image_id=used, category_id="ball"), images=images)).boxes == {"a.jpg": BALL}


def test_a_turned_box_of_cvat_becomes_the_box_around_it() -> None:
    found = read(one_picture(entry(bbox=[40, 55, 40, 10], attributes={"rotation": 90.0})))
    assert found.boxes == {"a.jpg": [("ball", 55, 40, 65, 80)]}


RUNS = {"counts": [30 + 120 * 20, 60, *[60, 60] * 59, 9570], "size": [120, 160]}


@pytest.mark.parametrize(
    "mask",
    [
        entry(iscrowd=1, segmentation=RUNS, attributes={"occluded": False}),
        entry(iscrowd=1, segmentation=RUNS),
        entry(iscrowd=0, segmentation=RUNS, bbox=None),
        entry(iscrowd=0, bbox=None, segmentation={"counts": "0S2b0" + "1" * 4 + "o", "size": [10, 10]}),
    ],
    ids=["CVAT", "all are masks", "without a box", "damaged"],
)
def test_a_mask_is_the_box_around_it(mask: dict) -> None:
    single = [entry()] if "attributes" in mask or not mask["iscrowd"] else []
    (boxes,) = read(one_picture(mask, *single)).boxes.values()
    assert set(boxes) == {A_BALL}


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


def test_what_is_no_number_stands_for_none() -> None:
    found = read(one_picture(entry(area=float("nan"), score=float("inf")), entry(bbox=[float("nan"), 1, 2, 3])))
    assert (found.objects, found.boxes) == ({"a.jpg": 2}, {"a.jpg": BALL})


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
    text = "The boxes of “new.json” were used, the newest; “second.json” has others."
    assert found.repairs == [("other_file_used", "a.jpg", text)]


def test_of_two_files_of_one_age_none_is_guessed() -> None:
    with pytest.raises(DatasetRefused, match=r"both say where the objects in “a.jpg” are, and not the same. Leave the"):
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
    text = "The boxes of “new.json” were used, the newest; “old.json” has others."
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
    text = "“2.json” is newer and has no boxes here, so those in “1.json” were left out."
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
    assert text.endswith("nothing says which is right. Take one of them out of the zip, then import it again.")


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
    text = "Listed more than once: its boxes were put together. Boxes at the same place have different labels."
    assert read(files).repairs == [("listed_twice", "a.jpg", f"{text} Check that they are right.")]


def test_boxes_beyond_all_numbers_are_compared_as_well() -> None:
    files = pictures("a.jpg")
    files["1.json"] = noted({"a.jpg": [("ball", 1.0e308, 1, 1.0e308, 9)]}, "2024-01-01")
    files["2.json"] = noted({"a.jpg": [A_CUBE]}, "2024-01-02")
    assert labels_of(files) == {"a.jpg": ["ball", "cube"]}


def test_a_picture_in_more_files_than_can_be_compared_is_refused() -> None:
    files = pictures("a.jpg") | {f"{number}.json": noted({"a.jpg": []}, "") for number in range(51)}
    with pytest.raises(DatasetRefused, match=r"More than 50 files list “a.jpg”. Leave the older ones out of the zip"):
        read(files)


def zip_entry(name: str, year: int = 2025) -> zipfile.ZipInfo:
    """A file of the zip, written in that year."""
    return zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))


def assert_it_tells_what_to_do(refused: DatasetRefused) -> None:
    assert "Export the set" in str(refused)


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
