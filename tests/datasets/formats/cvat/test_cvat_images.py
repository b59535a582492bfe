"""CVAT for images: its XML, its shapes and its projects."""

import pytest

from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.split import Split
from tests.datasets.archives import A_BALL, annotation, picture
from tests.datasets.formats.annotation_files import A_BOX, BALL, OTHER_BOX, cvat, image, kinds, shape, track, video
from tests.datasets.reading import detected, read


def test_cvat_for_images(import_zip) -> None:
    files = {
        "annotations.xml": cvat(image("gym/1.jpg", A_BOX), image("gym/2.jpg"), image("hall/1.jpg")),
        "images/gym/1.jpg": picture(),
        "images/gym/2.jpg": picture(),
        "images/hall/1.jpg": picture(),
    }
    found = read(files)
    assert found.boxes == {"images/gym/1.jpg": BALL, "images/gym/2.jpg": [], "images/hall/1.jpg": []}
    assert found.repairs == []
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format, dataset.labels) == (Dataset.State.READY, "cvat", ["ball"])


@pytest.mark.parametrize(
    "shape",
    [
        '<polygon label="ball" points="20.0,30.0;80.0,50.0;40.0,90.0"/>',
        '<polyline label="ball" points="20,90;80,30"/>',
        '<mask label="ball" rle="1, 2, 3" left="20" top="30" width="60" height="60"/>',
        '<ellipse label="ball" cx="50" cy="60" rx="30" ry="30"/>',
        '<box label="ball" xtl="20" ytl="30" xbr="80" ybr="90" rotation="90.0"/>',
        '<box label="ball" xtl="28.7868" ytl="38.7868" xbr="71.2132" ybr="81.2132" rotation="45"/>',
    ],
    ids=["polygon", "polyline", "mask", "ellipse", "a quarter turn", "an eighth"],
)
def test_a_shape_of_cvat_becomes_the_box_around_it_and_is_counted(shape: str) -> None:
    found = read({"annotations.xml": cvat(image("1.jpg", A_BOX, shape, shape)), "1.jpg": picture()})
    (sample,) = found.samples
    box = sample.boxes[1]
    assert (box.xmin, box.ymin, box.xmax, box.ymax) == pytest.approx((20, 30, 80, 90), abs=0.001)
    assert found.repairs == [("box_around", "1.jpg", "2 boxes were drawn around a polygon, a mask or a rotated box.")]


def test_points_and_tags_of_cvat_are_no_boxes_and_tags_are_counted() -> None:
    shapes = '<points label="ball" points="3,4;50,60"/>', '<tag label="blurry"/>', '<tag label="dark"/>'
    found = read({"annotations.xml": cvat(image("1.jpg", A_BOX, *shapes)), "1.jpg": picture()})
    assert (found.boxes, found.objects) == ({"1.jpg": BALL}, {"1.jpg": 2})
    assert found.repairs == [("passed_over", "annotations.xml", "We skipped tags of whole pictures (2).")]


def test_a_project_of_cvat_keeps_its_subsets() -> None:
    """The same name in two subsets, each in a folder of its own."""
    files = {
        "annotations.xml": cvat(image("1.jpg", A_BOX, subset="Train"), image("1.jpg", subset="Validation")),
        "images/Train/1.jpg": picture(),
        "images/Validation/1.jpg": picture(),
    }
    found = read(files)
    assert found.boxes == {"images/Train/1.jpg": BALL, "images/Validation/1.jpg": []}
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]


def test_what_the_file_of_cvat_names_and_the_zip_lacks_is_said() -> None:
    found = read({"annotations.xml": cvat(image("1.jpg", A_BOX), image("2.jpg", A_BOX)), "1.jpg": picture()})
    assert kinds(found) == [("picture_missing", "2.jpg")]


def test_two_entries_of_one_picture_are_not_guessed() -> None:
    files = {"annotations.xml": cvat(image("a/1.jpg", A_BOX), image("b/1.jpg")), "1.jpg": picture(), "2.jpg": picture()}
    found = read(files)
    assert found.boxes == {"2.jpg": []}
    assert kinds(found) == [("unclear", "1.jpg")]


def test_of_two_entries_the_one_in_the_pictures_folder_is_its_own() -> None:
    """The other one's picture is not in the zip."""
    entries = image("val/1.jpg"), image("train/1.jpg", A_BOX), image("train/2.jpg")
    files = {f"images/train/{number}.jpg": picture() for number in (1, 2)}
    found = read(files | {"annotations.xml": cvat(*entries)})
    assert found.boxes == {"images/train/1.jpg": BALL, "images/train/2.jpg": []}
    assert kinds(found) == [("picture_missing", "val/1.jpg")]


@pytest.mark.parametrize("second", ["annotations_old.xml", "a/annotations.xml"])
def test_two_files_of_cvat_about_one_picture_are_not_piled_up(second: str) -> None:
    """Which of the two is right can't be told; where they say the same, it needn't be."""
    first, other = (
        cvat(image("1.jpg", A_BOX), image("2.jpg", A_BOX)),
        cvat(image("1.jpg", OTHER_BOX), image("2.jpg", A_BOX)),
    )
    found = read({"annotations.xml": first, second: other, "1.jpg": picture(), "2.jpg": picture()})
    assert found.boxes == {"2.jpg": BALL}
    assert sorted(kinds(found)) == [("listed_twice", "2.jpg"), ("unclear", "1.jpg")]


def test_a_picture_that_lost_its_box_in_another_file_of_cvat_is_not_guessed() -> None:
    files = {"1.jpg": picture(), "annotations.xml": cvat(image("1.jpg")), "old.xml": cvat(image("1.jpg", A_BOX))}
    assert (read(files).boxes, kinds(read(files))) == ({}, [("unclear", "1.jpg")])


def test_an_image_that_one_file_of_cvat_lists_twice_is_not_guessed() -> None:
    files = {"annotations.xml": cvat(image("1.jpg", A_BOX), image("1.jpg", OTHER_BOX)), "1.jpg": picture()}
    assert (read(files).boxes, kinds(read(files))) == ({}, [("unclear", "1.jpg")])


def test_pictures_that_an_entry_of_cvat_may_mean_are_no_negative_frames() -> None:
    files = {"annotations.xml": cvat(image("1.jpg", A_BOX), image("2.jpg", A_BOX)), "c/2.jpg": picture()}
    found = read(files | {"a/1.jpg": picture(), "b/1.jpg": picture()})
    assert found.boxes == {"c/2.jpg": BALL}
    assert kinds(found) == [("picture_unclear", "1.jpg"), ("frame_skipped", "a/1.jpg"), ("frame_skipped", "b/1.jpg")]


@pytest.mark.parametrize("part", [0.5, 0.95])
def test_half_a_file_of_cvat_is_refused(part: float) -> None:
    text = cvat(*[image(f"{number}.jpg", A_BOX) for number in range(99)])
    with pytest.raises(DatasetRefused, match=r"“annotations.xml” is damaged or isn't XML"):
        read({"annotations.xml": text[: int(len(text) * part)], "1.jpg": picture()})


def test_an_annotations_xml_is_not_taken_for_pascal_voc() -> None:
    files = {"annotations.xml": cvat(image("1.jpg", A_BOX)), "1.jpg": picture()}
    assert detected(files) == "cvat"
    with pytest.raises(DatasetRefused, match=r"Pascal VOC \(“1.xml”\) and CVAT for images 1.1 \(“annotations.xml”\)"):
        detected(files | {"1.xml": annotation("1.jpg", BALL)})


@pytest.mark.parametrize("key", ["cvat", "cvat-video"])
def test_what_does_not_stand_where_cvat_writes_it_is_said(key: str) -> None:
    text = cvat(image("frame_1.jpg", A_BOX)) if key == "cvat" else video(track(shape(1)))
    nested = text.replace("</meta>", "</meta><all>").replace("</annotations>", "</all></annotations>")
    found = read({"annotations.xml": nested, "frame_1.jpg": picture()})
    assert kinds(found) == [("annotation_skipped", "annotations.xml")]


def test_entities_in_the_file_of_cvat_are_refused() -> None:
    text = cvat(image("1.jpg", A_BOX)).replace("<annotations>", '<!DOCTYPE x [<!ENTITY a "b">]><annotations>')
    with pytest.raises(DatasetRefused, match="defines XML entities"):
        read({"annotations.xml": text, "1.jpg": picture()})


def with_label(label: str, encoding: str) -> str:
    text = cvat(image("1.jpg", A_BOX.replace("ball", label)), image("2.jpg", A_BOX))
    return text.replace("utf-8", encoding) if encoding else text.replace(' encoding="utf-8"', "")


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ("\n\n" + with_label("ball", "utf-8"), "ball"),
        (with_label("Red & Blue", "utf-8"), "Red & Blue"),
        (with_label("红球球", "GB2312").encode("gb18030"), "红球球"),
        (with_label("größe", "").encode("cp1252"), "größe"),
        (with_label("größe", "utf-16").encode("utf-8"), "größe"),
        (with_label("ba\x02ll", "utf-8"), "ball"),
    ],
    ids=["blank lines", "ampersand", "GB2312", "cp1252", "wrong width", "control character"],
)
def test_xml_of_cvat_that_is_not_by_the_book_is_read(content: str | bytes, label: str) -> None:
    found = read({"annotations.xml": content, "1.jpg": picture(), "2.jpg": picture()})
    assert found.boxes == {"1.jpg": [(label, *A_BALL[1:])], "2.jpg": BALL}
    assert found.repairs == [("annotation_mended", "annotations.xml", "It isn't valid XML. We read what we could.")]


def test_a_mistake_late_in_a_long_file_of_cvat_costs_nothing() -> None:
    """The pictures before it are read once."""
    images = [image(f"{number}.jpg", A_BOX) for number in range(9_000)] + [
        image("9000.jpg", A_BOX.replace("ball", "a&b"))
    ]
    found = read({"annotations.xml": cvat(*images)} | {f"{number}.jpg": b"" for number in range(9_001)})
    assert [len(boxes) for boxes in found.boxes.values()] == [1] * 9_001
    assert found.boxes["9000.jpg"][0][0] == "a&b"
    assert kinds(found) == [("annotation_mended", "annotations.xml")]


@pytest.mark.parametrize("prefix", ["", "c:"])
def test_namespaces_in_the_file_of_cvat_do_no_harm(prefix: str) -> None:
    text = cvat(image("1.jpg", A_BOX)).replace("</", f"</{prefix}")
    for tag in (
        "annotations",
        "image",
        "box",
        "meta",
        "task",
        "id",
        "name",
        "mode",
        "labels",
        "label",
        "dumped",
        "version",
    ):
        text = text.replace(f"<{tag}>", f"<{prefix}{tag}>").replace(f"<{tag} ", f"<{prefix}{tag} ")
    colon = prefix and f":{prefix[:-1]}"
    text = text.replace(f"<{prefix}annotations>", f'<{prefix}annotations xmlns{colon}="https://example.org/cvat">')
    files = {"annotations.xml": text, "1.jpg": picture()}
    assert (detected(files), read(files).boxes, read(files).repairs) == ("cvat", {"1.jpg": BALL}, [])


@pytest.mark.parametrize(
    "shape",
    [A_BOX.replace(".", ","), '<polygon label="ball" points="20,0,30,0;80,0,50,0;40,0,90,0"/>'],
    ids=["box", "polygon"],
)
def test_decimal_commas_in_the_file_of_cvat(shape: str) -> None:
    assert read({"annotations.xml": cvat(image("1.jpg", shape)), "1.jpg": picture()}).boxes == {"1.jpg": BALL}
