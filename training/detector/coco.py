"""The COCO metrics, by pycocotools, under the names of the Object Detection API."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training.detector import spec
from training.detector.inputs import Truth

AP = spec.MEAN_PRECISION
AP50 = "DetectionBoxes_Precision/mAP@.50IOU"
# In the order of COCOeval's statistics.
_NAMES = (
    AP,
    AP50,
    "DetectionBoxes_Precision/mAP@.75IOU",
    "DetectionBoxes_Precision/mAP (small)",
    "DetectionBoxes_Precision/mAP (medium)",
    "DetectionBoxes_Precision/mAP (large)",
    "DetectionBoxes_Recall/AR@1",
    "DetectionBoxes_Recall/AR@10",
    "DetectionBoxes_Recall/AR@100",
    "DetectionBoxes_Recall/AR@100 (small)",
    "DetectionBoxes_Recall/AR@100 (medium)",
    "DetectionBoxes_Recall/AR@100 (large)",
)


@dataclass(frozen=True)
class Detected:
    """The detections on one frame, the best first.

    `boxes`: float32 [M, 4] of (ymin, xmin, ymax, xmax) as fractions. `scores`: [M], 0 to 1. `classes`: [M], from 0.
    """

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray


def metrics(truths: Sequence[Truth], detected: Sequence[Detected], label_count: int) -> dict[str, float]:
    """The twelve COCO metrics; -1 where no object is of that size.

    Small, medium and large are COCO's (below 32x32, below 96x96, above), in pixels of the frame as it was labelled.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = _dataset(truths, label_count)
        truth.createIndex()
        results = [result for image, found in enumerate(detected) for result in _results(image, truths[image], found)]
        if not results:
            return dict.fromkeys(_NAMES, 0.0 if truth.anns else -1.0)
        evaluation = COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return dict(zip(_NAMES, map(float, evaluation.stats), strict=True))


def _dataset(truths: Sequence[Truth], label_count: int) -> dict[str, object]:
    annotations: list[dict[str, object]] = []
    for image, truth in enumerate(truths):
        for box, label in zip(_pixels(truth.boxes, truth), truth.classes, strict=True):
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image,
                    "category_id": int(label),
                    "bbox": box,
                    "area": box[2] * box[3],
                    "iscrowd": 0,
                }
            )
    return {
        "info": {},
        "images": [{"id": image, "height": truth.height, "width": truth.width} for image, truth in enumerate(truths)],
        "categories": [{"id": label} for label in range(label_count)],
        "annotations": annotations,
    }


def _results(image: int, truth: Truth, found: Detected) -> list[dict[str, object]]:
    return [
        {"image_id": image, "category_id": int(label), "bbox": box, "score": float(score)}
        for box, score, label in zip(_pixels(found.boxes, truth), found.scores, found.classes, strict=True)
    ]


def _pixels(boxes: np.ndarray, truth: Truth) -> list[list[float]]:
    """(ymin, xmin, ymax, xmax) as fractions -> (left, top, width, height) in pixels of the frame."""
    scaled = boxes.astype(np.float64) * [truth.height, truth.width, truth.height, truth.width]
    return np.stack(
        [scaled[:, 1], scaled[:, 0], scaled[:, 3] - scaled[:, 1], scaled[:, 2] - scaled[:, 0]], axis=1
    ).tolist()
