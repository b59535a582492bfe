"""From which overlap on two boxes of a label count as one: chosen on the evaluation frames."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.contract.suppression import DEFAULT_IOU
from detector.evaluation.matching import Matched
from detector.evaluation.summary import counts_of_all

# What is tried: below, objects side by side become one; above, an object has several boxes.
CHOICES = tuple(round(0.3 + 0.05 * number, 2) for number in range(9))
# Of F1, where 1 is everything right: half a point is less than anybody notices on a robot.
LEAST_GAIN = 0.005
_RESAMPLES = 200
_SEED = 0
# The part of the resamples in which another overlap may be no better than the usual one.
_DOUBT = 0.025
# An overlap counts half and each of its neighbors a quarter: a peak at one of them alone is noise.
_SMOOTHING = (0.25, 0.5, 0.25)


@dataclass(frozen=True)
class _AtBest:
    """Frame by frame, at the minimum confidence of the highest F1: the detections that count, and the right ones."""

    found: NDArray[np.int64]
    right: NDArray[np.int64]

    @classmethod
    def of(cls, matched: Sequence[Matched]) -> "_AtBest":
        threshold = counts_of_all(matched).best_threshold()
        counts = [0 if threshold is None else one.counted(threshold) for one in matched]
        right = [int(one.right[:count].sum()) for one, count in zip(matched, counts, strict=True)]
        return cls(np.array(counts), np.array(right))


def choose(by_iou: Mapping[float, Sequence[Matched]]) -> float:
    """Return which of the overlaps is best, DEFAULT_IOU unless another one is surely better.

    `by_iou`: of each overlap, DEFAULT_IOU among them, what is found on the same frames beside what is labeled.

    The best has the highest F1, which is averaged with its neighbors'. It is surely better if it is so on nearly all
    sets of frames drawn from these with repetition, and by LEAST_GAIN on these themselves.
    """
    ious = sorted(by_iou)
    frames = by_iou[DEFAULT_IOU]
    objects = np.array([len(one.truth.classes) for one in frames])
    if not objects.any():
        return DEFAULT_IOU
    counted = [_AtBest.of(by_iou[iou]) for iou in ious]
    as_they_are = np.ones([1, len(frames)], np.int64)
    share = np.full(len(frames), 1 / len(frames))
    drawn = np.random.default_rng(_SEED).multinomial(len(frames), share, _RESAMPLES)
    gains = _gains(np.concatenate([as_they_are, drawn]), objects, counted, ious.index(DEFAULT_IOU))
    best = int(gains[0].argmax())
    is_sure = gains[0, best] >= LEAST_GAIN and np.quantile(gains[1:, best], _DOUBT) > 0
    return ious[best] if is_sure else DEFAULT_IOU


def _gains(
    draws: NDArray[np.int64], objects: NDArray[np.int64], counted: Sequence[_AtBest], usual: int
) -> NDArray[np.float64]:
    """[R, I]: how much higher the smoothed F1 of each overlap is than the usual one's, on each of the draws."""
    f1 = np.stack([2 * draws @ one.right / np.maximum(draws @ (one.found + objects), 1) for one in counted], axis=1)
    before, here, behind = _SMOOTHING
    padded = np.pad(f1, [(0, 0), (1, 1)], mode="edge")
    smoothed = before * padded[:, :-2] + here * padded[:, 1:-1] + behind * padded[:, 2:]
    return smoothed - smoothed[:, usual, np.newaxis]
