"""Which frames to label next: those of which the model is least sure, and that differ most from each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.models import Detection, FrameDetections, TrainingJob
from training.proposals import features
from videos.models import Video

_Marks = NDArray[np.bool_]

MOST_FRAMES = 20
# The looks of two frames that hardly differ have at least this cosine: one of them is enough.
_ALIKE = 0.995
# A frame without any doubt is still worth something, for what it differs.
_LEAST_DOUBT = 0.1


def most_helpful(video: Video, job: TrainingJob, most: int = MOST_FRAMES) -> list[int]:
    """Return the numbers of unlabeled frames to label next, the most helpful first.

    Only frames that the model has looked at count. One by one the frame is taken with the most doubt, times how much it
    differs from what is labeled or taken already; a near-duplicate of those is never taken.
    """
    rows = FrameDetections.objects.filter(job=job, frame__video=video).exclude(frame__ignored=True).exclude(look=b"")
    found = list(rows.select_related("frame").order_by("frame__number"))
    if not found:
        return []
    looks = features.read([bytes(row.look) for row in found])
    is_labeled = np.array([row.frame.finished for row in found])
    numbers = [row.frame.number for row in found]
    labeled_numbers = set(video.frames.filter(finished=True).values_list("number", flat=True))
    doubts = np.array([doubt(row.detections()) for row in found])
    is_double = np.array([row.frame.near_duplicate_of in labeled_numbers for row in found])
    open_places = ~is_labeled & ~is_double
    return [numbers[place] for place in _chosen(looks, doubts, is_labeled, open_places, most)]


def doubt(detections: Sequence[Detection]) -> float:
    """Return how unsure a model is of a frame, from 0 to 1: the most of its doubts about one box."""
    return max((1 - abs(2 * one.score - 1) for one in detections), default=0.0)


def _chosen(
    looks: features.Vector, doubts: NDArray[np.float64], is_labeled: _Marks, is_open: _Marks, most: int
) -> list[int]:
    """The places of frames, one by one."""
    nearest = (looks @ looks[is_labeled].T).max(axis=1) if is_labeled.any() else np.zeros(len(looks), np.float32)
    chosen: list[int] = []
    while len(chosen) < most:
        worth = np.maximum(doubts, _LEAST_DOUBT) * (1 - nearest)
        worth[~is_open | (nearest >= _ALIKE)] = -1
        best = int(worth.argmax())
        if worth[best] < 0:
            break
        chosen.append(best)
        nearest = np.maximum(nearest, looks @ looks[best])
    return chosen
