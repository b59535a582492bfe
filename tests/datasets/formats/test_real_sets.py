"""Small sets as other tools and people really write them, judged by the colors that are painted in their pictures.

In these pictures each object is painted in its label's color, so that the pictures themselves say where the boxes are.
"""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.models import Dataset, Frame
from ftcml.core.files import storage
from tests.conftest import REAL_DATA

pytestmark = pytest.mark.django_db

CASES = REAL_DATA.parent / "cases"
COLORS = {"cone": (255, 0, 0), "cube": (0, 0, 255), "ball": (0, 200, 0), "duck": (255, 0, 255)}
# Labels of the sets that are about odd labels -> whose color they are painted in.
OTHER_LABELS = {"7": "cone", "Red & Blue": "cone"}
OFF_BY = 2.5  # pixels
FEWEST_PIXELS = 9
NAMES = [
    "coco-missing-folder",
    "coco-number-name",
    "coco-other-ending",
    "coco-pylabel-46",
    "coco-train-val-same-names",
    "coco-utf16",
    "cvat-coco-masks",
    "cvat-coco-rotated",
    "cvat-for-images",
    "cvat-voc-subfolders-split",
    "duplicate-boxes",
    "jfif",
    "jpeg-no-eoi",
    "ls-coco-exif",
    "makesense-ampersand",
    "tfrecord-exif-180",
    "tfrecord-gzip",
    "tfrecord-pbtxt-bom",
    "tfrecord-pixels",
    "voc-case-only",
    "voc-comma-decimals",
    "voc-cp1252-all",
    "voc-renumbered",
    "voc-train-val-negative",
    "yolo-double-ending",
    "yolo-track-ids",
    "yolo-yaml-tabs",
    "zip-cp932-coco",
    "zip-dir-no-slash",
    "zip-dot-slash",
]


def set_of(name: str) -> Path:
    archive = CASES / f"{name}.zip"
    if not archive.exists():
        pytest.skip(f"{CASES} has no {archive.name}: the sets of other tools are not on this machine")
    return archive


@pytest.mark.parametrize("name", NAMES)
def test_what_was_imported_is_what_was_drawn(import_zip, name: str) -> None:
    dataset = import_zip(set_of(name))
    assert (dataset.state, dataset.error) == (Dataset.State.READY, "")
    assert [fault for frame in dataset.frames.all() for fault in _faults(frame)] == []
    assert dataset.frames.count() >= json.loads((CASES / "expected.json").read_text())[name]["frames"]


def test_what_cannot_be_told_is_refused_with_the_reason(import_zip) -> None:
    dataset = import_zip(set_of("yolo-two-endings"))
    assert dataset.state == Dataset.State.FAILED
    assert "could belong to “images/1.jpg” or “images/1.png”" in dataset.error


def test_a_phones_largest_picture_comes_in(import_zip) -> None:
    """Nothing is painted on this one, so its box is compared with its annotation."""
    dataset = import_zip(set_of("iphone-48mp"))
    assert (dataset.state, dataset.frames.count(), dataset.repairs) == (Dataset.State.READY, 13, [])
    frame = dataset.frames.get(filename="p.jpg")
    assert (frame.width, frame.height) == (8064, 6048)
    assert frame.boxes[0]["box"] == pytest.approx([100 / 6048, 100 / 8064, 4000 / 6048, 4000 / 8064])


def _faults(frame: Frame) -> list[str]:
    """What is painted without a box, and what has a box without being painted."""
    with storage.open_file(frame.picture_name) as stream:
        pixels = np.asarray(Image.open(io.BytesIO(stream.read())).convert("RGB"), np.int16)
    found = []
    for label, color in COLORS.items():
        rows, columns = np.where(np.abs(pixels - color).sum(axis=2) < 120)
        boxes = [box["box"] for box in frame.boxes if OTHER_LABELS.get(box["label"], box["label"]) == label]
        if (len(rows) >= FEWEST_PIXELS) != bool(boxes):
            found.append(f"{frame.filename}: {len(boxes)} boxes of {label} for {len(rows)} pixels")
        elif boxes:
            ymins, xmins, ymaxs, xmaxs = zip(*boxes, strict=True)
            scale = frame.height, frame.width, frame.height, frame.width
            drawn = np.multiply((min(ymins), min(xmins), max(ymaxs), max(xmaxs)), scale)
            painted = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
            off = np.abs(drawn - painted).max()
            found += [f"{frame.filename}: {label} is off by {off:.0f} pixels"] if off > OFF_BY else []
            found += [f"{frame.filename}: one {label} twice"] if len({tuple(box) for box in boxes}) < len(boxes) else []
    return found
