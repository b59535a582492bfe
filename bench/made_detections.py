"""What a model that was never trained would have found: numbers in the form of training/detector/spec.py, by chance.

The made-up model gets better from step to step. It keeps its weaknesses: what is hard to find stays hard at every step.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.detector.spec import LabelResult, Summary

Box = list[float]

_RIGHT_IOU = 0.5
_COCO_IOUS = np.linspace(0.5, 0.95, 10)
_RECALLS = np.linspace(0, 1, 101)
# Detections below this score are not in a file of detections.
_LEAST_SCORE = 0.05
_CURVE_POINTS = 101


@dataclass(frozen=True)
class Label:
    """An object on a frame, as it was labelled."""

    label: str
    box: Box


def skill(step: int, steps: int) -> float:
    """From 0, nothing learned, to nearly 1: fast at first, then slower."""
    return 1 - math.exp(-4.5 * step / steps)


def found_on(labelled: Sequence[Label], labels: Sequence[str], learned: float, seed: Sequence[int]) -> dict:
    """One entry of "frames", see spec.DETECTIONS_FORMAT. The same `seed` stands for the same frame at every step."""
    rng = np.random.default_rng([*seed])
    truths, detections = [], []
    for place, one in enumerate(labelled):
        found = _detection(rng, one, labels, learned)
        truths.append(
            {
                "label": one.label,
                "box": one.box,
                "score": found["score"] if found and found["kind"] == "right" else 0,
                "seen_as": found["label"] if found and found["kind"] == "wrong label" else "",
                "seen_as_score": found["score"] if found and found["kind"] == "wrong label" else 0,
            }
        )
        if found:
            detections.append({**found, "truth": place})
    detections += _false_alarms(rng, labelled, labels, learned)
    return {"truths": truths, "detections": sorted(detections, key=lambda found: -found["score"])}


def _detection(rng: Generator, one: Label, labels: Sequence[str], learned: float) -> dict | None:
    """How the object is found, or None where it is not. Takes the same draws from `rng` whatever was learned."""
    luck, sure, mistaken = rng.random(), rng.random(), rng.random()
    other, shift = labels[rng.integers(len(labels))], rng.normal(0, 0.12, 4)
    if luck > 0.15 + 0.8 * learned:
        return None
    is_wrong = other != one.label and mistaken > 0.4 + 0.55 * learned
    score = round(float(np.clip((0.25 + 0.75 * sure) * (0.25 + 0.75 * learned), _LEAST_SCORE, 0.99)), 4)
    box, overlap = _near(one.box, shift * (1.2 - learned))
    kind = "wrong label" if is_wrong else "right"
    return {"label": other if is_wrong else one.label, "score": score, "box": box, "kind": kind, "iou": overlap}


def _near(box: Box, shift: NDArray[np.float64]) -> tuple[Box, float]:
    """A box that lies nearly where `box` does, and their overlap: shifted less and less until they overlap enough."""
    height, width = box[2] - box[0], box[3] - box[1]
    while True:
        moved = np.array(box) + shift * [height, width, height, width]
        near = [round(float(edge), 4) for edge in moved.clip(0, 1)]
        if (overlap := _iou(near, box)) >= _RIGHT_IOU:
            return near, round(overlap, 4)
        shift = shift / 2


def _false_alarms(rng: Generator, labelled: Sequence[Label], labels: Sequence[str], learned: float) -> Iterator[dict]:
    for _ in range(rng.poisson(6 * (1 - learned) + 0.6)):
        top, left, height, width = rng.uniform([0, 0, 0.06, 0.06], [0.7, 0.7, 0.3, 0.3])
        box = [round(float(edge), 4) for edge in (top, left, top + height, left + width)]
        score = round(float(_LEAST_SCORE + 0.6 * rng.beta(1.2, 5)), 4)
        label = labels[rng.integers(len(labels))]
        if all(_iou(box, one.box) < _RIGHT_IOU for one in labelled):
            yield {"label": label, "score": score, "box": box, "kind": "false alarm", "truth": -1, "iou": 0}


def _iou(one: Box, other: Box) -> float:
    height = min(one[2], other[2]) - max(one[0], other[0])
    width = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, height) * max(0.0, width)
    return both / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - both)


@dataclass(frozen=True)
class _Ranked:
    """All detections of a label or of all of them, the surest first. `overlap` is 0 where they are not right."""

    score: NDArray[np.float64]
    overlap: NDArray[np.float64]
    objects: int

    @classmethod
    def of(cls, frames: Sequence[dict], labels: Sequence[str]) -> "_Ranked":
        found = [one for frame in frames for one in frame["detections"] if one["label"] in labels]
        found.sort(key=lambda one: -one["score"])
        right = [one["iou"] if one["kind"] == "right" else 0.0 for one in found]
        objects = sum(truth["label"] in labels for frame in frames for truth in frame["truths"])
        return cls(np.array([one["score"] for one in found]), np.array(right), objects)

    def points(self, least_overlap: float = _RIGHT_IOU) -> NDArray[np.float64]:
        """[detections, 3]: score, precision, recall, when all from that one on count."""
        right = np.cumsum(self.overlap >= least_overlap)
        return np.stack([self.score, right / np.arange(1, len(right) + 1), right / max(1, self.objects)], axis=1)

    def average_precision(self, least_overlap: float) -> float:
        _, precision, recall = self.points(least_overlap).T
        best_from_here = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0)
        return float(best_from_here[np.searchsorted(recall, _RECALLS)].mean())

    def curve(self) -> list[list[float]]:
        points = self.points()
        chosen = np.unique(np.linspace(0, len(points) - 1, min(len(points), _CURVE_POINTS)).astype(int))
        return [[round(float(value), 4) for value in points[place]] for place in chosen]

    def at(self, threshold: float) -> tuple[float | None, float | None]:
        """Precision and recall of the detections from `threshold` on."""
        counted = self.points()[self.score >= threshold]
        return (float(counted[-1, 1]), float(counted[-1, 2])) if len(counted) and self.objects else (None, None)


def summary(frames: Sequence[dict], labels: Sequence[str]) -> Summary:
    """What the detections of these entries of "frames" are worth."""
    ranked = _Ranked.of(frames, labels)
    score, precision, recall = ranked.points().T
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(f1.argmax())
    threshold = round(float(score[best : best + 2].mean()), 4)
    return Summary(
        threshold=threshold,
        precision=float(precision[best]),
        recall=float(recall[best]),
        f1=float(f1[best]),
        curve=ranked.curve(),
        labels=[_of_label(frames, label, threshold) for label in labels],
        confusion=_confusion(frames, labels, threshold),
    )


def _of_label(frames: Sequence[dict], label: str, threshold: float) -> LabelResult:
    ranked = _Ranked.of(frames, [label])
    if not ranked.objects:
        return LabelResult(label, 0, None, None, None, None, [])
    ap = float(np.mean([ranked.average_precision(overlap) for overlap in _COCO_IOUS]))
    precision, recall = ranked.at(threshold)
    return LabelResult(
        label, ranked.objects, ranked.average_precision(_RIGHT_IOU), ap, precision, recall, ranked.curve()
    )


def _confusion(frames: Sequence[dict], labels: Sequence[str], threshold: float) -> list[list[int]]:
    place = {label: number for number, label in enumerate(labels)}
    counts = np.zeros((len(labels) + 1, len(labels) + 1), int)
    for frame in frames:
        for truth in frame["truths"]:
            if max(truth["score"], truth["seen_as_score"]) < threshold:
                counts[place[truth["label"]], -1] += 1
        for found in frame["detections"]:
            if found["score"] >= threshold:
                labelled = place[frame["truths"][found["truth"]]["label"]] if found["truth"] >= 0 else -1
                counts[labelled, place[found["label"]]] += 1
    return counts.tolist()
