"""Pascal VOC as tools and people write it."""

import time
import zipfile

import pytest

from datasets.split import Split
from tests.datasets.archives import A_BALL, Box, annotation, picture
from tests.datasets.reading import read

CUBE: Box = ("cube", 1, 1, 50, 50)
BY_THE_BOOK = ("annotation_mended", "a.xml", "It isn't valid XML. We read what we could.")


def one(text: str | bytes) -> dict:
    return {"a.jpg": picture(), "a.xml": text}


def test_each_folder_has_its_own_boxes_where_names_repeat() -> None:
    """train/2.jpg shows nothing, and has no file, as LabelImg leaves it."""
    files: dict = {f"images/{name}.jpg": picture() for name in ("train/1", "train/2", "val/1", "val/2")}
    files["annotations/train/1.xml"] = annotation("1.jpg", [A_BALL])
    files |= {f"annotations/val/{name}.xml": annotation(f"{name}.jpg", [CUBE]) for name in (1, 2)}
    found = read(files)
    assert found.boxes == {
        "images/train/1.jpg": [A_BALL],
        "images/train/2.jpg": [],
        "images/val/1.jpg": [CUBE],
        "images/val/2.jpg": [CUBE],
    }
    assert found.repairs == []


def test_boxes_of_a_folder_that_is_not_there_land_nowhere_else() -> None:
    files: dict = {name: picture() for name in ("images/train/1.jpg", "images/train/2.jpg", "images/val/1.jpg")}
    files |= {f"annotations/val/{name}.xml": annotation(f"{name}.jpg", [CUBE]) for name in (1, 2)}
    found = read(files)
    assert found.boxes == {"images/train/1.jpg": [], "images/train/2.jpg": [], "images/val/1.jpg": [CUBE]}
    text = "Its picture isn't in the zip file."
    assert found.repairs == [("picture_missing", "annotations/val/2.xml", text)]


def test_pictures_that_cannot_be_told_apart_teach_nothing() -> None:
    files: dict = {name: picture() for name in ("one/1.jpg", "two/1.jpg", "two/2.jpg")}
    files |= {"xml/1.xml": annotation("1.jpg", [A_BALL]), "xml/2.xml": annotation("2.jpg", [A_BALL])}
    found = read(files)
    assert found.boxes == {"two/2.jpg": [A_BALL]}
    assert [(kind, file) for kind, file, _ in found.repairs] == [
        ("picture_unclear", "xml/1.xml"),
        ("frame_skipped", "one/1.jpg"),
        ("frame_skipped", "two/1.jpg"),
    ]


def test_the_folder_that_the_annotation_names_tells_them_apart() -> None:
    files: dict = {name: picture() for name in ("one/1.jpg", "two/1.jpg")}
    files["xml/1.xml"] = annotation("two/1.jpg", [A_BALL])
    assert read(files).boxes == {"one/1.jpg": [], "two/1.jpg": [A_BALL]}


def test_pictures_and_annotations_that_were_renumbered_together() -> None:
    """2.jpg is now 1.jpg and so on, and <filename> was left as it was."""
    files: dict = {}
    for number in (1, 2, 3):
        files[f"{number}.jpg"] = picture()
        files[f"{number}.xml"] = annotation(f"{number + 1}.jpg", [("ball", number, 1, 50, 50)])
    found = read(files)
    assert found.boxes == {f"{number}.jpg": [("ball", number, 1, 50, 50)] for number in (1, 2, 3)}
    assert found.repairs == []


def test_capitals_tell_two_pictures_apart() -> None:
    files = {"A.jpg": picture(), "a.jpg": picture()}
    files |= {"A.xml": annotation("A.jpg", [A_BALL]), "a.xml": annotation("a.jpg", [CUBE])}
    assert read(files).boxes == {"A.jpg": [A_BALL], "a.jpg": [CUBE]}


@pytest.mark.parametrize("name", ["a.jpg.xml", "a.xml", "A.XML"])
def test_endings_of_annotations(name: str) -> None:
    assert read({"a.jpg": picture(), name: annotation("", [A_BALL])}).boxes == {"a.jpg": [A_BALL]}


def test_two_pictures_of_one_name_are_told_apart_by_their_endings() -> None:
    files = {"1.jpg": picture(), "1.png": picture(kind="PNG"), "1.xml": annotation("1.png", [A_BALL])}
    assert read(files).boxes == {"1.jpg": [], "1.png": [A_BALL]}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (annotation("a.jpg", [("Red & Blue", *A_BALL[1:])]), "Red & Blue"),
        (annotation("a.jpg", [("R&amp;D &x; & &", *A_BALL[1:])]), "R&D &x; & &"),
        (annotation("a.jpg", [("größe", *A_BALL[1:])]).encode("cp1252"), "größe"),
        (annotation("a.jpg", [("红色圆锥", *A_BALL[1:])]).encode("gb2312"), "红色圆锥"),
        (
            ('<?xml version="1.0" encoding="GB2312"?>' + annotation("a.jpg", [("红色", *A_BALL[1:])])).encode("gb2312"),
            "红色",
        ),
        ('\n \n<?xml version="1.0" encoding="utf-8"?>' + annotation("a.jpg", [A_BALL]), "ball"),
        (("\ufeff\n<?xml version='1.0'?>" + annotation("a.jpg", [A_BALL])).encode(), "ball"),
        (annotation("a.jpg", [("ball\x07", *A_BALL[1:])]), "ball"),
    ],
    ids=["ampersand", "half escaped", "Western", "Chinese", "says Chinese", "blank lines", "mark and line", "bell"],
)
def test_xml_that_is_not_by_the_book_is_read_and_said(text: str | bytes, label: str) -> None:
    found = read(one(text))
    assert found.boxes == {"a.jpg": [(label, *A_BALL[1:])]}
    assert found.repairs == [BY_THE_BOOK]


@pytest.mark.parametrize(
    "text",
    [
        annotation("a.jpg", [A_BALL]).replace("<annotation>", '<annotation xmlns="http://example.org/voc">'),
        annotation("a.jpg", [A_BALL]).replace("annotation>", "Annotation>").replace("bndbox", "BndBox"),
        annotation("a.jpg", [("ball", "20,0", "30,00", "80,0", "9,0e1")]),
        annotation("a.jpg", [A_BALL]).encode("utf-16"),
        annotation("a.jpg", [A_BALL]).replace(">20<", "> 20 <"),
    ],
    ids=["namespace", "capitals", "decimal commas", "UTF-16", "spaces"],
)
def test_other_ways_to_write_the_same(text: str | bytes) -> None:
    found = read(one(text))
    assert (found.boxes, found.repairs) == ({"a.jpg": [A_BALL]}, [])


def test_an_annotation_below_another_root_is_read_and_said() -> None:
    found = read(one(f"<doc>{annotation('a.jpg', [A_BALL])}</doc>"))
    assert found.boxes == {"a.jpg": [A_BALL]}
    assert found.repairs == [("annotation_mended", "a.xml", "Its annotation is inside <doc>.")]


def test_xml_of_another_kind_is_counted() -> None:
    found = read(one(annotation("a.jpg", [A_BALL])) | {"pom.xml": "<project/>"})
    assert found.repairs == [("annotation_skipped", "pom.xml", "This XML isn't an annotation, so we skipped it.")]


def test_an_object_with_two_boxes_is_two_objects() -> None:
    second = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object>"
    found = read(one(annotation("a.jpg", [A_BALL]).replace("</object>", second)))
    assert found.boxes == {"a.jpg": [A_BALL, ("ball", 1, 2, 30, 40)]}
    assert found.objects == {"a.jpg": 2}
    assert [kind for kind, _, _ in found.repairs] == ["annotation_mended"]


TURNED = "<attributes><attribute><name>rotation</name><value>90.0</value></attribute></attributes></object>"


@pytest.mark.parametrize(
    "shape",
    [
        "<bndbox><xmin>20</xmin><ymin>30</ymin><xmax>40</xmax><ymax>90</ymax></bndbox>" + TURNED[:-9],
        "<robndbox><cx>30</cx><cy>60</cy><w>20</w><h>60</h><angle>1.5707963268</angle></robndbox>",
        "<polygon><x1>0</x1><y1>50</y1><x2>60</x2><y2>50</y2><x3>30</x3><y3>70</y3></polygon>",
        "<polygon><pt><x>0</x><y>50</y></pt><pt><x>60</x><y>70</y></pt></polygon>",
    ],
    ids=["CVAT", "roLabelImg", "polygon", "points"],
)
def test_what_is_drawn_in_place_of_a_box_becomes_the_box_around_it(shape: str) -> None:
    text = f"<annotation><filename>a.jpg</filename><object><name>ball</name>{shape}</object></annotation>"
    assert read(one(text)).boxes == {"a.jpg": [("ball", 0, 50, 60, 70)]}


def test_lists_of_the_split_name_folders_too() -> None:
    files: dict = {"labelmap.txt": "# label:color_rgb:parts:actions\nball:::\n"}
    for name in ("red/1", "red/2", "blue/1"):
        files[f"JPEGImages/{name}.jpg"] = picture()
        files[f"Annotations/{name}.xml"] = annotation(f"{name}.jpg", [A_BALL])
    files["ImageSets/Main/train.txt"] = "red/1\nblue/1.jpg\n"
    files["ImageSets/Main/val.txt"] = "red/2  -1\n"
    assert read(files).splits == {
        "JPEGImages/blue/1.jpg": Split.TRAINING,
        "JPEGImages/red/1.jpg": Split.TRAINING,
        "JPEGImages/red/2.jpg": Split.EVALUATION,
    }


def test_lines_of_the_split_that_lead_to_no_picture_are_counted() -> None:
    files: dict = one(annotation("a.jpg", [A_BALL])) | {"b.jpg": picture()}
    files |= {"ImageSets/Main/train.txt": "a\n\nc\nd -1\n", "ImageSets/Main/val.txt": "b\n"}
    found = read(files)
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]
    text = "Lines that don't match exactly one picture: 2 of 3, for example “c”."
    assert found.repairs == [("split_lost", "ImageSets/Main/train.txt", text)]


def test_parts_of_objects_are_counted() -> None:
    """As in the people of Pascal VOC's own sets."""
    part = "<part><name>head</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></part>"
    found = read(one(annotation("a.jpg", [A_BALL]).replace("</object>", f"{part * 2}</object>")))
    assert found.boxes == {"a.jpg": [A_BALL]}
    assert found.repairs == [("passed_over", "a.xml", "We skipped parts of objects (2).")]


@pytest.mark.parametrize("line", [" " * 900_000 + "x", "1 " * 450_000 + "x", "a" + "\t1" * 450_000])
def test_lines_without_end_take_no_time(line: str) -> None:
    began = time.process_time()
    read(one(annotation("a.jpg", [A_BALL])) | {"ImageSets/Main/train.txt": line}, "voc")
    assert time.process_time() - began < 2


TODAY = (2026, 3, 1, 10, 0, 0)


def at(name: str, when: tuple = TODAY) -> zipfile.ZipInfo:
    """A file of the zip, written then."""
    return zipfile.ZipInfo(name, when)


def two_notes(one: zipfile.ZipInfo, other: zipfile.ZipInfo) -> dict:
    """A picture with two annotations that contradict each other, the first with a cube."""
    return {"images/a.jpg": picture(), one: annotation("a.jpg", [CUBE]), other: annotation("a.jpg", [A_BALL])}


@pytest.mark.parametrize("when", [TODAY, (2026, 4, 1, 0, 0, 0)], ids=["written together", "copied later"])
def test_of_two_annotations_of_a_picture_the_one_in_an_old_folder_is_not_used(when: tuple) -> None:
    found = read(two_notes(at("Annotations_old/a.xml", when), at("xml/a.xml")))
    assert found.boxes == {"images/a.jpg": [A_BALL]}
    assert [(kind, file) for kind, file, _ in found.repairs] == [("annotation_skipped", "Annotations_old/a.xml")]


@pytest.mark.parametrize("name", ["notes/a.xml", "xmls/a.xml"])
def test_of_two_annotations_of_a_picture_the_newer_one_is_used(name: str) -> None:
    found = read(two_notes(at("xml/a.xml"), at(name, (2026, 3, 1, 10, 0, 2))))
    assert found.boxes == {"images/a.jpg": [A_BALL]}


@pytest.mark.parametrize("when", [TODAY, (1980, 1, 1, 0, 0, 0)], ids=["written together", "without a date"])
def test_of_two_annotations_of_one_age_none_is_guessed(when: tuple) -> None:
    files = two_notes(at("one/a.xml"), at("two/a.xml", when)) | {"images/b.jpg": picture()}
    found = read(files)
    assert found.boxes == {"images/b.jpg": []}
    text = (
        "“one/a.xml” and “two/a.xml” disagree about it, and we can't tell which is newer. Remove one, then import "
        "again."
    )
    assert found.repairs == [("unclear", "images/a.jpg", text)]


def test_two_annotations_that_say_the_same_contradict_nothing() -> None:
    files = {"images/a.jpg": picture()} | {at(f"{name}/a.xml"): annotation("", [A_BALL]) for name in ("one", "two")}
    found = read(files)
    assert found.boxes == {"images/a.jpg": [A_BALL]}
    assert [kind for kind, _, _ in found.repairs] == ["annotation_skipped"]


def test_an_annotation_of_the_same_name_may_be_about_another_picture() -> None:
    files = {"a.jpg": picture(), "b.jpg": picture(), at("x/a.xml"): annotation("b.jpg", [CUBE])}
    assert read(files | {at("y/a.xml"): annotation("a.jpg", [A_BALL])}).boxes == {"a.jpg": [A_BALL], "b.jpg": [CUBE]}


def test_a_stale_filename_is_no_reason_to_choose_between_two_annotations() -> None:
    """The pictures were renumbered, together with one of the two folders."""
    files: dict = {f"images/{number}.jpg": picture() for number in (1, 2)}
    for number in (1, 2):
        files[at(f"one/{number}.xml")] = annotation(f"{number}.jpg", [A_BALL])
        files[at(f"two/{number}.xml")] = annotation(f"{3 - number}.jpg", [CUBE])
    found = read(files)
    assert found.boxes == {}
    assert [(kind, file) for kind, file, _ in found.repairs] == [
        ("unclear", "images/1.jpg"),
        ("unclear", "images/2.jpg"),
    ]
