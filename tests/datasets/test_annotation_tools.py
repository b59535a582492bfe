"""The files of CVAT, Label Studio and labelme, as these programs write them, and as people zip them."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import production
from datasets.archive import UnreadableFile
from datasets.formats.catalog import FORMATS
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
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


def test_points_and_tags_of_cvat_are_no_boxes() -> None:
    shapes = '<points label="ball" points="3,4;50,60"/>', '<tag label="blurry"/>'
    found = read({"annotations.xml": cvat(image("1.jpg", A_BOX, *shapes)), "1.jpg": picture()})
    assert (found.boxes, found.objects) == ({"1.jpg": BALL}, {"1.jpg": 2})


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
    assert kinds(found) == [("annotation_skipped", "2.jpg")]


def test_two_entries_of_one_picture_are_not_guessed() -> None:
    files = {"annotations.xml": cvat(image("a/1.jpg", A_BOX), image("b/1.jpg")), "1.jpg": picture(), "2.jpg": picture()}
    found = read(files)
    assert found.boxes == {"2.jpg": []}
    assert kinds(found) == [("unclear", "1.jpg")]


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


def test_entities_in_the_file_of_cvat_are_refused() -> None:
    text = cvat(image("1.jpg", A_BOX)).replace("<annotations>", '<!DOCTYPE x [<!ENTITY a "b">]><annotations>')
    with pytest.raises(DatasetRefused, match="defines XML entities"):
        read({"annotations.xml": text, "1.jpg": picture()})


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
    assert found.repairs == [
        (
            "annotation_skipped",
            "annotations.xml",
            "The zip does not hold the pictures of 2 frames, for example frame 1.",
        )
    ]


def test_tracks_over_pictures_of_other_names_are_refused_with_what_to_do() -> None:
    with pytest.raises(DatasetRefused, match=r"numbers the frames of a video.*Export the task as “CVAT for images"):
        read({"annotations.xml": video(track(shape(0))), "cone.jpg": picture()})


def test_the_frames_of_two_videos_are_not_mixed_up() -> None:
    files = {f"{name}/frame_000000.png": picture(kind="PNG") for name in ("a", "b")}
    with pytest.raises(DatasetRefused, match="may both be frame 0"):
        read(files | {"annotations.xml": video(track(shape(0)))})
    of_each = {f"{name}/annotations.xml": video(track(shape(0))) for name in ("a", "b")}
    assert list(read(files | of_each).boxes.values()) == [BALL, BALL]


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
    assert read(files).repairs == [("one_of_several", "1.jpg", "2 people annotated it. The newest was used.")]
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
        ("annotation_skipped", "gone.jpg"),
        ("frame_skipped", "2.jpg"),
        ("frame_skipped", "3.jpg"),
        ("unclear", "5.jpg"),
    ]


def test_two_uploads_of_one_name_are_not_guessed() -> None:
    tasks = [task("/data/upload/1/aaaaaaaa-1.jpg", region()), task("/data/upload/1/bbbbbbbb-1.jpg", number=2)]
    files = {"a.json": json.dumps(tasks), "1.jpg": picture(), "2.jpg": picture()}
    assert (read(files).boxes, kinds(read(files))) == ({"2.jpg": []}, [("unclear", "1.jpg")])


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


def test_points_have_no_box_and_numbers_may_be_labels() -> None:
    shapes = drawn([[5, 5]], "point"), drawn([[20, 30], [80, 90]], label=7)
    found = read({"a.json": labelme("a.jpg", *shapes), "a.jpg": picture()})
    assert (found.boxes, found.objects) == ({"a.jpg": [("7", 20, 30, 80, 90)]}, {"a.jpg": 2})


def test_files_that_are_damaged_or_without_a_picture_are_said() -> None:
    good = labelme("a.jpg", drawn([[20, 30], [80, 90]]))
    files = {"a.json": good, "a.jpg": picture(), "b.json": good[:-9], "b.jpg": picture(), "c.json": labelme("c.jpg")}
    found = read(files)
    assert found.boxes == {"a.jpg": BALL}
    assert kinds(found) == [("annotation_skipped", "b.json"), ("unclear", "b.jpg"), ("annotation_skipped", "c.json")]


# --- all of them ---


def test_formats_that_are_read_alone_are_not_offered_for_a_download(import_zip) -> None:
    dataset = import_zip({"a.json": labelme("a.jpg", drawn([[20, 30], [80, 90]])), "a.jpg": picture()})
    with pytest.raises(DatasetRefused, match="There is no format “labelme” here"):
        production.download(dataset, "labelme")


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
