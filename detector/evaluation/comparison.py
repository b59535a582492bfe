"""How well two lists of detections agree, and how sure an AP@.50 is that was measured on few frames."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.contract.model_variants import Agreement
from detector.frames.objects import Detected, Truth

SURE = 0.5
_SAME_IOU, _NEAR_IOU = 0.9, 0.5
_RESAMPLES = 200
_SEED = 0
_RECALLS = np.linspace(0.0, 1.0, 101)


def interval(truths: Sequence[Truth], detected: Sequence[Detected]) -> tuple[float, float] | None:
    """Between which values 95 % of AP@.50 lie on as many frames drawn from these with repetition, by the seed.

    The percentile bootstrap (Efron & Tibshirani, "An Introduction to the Bootstrap", chapter 13). None where no frame
    has an object.
    """
    count = len(truths)
    if not count:
        return None
    draws = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), _RESAMPLES)
    precisions = average_precisions(truths, detected, draws)
    known = precisions[~np.isnan(precisions)]
    if not len(known):
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def average_precisions(
    truths: Sequence[Truth], detected: Sequence[Detected], draws: NDArray[np.int64]
) -> NDArray[np.float64]:
    """AP@.50 for each of `draws`, int [R, frames]: how often each frame is there. [R], NaN without an object.

    COCO's: each detection, the surest first, takes the free object of its label that it overlaps most, by at least
    0.5; precision at 101 recalls; the mean over the labels that there are. Frames are matched once for all draws.
    """
    labels = sorted({int(label) for truth in truths for label in truth.classes})
    by_label = [_of_label(label, truths, detected, draws) for label in labels]
    if not by_label:
        return np.full(len(draws), np.nan)
    values = np.stack(by_label)
    there = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(there, values, 0.0).sum(axis=0) / there.sum(axis=0)


def _of_label(
    label: int, truths: Sequence[Truth], detected: Sequence[Detected], draws: NDArray[np.int64]
) -> NDArray[np.float64]:
    """AP@.50 of one label for each draw, NaN where none of its objects is drawn."""
    scores, hits, frames = [np.empty(0)], [np.empty(0, bool)], [np.empty(0, int)]
    for number, (truth, found) in enumerate(zip(truths, detected, strict=True)):
        of_label = found.classes == label
        scores.append(found.scores[of_label])
        hits.append(partners(found.boxes[of_label], truth.boxes[truth.classes == label], _NEAR_IOU) >= 0)
        frames.append(np.full(int(of_label.sum()), number))
    order = np.argsort(-np.concatenate(scores), kind="stable")
    hit, times = np.concatenate(hits)[order], draws[:, np.concatenate(frames)[order]]
    objects = draws @ np.array([(truth.classes == label).sum() for truth in truths])
    return np.array(
        [_average_precision(hit * drawn, drawn, total) for drawn, total in zip(times, objects, strict=True)]
    )


def _average_precision(hits: NDArray[np.int64], all_of_them: NDArray[np.int64], objects: int) -> float:
    """Of detections, the surest first: each counts several times, `hits` of these as right."""
    if not objects:
        return float("nan")
    right = np.cumsum(hits)
    precision = right / np.maximum(np.cumsum(all_of_them), 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(right / objects, _RECALLS, side="left")
    return float(np.append(best_from_here, 0.0)[places].mean())


def agreement(reference: Sequence[Detected], other: Sequence[Detected]) -> Agreement:
    """Compare frame by frame and box by box what two models find above a score of SURE."""
    objects = same = near = extra = 0
    for expected, found in zip(reference, other, strict=True):
        for label in {*expected.classes.tolist(), *found.classes.tolist()}:
            wanted, there = _sure_boxes(expected, label), _sure_boxes(found, label)
            overlaps = partners(there, wanted, _NEAR_IOU)
            objects += len(wanted)
            near += int((overlaps >= 0).sum())
            same += int((partners(there, wanted, _SAME_IOU) >= 0).sum())
            extra += int((overlaps < 0).sum())
    return Agreement(objects, same, near, extra)


def _sure_boxes(found: Detected, label: int) -> NDArray[np.float32]:
    return found.boxes[(found.classes == label) & (found.scores > SURE)]


def partners(boxes: NDArray[np.float32], objects: NDArray[np.float32], min_iou: float) -> NDArray[np.int64]:
    """For each of `boxes` [M, 4], in their order, the free one of `objects` [K, 4] that it overlaps most; -1 for none.

    Boxes are (ymin, xmin, ymax, xmax). Returns int [M].
    """
    return assigned(iou(boxes, objects), min_iou)


def assigned(overlaps: NDArray[np.float64], min_iou: float) -> NDArray[np.int64]:
    """The same by the overlaps of boxes and objects, [M, K]."""
    free = overlaps.copy()
    chosen = np.full(len(free), -1)
    for number in np.flatnonzero((free >= min_iou).any(axis=1)):
        best = int(free[number].argmax())
        if free[number, best] >= min_iou:
            chosen[number] = best
            free[:, best] = -1.0
    return chosen


def iou(boxes: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float64]:
    """Intersection over union, [M, 4] and [K, 4] -> [M, K]; 0 where a box has no area."""
    one, other = boxes.astype(np.float64)[:, np.newaxis], others.astype(np.float64)[np.newaxis]
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    shared = np.maximum(sides, 0.0).prod(axis=-1)
    areas = (one[..., 2:] - one[..., :2]).prod(axis=-1) + (other[..., 2:] - other[..., :2]).prod(axis=-1)
    return shared / np.maximum(areas - shared, 1e-12)
