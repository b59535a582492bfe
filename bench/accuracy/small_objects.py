"""AP@.50 of the small objects alone, which COCO's twelve metrics do not have."""

import contextlib
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster

from datasets.tfrecords import Record

_SMALL_PIXELS = 32 * 32
_MOST_DETECTIONS = 100


def ap50(frames: Sequence[Record], labels: list[str], detections: Path) -> float | None:
    """AP at IoU 0.50 of the objects below 32x32 pixels of their frame; None where there is none.

    `detections`: the file that a trainer wrote about these frames, in this order. It leaves out scores below 0.05.
    """
    found = json.loads(gzip.decompress(detections.read_bytes()))["frames"]
    truth, results = _truth(frames, labels), _results(frames, labels, found)
    if not any(object_["area"] < _SMALL_PIXELS for object_ in truth["annotations"]):
        return None
    if not results:
        return 0.0
    with contextlib.redirect_stdout(io.StringIO()):
        ground = COCO()
        ground.dataset = truth
        ground.createIndex()
        evaluation = COCOeval_faster(ground, ground.loadRes(results), "bbox")
        evaluation.params.iouThrs = np.array([0.5])
        evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, _SMALL_PIXELS]], ["small"]
        evaluation.params.maxDets = [_MOST_DETECTIONS]
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"]
    return float(precision[precision > -1].mean())


def _truth(frames: Sequence[Record], labels: list[str]) -> dict[str, Any]:
    annotations: list[dict[str, Any]] = []
    for image, frame in enumerate(frames):
        for box in frame.boxes:
            place = _pixels(frame, (box.ymin, box.xmin, box.ymax, box.xmax))
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image,
                    "category_id": labels.index(box.label),
                    "bbox": place,
                    "area": place[2] * place[3],
                    "iscrowd": 0,
                }
            )
    images = [{"id": image, "height": frame.height, "width": frame.width} for image, frame in enumerate(frames)]
    categories = [{"id": number} for number in range(len(labels))]
    return {"info": {}, "images": images, "categories": categories, "annotations": annotations}


def _results(frames: Sequence[Record], labels: list[str], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "image_id": image,
            "category_id": labels.index(one["label"]),
            "bbox": _pixels(frames[image], one["box"]),
            "score": one["score"],
        }
        for image, entry in enumerate(found)
        for one in entry["detections"]
    ]


def _pixels(frame: Record, box: Sequence[float]) -> list[float]:
    """(ymin, xmin, ymax, xmax) as fractions -> (left, top, width, height) in pixels."""
    ymin, xmin, ymax, xmax = box
    return [xmin * frame.width, ymin * frame.height, (xmax - xmin) * frame.width, (ymax - ymin) * frame.height]
