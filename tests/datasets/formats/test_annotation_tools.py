"""What holds for the files of CVAT, Label Studio and labelme alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.services import downloads
from tests.datasets.archives import annotation, picture
from tests.datasets.formats.annotation_files import (
    A_BOX,
    BALL,
    OTHER_BOX,
    cvat,
    drawn,
    image,
    labelme,
    region,
    shape,
    survives,
    task,
    track,
    video,
)
from tests.datasets.reading import read

IN_ITS_FOLDER = "Add both in their folders, then import again."
BOTH_FOLDERS = (
    f"“annotations.xml” lists “train/1.jpg” and “val/1.jpg”, but only this picture is in the zip file. {IN_ITS_FOLDER}"
)
ONE_PICTURE = {"1.jpg": picture()}
REFUSED: dict[str, tuple[dict, str]] = {
    "CVAT, one of two folders": (
        {"annotations.xml": cvat(image("train/1.jpg", A_BOX), image("val/1.jpg")), **ONE_PICTURE},
        f"1 picture was left out, for example “1.jpg”: {BOTH_FOLDERS}",
    ),
    "CVAT, missing pictures": (
        {"annotations.xml": cvat(*[image(f"img_{at}.png", A_BOX, OTHER_BOX) for at in range(4)]), **ONE_PICTURE},
        "8 boxes name pictures that aren't in the zip file, for example “img_0.png”. Add the pictures under the "
        "names in the annotations.",
    ),
    "CVAT, an older file": (
        {"annotations.xml": cvat(image("1.jpg", A_BOX)), "old.xml": cvat(image("1.jpg")), **ONE_PICTURE},
        "1 picture was left out, for example “1.jpg”: “annotations.xml” and “old.xml” disagree about it. Remove the "
        "older one, then import again.",
    ),
    "CVAT for video, missing pictures": (
        {"annotations.xml": video(track(shape(7), shape(8))), "frame_000001.jpg": picture()},
        "2 boxes name pictures that aren't in the zip file, for example “frame_000007”. Add the pictures under the "
        "names in the annotations.",
    ),
    "Label Studio, two tasks": (
        {"a.json": json.dumps([task("1.jpg", region()), task("1.jpg", number=2)]), **ONE_PICTURE},
        "1 picture was left out, for example “1.jpg”: more than one task of “a.json” could be about it. Delete all "
        "but one in Label Studio, or give each picture its own name. Then export the project again.",
    ),
    "Label Studio, missing pictures": (
        {"a.json": json.dumps([task("/data/upload/1/0a1b2c3d-gone.jpg", region(), region())]), **ONE_PICTURE},
        "2 boxes name pictures that aren't in the zip file, for example “/data/upload/1/0a1b2c3d-gone.jpg”. Add the "
        "pictures under the names in the annotations.",
    ),
    "labelme, damaged": (
        {"1.json": labelme("1.jpg", drawn([[20, 30], [80, 90]]))[:-9], **ONE_PICTURE},
        "1 picture was left out, for example “1.jpg”: we can't read its annotation “1.json”. Save it again in your "
        "labeling tool.",
    ),
    "labelme, two pictures": (
        {"1.json": labelme("b.jpg", drawn([[20, 30], [80, 90]])), "1.png": picture(kind="PNG"), **ONE_PICTURE},
        "1 box names a picture that the zip file has several times, for example “b.jpg”. Give each picture its own "
        "name, or export with folders.",
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
    with pytest.raises(DatasetRefused, match="The format “labelme” isn't supported"):
        downloads.download(dataset, "labelme")


@pytest.mark.parametrize("key", ["cvat", "cvat-video", "studio", "labelme"])
def test_a_zip_without_the_format_says_what_to_export(key: str) -> None:
    with pytest.raises(DatasetRefused, match=r"The zip file has no (annotations.xml|JSON|labelme annotations)"):
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
        survives({"a.jpg": picture(), "a.json": text}, key)
    if isinstance(content, dict):
        survives({"a.jpg": picture(), "a.json": json.dumps({"shapes": [content]} | content)}, "labelme")


@settings(max_examples=100)
@given(st.text(max_size=8), st.text(max_size=8), st.sampled_from(["box", "mask", "polygon", "ellipse", "cuboid"]))
def test_any_attributes_may_come(one: str, other: str, tag: str) -> None:
    names = ("xtl", "ytl", "xbr", "ybr", "left", "top", "width", "points", "cx", "cy", "rx", "rotation", "frame")
    attributes = " ".join(f"{name}={json.dumps((one, other)[at % 2])}" for at, name in enumerate(names))
    for key, text in (("cvat", cvat(image("1.jpg", f"<{tag} {attributes}/>"))), ("cvat-video", video(track(f"<{tag} {attributes}/>")))):  # fmt: skip  # noqa: E501
        survives({"1.jpg": picture(), "frame_1.jpg": picture(), "annotations.xml": text}, key)
