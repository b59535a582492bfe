"""Small sets as tools and people of the world write them, laid beside the checkout: see its README.

In their pictures each object is painted in its label's color, so that the pictures themselves say where the boxes are.
"""

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from datasets.models import Dataset, Frame
from ftcml import storage

pytestmark = pytest.mark.django_db

CASES = Path(os.environ.get("FTCML_TEST_CASES", settings.BASE_DIR.parent / "shared" / "cases"))
COLORS = {"cone": (255, 0, 0), "cube": (0, 0, 255), "ball": (0, 200, 0), "duck": (255, 0, 255)}
# Labels that no color of the pictures stands for.
OTHER_LABELS = {"7": "cone", "Red & Blue": "cone"}
OFF_BY = 2.5
NAMES = [
    "coco-missing-folder",
    "coco-number-name",
    "coco-other-ending",
    "coco-pylabel-46",
    "coco-train-val-same-names",
    "coco-utf16",
    "cvat-coco-masks",
    "cvat-coco-rotated",
    "cvat-voc-subfolders-split",
    "duplicate-boxes",
    "ls-coco-exif",
    "makesense-ampersand",
    "voc-case-only",
    "voc-comma-decimals",
    "voc-cp1252-all",
    "voc-renumbered",
    "voc-train-val-negative",
    "zip-cp932-coco",
    "zip-dir-no-slash",
    "zip-dot-slash",
]


def faults(frame: Frame) -> list[str]:
    """What is painted without a box, and what has a box without being painted."""
    pixels = np.asarray(Image.open(io.BytesIO(storage.open_file(frame.picture_name).read())).convert("RGB")).astype(int)
    found = []
    for label, color in COLORS.items():
        ys, xs = np.where(np.abs(pixels - np.array(color)).sum(2) < 120)
        boxes = [b["box"] for b in frame.boxes if OTHER_LABELS.get(b["label"], b["label"]) == label]
        if (len(xs) >= 9) != bool(boxes):
            found.append(f"{frame.filename}: {len(boxes)} boxes of {label} for {len(xs)} pixels")
        elif boxes:
            ymin, xmin, ymax, xmax = (
                side(values) for side, values in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
            )
            drawn = xmin * frame.width, ymin * frame.height, xmax * frame.width, ymax * frame.height
            painted = xs.min(), ys.min(), xs.max() + 1, ys.max() + 1
            off = max(abs(one - other) for one, other in zip(drawn, painted, strict=True))
            found += [f"{frame.filename}: {label} is off by {off:.0f} pixels"] if off > OFF_BY else []
            found += [f"{frame.filename}: one {label} twice"] if len({tuple(box) for box in boxes}) < len(boxes) else []
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_was_imported_is_what_was_drawn(import_zip, name: str) -> None:
    archive = CASES / f"{name}.zip"
    if not archive.exists():
        pytest.skip(f"{archive} is absent: lay the cases there, or name their folder in FTCML_TEST_CASES")
    dataset = import_zip(archive)
    assert dataset.state == Dataset.State.READY, dataset.error
    assert [fault for frame in dataset.frames.all() for fault in faults(frame)] == []
    assert dataset.frames.count() >= json.loads((CASES / "expected.json").read_text())[name]["frames"]
