"""From which overlap on two boxes count as one: the usual one, unless the frames surely speak for another."""

import numpy as np
import pytest

from detector.contract.suppression import DEFAULT_IOU
from detector.evaluation.matching import Matched, match_all
from detector.evaluation.overlap_choice import CHOICES, choose
from detector.frames.objects import Detected
from tests.detector.matches import box, detected, truth

BALL = 0
_OBJECT = truth((BALL, box(0.3)))
# Twice on the same object, the second time as sure as some that are right, and as a frame without a double has it.
_DOUBLE = detected((BALL, 0.9, box(0.3)), (BALL, 0.8, box(0.38)))
_SINGLE = detected((BALL, 0.9, box(0.3)))
_LESS_SURE = detected((BALL, 0.7, box(0.3)))


def on(frames: int, with_double: int, at: float) -> dict[float, list[Matched]]:
    """What is found on so many frames, of which some have a double box at each overlap from `at` on."""

    def found(number: int, iou: float) -> Detected:
        if number < with_double and iou >= at:
            return _DOUBLE
        return _SINGLE if number % 2 else _LESS_SURE

    return {iou: match_all([_OBJECT] * frames, [found(n, iou) for n in range(frames)]) for iou in CHOICES}


def test_where_all_overlaps_give_the_same_it_stays_the_usual_one() -> None:
    assert choose(on(40, with_double=0, at=0.3)) == DEFAULT_IOU


def test_doubles_on_many_frames_lower_it() -> None:
    assert choose(on(40, with_double=20, at=0.5)) < 0.5


def test_one_double_proves_nothing() -> None:
    assert choose(on(40, with_double=1, at=0.5)) == DEFAULT_IOU


def test_objects_side_by_side_raise_it() -> None:
    """Two that overlap by 0.43 and the boxes on them by more: only from an overlap of 0.65 on are both found."""
    two = truth((BALL, box(0.3)), (BALL, box(0.42)))
    both = detected((BALL, 0.9, box(0.3)), (BALL, 0.8, box(0.38)))
    frames = {iou: match_all([two] * 30, [both if iou > DEFAULT_IOU else _SINGLE] * 30) for iou in CHOICES}
    assert choose(frames) > DEFAULT_IOU


@pytest.mark.parametrize("objects", [[truth()], []], ids=["a frame without an object", "no frame"])
def test_without_an_object_it_is_the_usual_one(objects: list) -> None:
    nothing = {iou: match_all(objects, [_SINGLE] * len(objects)) for iou in CHOICES}
    assert choose(nothing) == DEFAULT_IOU


def test_a_model_that_finds_nothing_keeps_the_usual_one() -> None:
    nothing = Detected(np.empty((0, 4), np.float32), np.empty(0), np.empty(0, int))
    assert choose({iou: match_all([_OBJECT] * 3, [nothing] * 3) for iou in CHOICES}) == DEFAULT_IOU
