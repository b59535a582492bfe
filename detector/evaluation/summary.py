"""What a checkpoint is worth: precision, recall, the threshold that balances them, and what is taken for what."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.contract.reports import LabelResult, Summary
from detector.contract.suppression import Suppression
from detector.evaluation.coco_metrics import LabelPrecision
from detector.evaluation.matching import Matched

_RECALLS = np.arange(101) / 100


@dataclass(frozen=True)
class Counts:
    """How many detections count from each score on, of all labels or of one.

    `scores`: float [S], each score that a detection has, the highest first. `found`, `right`: int [S], how many
    detections have at least this score, and how many of these are right. `objects`: how many are labeled.
    """

    scores: NDArray[np.float64]
    found: NDArray[np.int64]
    right: NDArray[np.int64]
    objects: int

    @classmethod
    def of(cls, scores: NDArray[np.float64], right: NDArray[np.bool_], objects: int) -> "Counts":
        """Of detections in any order, by their scores and whether they are right, [N]."""
        falling, places = np.unique(-scores, return_inverse=True)
        found = np.bincount(places, minlength=len(falling)).cumsum()
        hits = np.bincount(places[right], minlength=len(falling)).cumsum()
        return cls(-falling, found, hits, objects)

    def at(self, threshold: float) -> tuple[int, int]:
        """How many detections have at least this score, and how many of these are right."""
        levels = int((self.scores >= threshold).sum())
        return (int(self.found[levels - 1]), int(self.right[levels - 1])) if levels else (0, 0)

    def curve(self) -> list[list[float]]:
        """[score, precision, recall], the highest score first, of four digits: for each percent of recall the first
        score that reaches it, which is where precision has lost least. Empty without an object or a detection."""
        if not self.objects:
            return []
        recalls = self.right / self.objects
        first = np.searchsorted(recalls, _RECALLS)
        places = np.unique(first[first < len(recalls)])
        points = np.stack([self.scores, self.right / self.found, recalls], axis=1)
        return np.round(points[places], 4).tolist()

    def best_threshold(self) -> float | None:
        """Where F1, 2 x right / (found + objects), is highest; None where nothing right was found.

        It lies halfway between the score there and the next lower one, or 0, so that no detection sits on it. Of
        several such gaps it is in the widest, where a small change of a score matters least; of equally wide ones in
        the highest.
        """
        if not self.right.any():
            return None
        f1 = 2 * self.right / (self.found + self.objects)
        gaps = np.round(self.scores - np.append(self.scores[1:], 0.0), 4)
        best = np.flatnonzero(f1 == f1.max())
        chosen = best[gaps[best].argmax()]
        return round(float(self.scores[chosen] - gaps[chosen] / 2), 5)


def summarize(
    matched: Sequence[Matched],
    precisions: Sequence[LabelPrecision],
    label_names: Sequence[str],
    suppression: Suppression,
) -> Summary:
    """The Summary of the evaluation frames; their order does not matter.

    `precisions`: of each label, from the same detections. `suppression`: what these were left by.
    """
    together, by_label = _counts(matched, len(label_names))
    threshold = together.best_threshold()
    found, right = together.at(np.inf if threshold is None else threshold)
    return Summary(
        threshold=threshold,
        precision=_ratio(right, found),
        recall=None if threshold is None else _ratio(right, together.objects),
        f1=None if threshold is None else 2 * right / (found + together.objects),
        curve=together.curve(),
        labels=[
            _of_label(name, counts, precision, threshold)
            for name, counts, precision in zip(label_names, by_label, precisions, strict=True)
        ],
        confusion=_confusion(matched, threshold, len(label_names)).tolist(),
        max_detections=suppression.max_detections,
        nms_iou=suppression.iou,
    )


def counts_of_all(matched: Sequence[Matched]) -> Counts:
    """Of all labels together."""
    scores = np.concatenate([np.empty(0), *(one.found.scores for one in matched)])
    right = np.concatenate([np.empty(0, bool), *(one.right for one in matched)])
    return Counts.of(scores, right, sum(len(one.truth.classes) for one in matched))


def _counts(matched: Sequence[Matched], label_count: int) -> tuple[Counts, list[Counts]]:
    """Of all labels together, and of each."""
    scores = np.concatenate([np.empty(0), *(one.found.scores for one in matched)])
    right = np.concatenate([np.empty(0, bool), *(one.right for one in matched)])
    classes = np.concatenate([np.empty(0, int), *(one.found.classes for one in matched)])
    labeled = np.concatenate([np.empty(0, int), *(one.truth.classes for one in matched)])
    objects = np.bincount(labeled, minlength=label_count).tolist()
    by_label = [
        Counts.of(scores[classes == label], right[classes == label], objects[label]) for label in range(label_count)
    ]
    return counts_of_all(matched), by_label


def _confusion(matched: Sequence[Matched], threshold: float | None, label_count: int) -> NDArray[np.int64]:
    """[labeled][found] counts, see Summary; nothing counts without a threshold."""
    matrix = np.zeros([label_count + 1, label_count + 1], np.int64)
    for one in matched:
        count = 0 if threshold is None else one.counted(threshold)
        named_by = np.where(one.found_by < count, one.found_by, -1)
        named_by = np.where((named_by < 0) & (one.seen_by < count), one.seen_by, named_by)
        found_as = np.append(one.found.classes, label_count)[named_by]
        np.add.at(matrix, (one.truth.classes, found_as), 1)
        besides = np.setdiff1d(np.arange(count), named_by)
        np.add.at(matrix, (label_count, one.found.classes[besides]), 1)
    return matrix


def _of_label(name: str, counts: Counts, precision: LabelPrecision, threshold: float | None) -> LabelResult:
    found, right = counts.at(np.inf if threshold is None else threshold)
    return LabelResult(
        label=name,
        objects=counts.objects,
        ap50=precision.ap50,
        ap=precision.ap,
        precision=_ratio(right, found),
        recall=None if threshold is None else _ratio(right, counts.objects),
        curve=counts.curve(),
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
