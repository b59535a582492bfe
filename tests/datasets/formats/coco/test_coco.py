"""COCO as the tools of the world write it, and as nobody should."""

import json

import pytest

from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.split import Split
from tests.datasets.archives import A_BALL, coco, picture
from tests.datasets.formats.coco.coco_files import A_BOX, BALL, entry, one_picture
from tests.datasets.reading import read


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
        ("crowd_left_out", "a.jpg", "We skipped boxes around a crowd: 1."),
        ("frame_skipped", "crowd.jpg", "It only has boxes around crowds."),
    ]


def test_a_picture_that_is_listed_twice_has_the_boxes_of_both() -> None:
    boxes = [(1, 1, *A_BOX), (2, 1, *A_BOX), (2, 1, 1, 1, 9, 9)]
    found = read({"a.jpg": picture(), "a.json": coco({1: "a.jpg", 2: "a.jpg"}, {1: "ball"}, boxes)})
    assert found.boxes == {"a.jpg": [A_BALL, ("ball", 1, 1, 10, 10)]}
    assert found.objects == {"a.jpg": 2}
    assert found.repairs == [("listed_twice", "a.jpg", "Listed more than once: we combined the boxes.")]


def test_one_id_for_two_pictures() -> None:
    """As in files that somebody put together."""
    images = [{"id": 1, "file_name": name} for name in ("a.jpg", "b.jpg")]
    with pytest.raises(DatasetRefused, match=r"“a.json” uses the id 1 for two pictures"):
        read(one_picture(entry(), images=images) | {"b.jpg": picture()})


def test_what_the_zip_does_not_hold_is_said() -> None:
    boxes = [(1, 1, *A_BOX), (2, 1, *A_BOX), (77, 1, *A_BOX)]
    found = read({"a.jpg": picture(), "a.json": coco({1: "a.jpg", 2: "gone.jpg"}, {1: "ball"}, boxes)})
    assert found.boxes == {"a.jpg": BALL}
    assert found.repairs == [
        ("picture_missing", "gone.jpg", "This picture isn't in the zip file."),
        ("annotation_skipped", "a.json", "We skipped boxes of unlisted pictures: 1."),
    ]


def test_entries_of_any_other_kind_are_passed_over_and_counted() -> None:
    images = [{"id": 1, "file_name": "a.jpg"}, {"id": {}, "file_name": "b.jpg"}, {"id": 2}, 5, None, [1]]
    found = read(one_picture(entry(), "box", {"bbox": [1, 2, 3, 4]}, images=images))
    assert found.boxes == {"a.jpg": BALL}
    assert found.repairs == [("annotation_skipped", "a.json", "We skipped entries that aren't valid COCO: 7.")]


def test_a_size_that_is_none_is_not_taken() -> None:
    images = [{"id": 1, "file_name": "a.jpg", "width": 0, "height": "120"}]
    assert read(one_picture(entry(), images=images)).samples[0].size is None


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
    assert found.repairs == [("picture_missing", "2.jpg", "This picture isn't in the zip file.")]


def test_a_picture_is_no_other_of_its_name() -> None:
    images = {1: "a/1.jpg", 2: "b/1.jpg"}
    found = read({"a/1.jpg": picture(), "all.json": coco(images, {1: "ball"}, [(1, 1, *A_BOX), (2, 1, 1, 1, 9, 9)])})
    assert found.boxes == {"a/1.jpg": BALL}
    text = "A picture with this name is only in another folder."
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


def test_what_is_no_number_stands_for_none() -> None:
    found = read(one_picture(entry(area=float("nan"), score=float("inf")), entry(bbox=[float("nan"), 1, 2, 3])))
    assert (found.objects, found.boxes) == ({"a.jpg": 2}, {"a.jpg": BALL})
