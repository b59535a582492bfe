"""The files of CVAT, Label Studio and labelme, as these programs write them, and as people zip them."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.server.processor_time import limited
from datasets.archive.zip_archive import UnreadableFile
from datasets.formats.catalog import FORMATS
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.services import downloads
from datasets.split import Split
from tests.datasets.archives import A_BALL, annotation, picture
from tests.datasets.reading import Read, archive_of, detected, read

BALL = [A_BALL]


def kinds(found: Read) -> list[tuple[str, str]]:
    return [(kind, file) for kind, file, _ in found.repairs]


# --- CVAT for images ---

A_BOX = '<box label="ball" source="manual" occluded="0" xtl="20.00" ytl="30.00" xbr="80.00" ybr="90.00" z_order="0"/>'


def cvat(*images: str) -> str:
    """The annotations.xml of a task."""
    task = "<id>7</id><name>gym</name><mode>annotation</mode><labels><label><name>ball</name></label></labels>"
    content = f"<meta><task>{task}</task><dumped>2024-05-01</dumped></meta>{''.join(images)}"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>{content}</annotations>'


def image(name: str, *shapes: str, **more: str) -> str:
    attributes = {"id": "0", "name": name, "width": "160", "height": "120"} | more
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<image {written}>{''.join(shapes)}</image>"


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
    assert found.repairs == [("box_around", "1.jpg", "2 boxes were laid around a polygon, a mask or a rotated box.")]


def test_points_and_tags_of_cvat_are_no_boxes_and_tags_are_counted() -> None:
    shapes = '<points label="ball" points="3,4;50,60"/>', '<tag label="blurry"/>', '<tag label="dark"/>'
    found = read({"annotations.xml": cvat(image("1.jpg", A_BOX, *shapes)), "1.jpg": picture()})
    assert (found.boxes, found.objects) == ({"1.jpg": BALL}, {"1.jpg": 2})
    assert found.repairs == [("passed_over", "annotations.xml", "Passed over: tags of whole pictures (2).")]


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


OTHER_BOX = A_BOX.replace("20.00", "40.00")


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
    with pytest.raises(DatasetRefused, match=r"“annotations.xml” is damaged, or no XML"):
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
    assert found.repairs == [("annotation_mended", "annotations.xml", "It isn't valid XML, and was read anyway.")]


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


# --- CVAT for video ---


def track(*shapes: str, label: str = "ball") -> str:
    return f'<track id="0" label="{label}" source="manual">{"".join(shapes)}</track>'


def shape(frame: int, outside: int = 0, keyframe: int = 0) -> str:
    return A_BOX.replace("<box label=", f'<box frame="{frame}" outside="{outside}" keyframe="{keyframe}" x=')


def video(*tracks: str) -> str:
    size = "<original_size><width>160</width><height>120</height></original_size>"
    return f"<annotations><version>1.1</version><meta><task>{size}</task></meta>{''.join(tracks)}</annotations>"


def frames(count: int) -> dict:
    return {f"images/frame_{number:06d}.PNG": picture(kind="PNG") for number in range(count)}


def test_cvat_for_video(import_zip) -> None:
    """The object is in the frames 0 to 2, and then outside of the picture."""
    shapes = shape(0, keyframe=1), shape(1), shape(2), shape(3, outside=1, keyframe=1)
    files = frames(5) | {"annotations.xml": video(track(*shapes))}
    found = read(files)
    assert [len(boxes) for boxes in found.boxes.values()] == [1, 1, 1, 0, 0]
    assert (found.boxes["images/frame_000002.PNG"], found.repairs) == (BALL, [])
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format) == (Dataset.State.READY, "cvat-video")


def test_frames_that_a_track_leaves_out_are_no_negative_frames() -> None:
    """CVAT writes the shapes between two that were drawn; other programs leave that to the reader."""
    found = read(frames(4) | {"annotations.xml": video(track(shape(0), shape(2)))})
    assert found.boxes == {
        f"images/frame_00000{number}.PNG": boxes for number, boxes in ((0, BALL), (2, BALL), (3, []))
    }
    assert kinds(found) == [("unclear", "images/frame_000001.PNG")]


def test_frames_whose_pictures_were_deleted_are_said() -> None:
    found = read(frames(1) | {"annotations.xml": video(track(shape(0), shape(1), shape(2)))})
    assert kinds(found) == [("picture_missing", "frame_000001"), ("picture_missing", "frame_000002")]


def test_tracks_over_pictures_of_other_names_are_refused_with_what_to_do() -> None:
    with pytest.raises(DatasetRefused, match=r"numbers the frames of a video.*Export the task as “CVAT for images"):
        read({"annotations.xml": video(track(shape(0))), "cone.jpg": picture()})


def test_the_frames_of_two_videos_are_not_mixed_up() -> None:
    files = {f"{name}/frame_000000.png": picture(kind="PNG") for name in ("a", "b")}
    with pytest.raises(DatasetRefused, match="may both be frame 0"):
        read(files | {"annotations.xml": video(track(shape(0)))})
    of_each = {f"{name}/annotations.xml": video(track(shape(0))) for name in ("a", "b")}
    assert list(read(files | of_each).boxes.values()) == [BALL, BALL]


def test_two_files_about_the_frames_of_one_video_are_not_piled_up() -> None:
    """Of the first frame both say the same, of the second they don't, and of the third only one says something."""
    new, old = video(track(shape(0), shape(1), shape(2, outside=1))), video(track(shape(0), shape(2)), track(shape(1)))
    other = old.replace(shape(1), shape(1).replace("20.00", "40.00"))
    found = read(frames(3) | {"annotations.xml": new, "annotations_old.xml": other})
    assert found.boxes == {"images/frame_000000.PNG": BALL}
    assert sorted(kinds(found)) == [
        ("listed_twice", "images/frame_000000.PNG"),
        ("unclear", "images/frame_000001.PNG"),
        ("unclear", "images/frame_000002.PNG"),
    ]


def test_jobs_of_one_video_are_each_about_their_own_frames() -> None:
    """As people who share a task export them: one job each."""
    jobs = {}
    for first, last in ((0, 1), (2, 3)):
        job = f"<job><start_frame>{first}</start_frame><stop_frame>{last}</stop_frame></job>"
        jobs[f"job_{first}.xml"] = video(track(shape(first))).replace("<task>", f"{job}<task>")
    found = read(frames(4) | jobs)
    assert [len(boxes) for boxes in found.boxes.values()] == [1, 0, 1, 0]
    assert found.repairs == []


# --- Label Studio ---


def region(label: str = "ball", **more: object) -> dict:
    """A_BALL in percent of 160 by 120."""
    value = {"x": 12.5, "y": 25, "width": 37.5, "height": 50, "rotation": 0, "rectanglelabels": [label]}
    value |= more.pop("value", {})  # type: ignore[arg-type]
    return {
        "id": "Dx_aB91ISN",
        "type": "rectanglelabels",
        "from_name": "label",
        "to_name": "image",
        "original_width": 160,
        "original_height": 120,
        "image_rotation": 0,
        "value": value,
    } | more


def task(path: str, *regions: dict, number: int = 1, **more: object) -> dict:
    annotations = [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": list(regions)}]
    return {"id": number, "data": {"image": path}, "annotations": annotations, "predictions": []} | more


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
    labelled = region(type="labels", value={"labels": ["ball"]})
    found = read({"a.json": json.dumps([task("1.jpg", drawn, labelled)]), "1.jpg": picture()})
    assert (found.boxes, found.objects) == ({"1.jpg": BALL}, {"1.jpg": 1})


def test_of_several_people_the_newest_is_believed_and_that_is_said() -> None:
    other = {"result": [region("cube")], "updated_at": "2024-05-01T10:00:00Z"}
    newest = {"result": [region()], "updated_at": "2024-05-02T10:00:00Z"}
    cancelled = {"result": [region("robot")], "updated_at": "2024-05-03", "was_cancelled": True}
    truth = {"result": [region("cone")], "updated_at": "2024-04-01", "ground_truth": True}
    files = {"a.json": json.dumps([task("1.jpg", annotations=[newest, other, cancelled])]), "1.jpg": picture()}
    assert read(files).boxes == {"1.jpg": BALL}
    assert read(files).repairs == [
        ("passed_over", "a.json", "Passed over: canceled annotations (1)."),
        ("one_of_several", "1.jpg", "2 people annotated it. The newest was used."),
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
    assert found.repairs[1][2] == "Passed over: canceled annotations (1), predictions of models (1)."


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
    said = f"“{names[0]}” is the newest, so its boxes were used instead of those in “{names[1]}”."
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
    assert found.repairs == [("one_of_several", "1.jpg", "Several people annotated it. The newest was used.")]


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


# --- labelme ---


def labelme(path: str, *shapes: dict, **more: object) -> str:
    content = {"version": "5.4.1", "flags": {}, "shapes": shapes, "imagePath": path, "imageData": None}
    return json.dumps(content | {"imageHeight": 120, "imageWidth": 160} | more)


def drawn(points: list, kind: str = "rectangle", label: object = "ball") -> dict:
    return {"label": label, "points": points, "group_id": None, "shape_type": kind, "flags": {}}


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


# --- all of them ---


IN_ITS_FOLDER = "Put both into the zip, in their folders, then import it again."
BOTH_FOLDERS = (
    f"“annotations.xml” lists “train/1.jpg” and “val/1.jpg”, and only this picture is in the zip. {IN_ITS_FOLDER}"
)
ONE_PICTURE = {"1.jpg": picture()}
REFUSED: dict[str, tuple[dict, str]] = {
    "CVAT, one of two folders": (
        {"annotations.xml": cvat(image("train/1.jpg", A_BOX), image("val/1.jpg")), **ONE_PICTURE},
        f"1 picture was left out, for example “1.jpg”: {BOTH_FOLDERS}",
    ),
    "CVAT, missing pictures": (
        {"annotations.xml": cvat(*[image(f"img_{at}.png", A_BOX, OTHER_BOX) for at in range(4)]), **ONE_PICTURE},
        "8 boxes name pictures that aren't in this zip, for example “img_0.png”. Put the pictures into the zip under "
        "the names that the annotations use.",
    ),
    "CVAT, an older file": (
        {"annotations.xml": cvat(image("1.jpg", A_BOX)), "old.xml": cvat(image("1.jpg")), **ONE_PICTURE},
        "1 picture was left out, for example “1.jpg”: “annotations.xml” and “old.xml” disagree about it. Take "
        "the older one out of the zip, then import it again.",
    ),
    "CVAT for video, missing pictures": (
        {"annotations.xml": video(track(shape(7), shape(8))), "frame_000001.jpg": picture()},
        "2 boxes name pictures that aren't in this zip, for example “frame_000007”. Put the pictures into the zip "
        "under the names that the annotations use.",
    ),
    "Label Studio, two tasks": (
        {"a.json": json.dumps([task("1.jpg", region()), task("1.jpg", number=2)]), **ONE_PICTURE},
        "1 picture was left out, for example “1.jpg”: more than one task of “a.json” may be about it. Delete all but "
        "one in Label Studio, or give each picture a name of its own, then export the project again.",
    ),
    "Label Studio, missing pictures": (
        {"a.json": json.dumps([task("/data/upload/1/0a1b2c3d-gone.jpg", region(), region())]), **ONE_PICTURE},
        "2 boxes name pictures that aren't in this zip, for example “/data/upload/1/0a1b2c3d-gone.jpg”. Put the "
        "pictures into the zip under the names that the annotations use.",
    ),
    "labelme, damaged": (
        {"1.json": labelme("1.jpg", drawn([[20, 30], [80, 90]]))[:-9], **ONE_PICTURE},
        "1 picture was left out, for example “1.jpg”: its annotation “1.json” can't be read. Save it again in the "
        "program that it was made with.",
    ),
    "labelme, two pictures": (
        {"1.json": labelme("b.jpg", drawn([[20, 30], [80, 90]])), "1.png": picture(kind="PNG"), **ONE_PICTURE},
        "1 box names a picture of which this zip holds several, for example “b.jpg”. Give each picture a name of its "
        "own, or export the set with its folders.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_set_of_which_no_box_is_left_says_why(import_zip, case: str) -> None:
    files, sentence = REFUSED[case]
    dataset = import_zip(files)
    assert (dataset.state, dataset.error) == (Dataset.State.FAILED, sentence)
    assert dataset.repairs


def test_formats_that_are_read_alone_are_not_offered_for_a_download(import_zip) -> None:
    dataset = import_zip({"a.json": labelme("a.jpg", drawn([[20, 30], [80, 90]])), "a.jpg": picture()})
    with pytest.raises(DatasetRefused, match="There is no format “labelme” here"):
        downloads.download(dataset, "labelme")


@pytest.mark.parametrize("key", ["cvat", "cvat-video", "studio", "labelme"])
def test_a_zip_without_the_format_says_what_to_export(key: str) -> None:
    with pytest.raises(DatasetRefused, match=r"The zip holds no (annotation|JSON)"):
        read({"a.jpg": picture(), "a.xml": annotation("a.jpg", BALL)}, key)


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from(["a.jpg", "ball"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["data", "image", "annotations", "result", "value", "type", "rectanglelabels", "x", "width", "points", "id",
             "shapes", "imagePath", "imageData", "label", "shape_type", "was_cancelled", "original_width"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200)
@given(JSONS)
def test_any_json_may_come(content: object) -> None:
    for key, text in (("studio", json.dumps([content])), ("labelme", json.dumps({"shapes": [], "imagePath": content}))):
        _survives({"a.jpg": picture(), "a.json": text}, key)
    if isinstance(content, dict):
        _survives({"a.jpg": picture(), "a.json": json.dumps({"shapes": [content]} | content)}, "labelme")


@settings(max_examples=100)
@given(st.text(max_size=8), st.text(max_size=8), st.sampled_from(["box", "mask", "polygon", "ellipse", "cuboid"]))
def test_any_attributes_may_come(one: str, other: str, tag: str) -> None:
    names = ("xtl", "ytl", "xbr", "ybr", "left", "top", "width", "points", "cx", "cy", "rx", "rotation", "frame")
    attributes = " ".join(f"{name}={json.dumps((one, other)[at % 2])}" for at, name in enumerate(names))
    for key, text in (("cvat", cvat(image("1.jpg", f"<{tag} {attributes}/>"))), ("cvat-video", video(track(f"<{tag} {attributes}/>")))):  # fmt: skip  # noqa: E501
        _survives({"1.jpg": picture(), "frame_1.jpg": picture(), "annotations.xml": text}, key)


def _survives(files: dict, key: str) -> None:
    """Samples or a sentence, whatever is in the files."""
    with suppress(DatasetRefused):
        for sample in FORMATS[key].read(archive_of(files), Repairs()).samples:
            with suppress(UnreadableFile):
                sample.read()
