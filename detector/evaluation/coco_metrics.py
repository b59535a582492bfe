"""The COCO metrics, by faster-coco-eval, under the names of the Object Detection API."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster

from detector.contract import reports
from detector.frames.objects import Detected, Truth

AP = reports.MEAN_PRECISION
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
class LabelPrecision:
    """AP@.50 and AP of one label, None where no frame has such an object."""

    ap50: float | None
    ap: float | None


@dataclass(frozen=True)
class Measured:
    """`metrics`: the twelve COCO metrics by their names; -1 where no object is of that size. `labels`: one by one."""

    metrics: dict[str, float]
    labels: list[LabelPrecision]


def metrics(truths: Sequence[Truth], detected: Sequence[Detected], label_count: int) -> dict[str, float]:
    """The twelve COCO metrics alone, as in `measure`."""
    return measure(truths, detected, label_count).metrics


def measure(truths: Sequence[Truth], detected: Sequence[Detected], label_count: int) -> Measured:
    """The COCO metrics, over all labels and for each.

    Small, medium and large are COCO's (below 32x32, below 96x96, above), in pixels of the frame as it was labeled.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = _dataset(truths, label_count)
        truth.createIndex()
        results = [result for image, found in enumerate(detected) for result in _results(image, truths[image], found)]
        if not results:
            return _nothing_found(truths, label_count)
        evaluation = COCOeval_faster(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    named = dict(zip(_NAMES, map(float, evaluation.stats), strict=True))
    return Measured(named, _by_label(evaluation.eval["precision"]))


def _nothing_found(truths: Sequence[Truth], label_count: int) -> Measured:
    there = {int(label) for truth in truths for label in truth.classes}
    labels = [LabelPrecision(*[0.0 if label in there else None] * 2) for label in range(label_count)]
    return Measured(dict.fromkeys(_NAMES, 0.0 if there else -1.0), labels)


def _by_label(precision: np.ndarray) -> list[LabelPrecision]:
    """Of its precisions [IoU, recall, label, size, number of detections], which are -1 without objects.

    The first IoU is 0.50, the first size is all of them, and the last number is the largest.
    """
    of_all = precision[:, :, :, 0, -1]
    return [
        LabelPrecision(float(of_all[0, :, label].mean()), float(of_all[:, :, label].mean()))
        if of_all[0, 0, label] > -1
        else LabelPrecision(None, None)
        for label in range(of_all.shape[2])
    ]


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
