"""Which labeled object each detection has found, by the rules that docs/contributors/evaluation.md explains."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.comparison import assigned, iou
from detector.frames.objects import Detected, Truth

MIN_IOU = 0.5
# Scores are rounded to four digits before anything is counted: then the file, the summary and a threshold agree.
_SMALLEST_SCORE = 0.0001


@dataclass(frozen=True)
class Matched:
    """A frame's K objects and M detections beside each other. Places count from 0; -1 stands for none.

    `found`: the surest first, scores rounded to four digits and above 0. `objects`: [M], the place of the object that
    each detection is matched with. `right`: [M], whether that has its label. `ious`: [M], their overlap, 0 without an
    object. `found_by`: [K], the place of the detection that is right about each object. `seen_by`: [K], that of the
    surest detection that takes it for something else.
    """

    truth: Truth
    found: Detected
    objects: NDArray[np.int64]
    right: NDArray[np.bool_]
    ious: NDArray[np.float64]
    found_by: NDArray[np.int64]
    seen_by: NDArray[np.int64]

    def counted(self, threshold: float) -> int:
        """How many of the detections, which are the first ones, have at least this score."""
        return int((self.found.scores >= threshold).sum())


def match(truth: Truth, found: Detected) -> Matched:
    """Match what was found on one frame, by falling score.

    1. A detection is right about the free object of its label that it overlaps most, by an IoU of at least 0.5; the
       object is not free any more.
    2. Else it has the wrong label, when it overlaps an object of another label by as much. It takes the one that it
       overlaps most, and leaves it free.
    3. Else it is a false alarm, as is a second box on an object that is found already.

    Each match depends on surer detections alone, so without all detections below a score the others keep theirs.
    """
    found = _surest_first(found)
    overlaps = iou(found.boxes, truth.boxes)
    has_its_label = found.classes[:, np.newaxis] == truth.classes[np.newaxis]
    own = assigned(np.where(has_its_label, overlaps, -1.0), MIN_IOU)
    other = np.where(own < 0, _most_overlapped(np.where(has_its_label, -1.0, overlaps)), -1)
    objects = np.where(own < 0, other, own)
    ious = np.zeros(len(objects))
    matched = np.flatnonzero(objects >= 0)
    ious[matched] = overlaps[matched, objects[matched]]
    count = len(truth.classes)
    return Matched(truth, found, objects, own >= 0, ious, _first_of_each(own, count), _first_of_each(other, count))


def match_all(truths: Sequence[Truth], detected: Sequence[Detected]) -> list[Matched]:
    """`match`, frame by frame."""
    return [match(truth, found) for truth, found in zip(truths, detected, strict=True)]


def _surest_first(found: Detected) -> Detected:
    order = np.argsort(-found.scores, kind="stable")
    scores = np.maximum(np.round(found.scores[order].astype(np.float64), 4), _SMALLEST_SCORE)
    return Detected(found.boxes[order], scores, found.classes[order])


def _most_overlapped(overlaps: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each row the column of its largest overlap, -1 where that is below MIN_IOU."""
    if not overlaps.size:
        return np.full(len(overlaps), -1)
    return np.where(overlaps.max(axis=1) >= MIN_IOU, overlaps.argmax(axis=1), -1)


def _first_of_each(objects: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each of `count` objects the first place in `objects` that names it; -1 where none does."""
    places = np.full(count, -1)
    named, first = np.unique(objects, return_index=True)
    places[named[named >= 0]] = first[named >= 0]
    return places
