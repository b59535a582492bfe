"""Frames with few objects and detections, drawn so that they overlap in every way."""

import numpy as np
from hypothesis import strategies as st

from detector.contract.reports import Summary
from detector.contract.suppression import Suppression
from detector.evaluation.coco_metrics import LabelPrecision
from detector.evaluation.matching import Matched, match_all
from detector.evaluation.summary import summarize
from detector.frames.objects import Detected, Truth

LABELS = ["ball", "cone", "cube"]
_SIDE = 0.3
# With a box that is moved by these, another overlaps by an IoU of 1, 0.87, 0.58, 0.43 and 0.
_MOVED = (0.0, 0.02, 0.08, 0.12, 0.3)


def box(right: float, down: float = 0.0) -> list[float]:
    return [down, right, down + _SIDE, right + _SIDE]


def truth(*rows: tuple[int, list[float]]) -> Truth:
    """(label, box), …"""
    boxes = np.array([where for _, where in rows], np.float32).reshape(-1, 4)
    return Truth(100, 100, boxes, np.array([label for label, _ in rows], int))


def detected(*rows: tuple[int, float, list[float]]) -> Detected:
    """(label, score, box), …"""
    boxes = np.array([where for _, _, where in rows], np.float32).reshape(-1, 4)
    scores = np.array([score for _, score, _ in rows], np.float32)
    return Detected(boxes, scores, np.array([label for label, _, _ in rows], int))


def summary_of(truths: list[Truth], found: list[Detected]) -> tuple[list[Matched], Summary]:
    """The summary without COCO's precisions, and what it is made from."""
    matched = match_all(truths, found)
    return matched, summarize(matched, [LabelPrecision(None, None)] * len(LABELS), LABELS, Suppression())


_labels = st.integers(0, len(LABELS) - 1)
_boxes = st.builds(lambda right, moved, down: box(right + moved, down), st.sampled_from([0.0, 0.35]),
                   st.sampled_from(_MOVED), st.sampled_from([0.0, 0.01, 0.4]))  # fmt: skip
_scores = st.one_of(st.sampled_from([0.05, 0.3, 0.5, 0.9]), st.integers(1, 10_000).map(lambda parts: parts / 10_000))
_frames = st.tuples(
    st.lists(st.tuples(_labels, _boxes), max_size=4).map(lambda rows: truth(*rows)),
    st.lists(st.tuples(_labels, _scores, _boxes), max_size=7).map(lambda rows: detected(*rows)),
)
# Lists of truths and of detections, as long as each other.
sets = st.lists(_frames, min_size=1, max_size=3).map(lambda frames: tuple(map(list, zip(*frames, strict=True))))
