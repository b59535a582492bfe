"""Which object each detection has found, and what the file of detections says about it."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.evaluation.detections import detections_file
from detector.evaluation.matching import Matched, match, match_all
from detector.frames.objects import Detected
from tests.detector.matches import LABELS, box, detected, sets, truth

BALL, CONE = 0, 1


def told(truth_, found) -> tuple[list[dict], list[dict]]:
    """The objects and the detections of one frame, by the file."""
    content = json.loads(gzip.decompress(detections_file(100, LABELS, [match(truth_, found)])))
    (frame,) = content["frames"]
    return frame["truths"], frame["detections"]


def test_the_file_says_what_it_is_of() -> None:
    content = json.loads(gzip.decompress(detections_file(100, LABELS, [match(truth(), detected())] * 2)))
    assert content == {
        "format": 2,
        "step": 100,
        "labels": LABELS,
        "frames": [{"truths": [], "detections": []}] * 2,
    }


def test_a_detection_that_finds_its_object_is_right() -> None:
    truths, detections = told(truth((BALL, box(0.1))), detected((BALL, 0.87654, box(0.12))))
    assert truths == [
        {"label": "ball", "box": [0.0, 0.1, 0.3, 0.4], "score": 0.8765, "seen_as": "", "seen_as_score": 0.0}
    ]
    assert detections == [
        {
            "label": "ball",
            "score": 0.8765,
            "box": [0.0, 0.12, 0.3, 0.42],
            "kind": "right",
            "truth": 0,
            "iou": 0.875,
        }
    ]


def test_a_second_box_on_an_object_is_a_false_alarm_and_the_surer_one_is_right() -> None:
    (found,), detections = told(truth((BALL, box(0.0))), detected((BALL, 0.6, box(0.0)), (BALL, 0.8, box(0.02))))
    assert [(one["score"], one["kind"], one["truth"]) for one in detections] == [
        (0.8, "right", 0),
        (0.6, "false alarm", -1),
    ]
    assert (found["score"], detections[1]["iou"]) == (0.8, 0.0)


def test_of_two_objects_a_detection_takes_the_free_one_that_it_overlaps_most() -> None:
    both = truth((BALL, box(0.0)), (BALL, box(0.02)))
    _, detections = told(both, detected((BALL, 0.9, box(0.02)), (BALL, 0.8, box(0.02))))
    assert [(one["kind"], one["truth"], one["iou"]) for one in detections] == [("right", 1, 1.0), ("right", 0, 0.875)]


def test_another_label_on_an_object_is_a_wrong_label_and_the_object_can_still_be_found() -> None:
    found = detected((CONE, 0.9, box(0.02)), (2, 0.7, box(0.0)), (BALL, 0.5, box(0.0)))
    (ball,), detections = told(truth((BALL, box(0.0))), found)
    assert [(one["kind"], one["truth"]) for one in detections] == [("wrong label", 0), ("wrong label", 0), ("right", 0)]
    assert (ball["score"], ball["seen_as"], ball["seen_as_score"]) == (0.5, "cone", 0.9)


@pytest.mark.parametrize("label", [BALL, CONE], ids=["its label", "another label"])
def test_what_overlaps_an_object_by_less_than_half_is_a_false_alarm(label) -> None:
    (ball,), (detection,) = told(truth((BALL, box(0.0))), detected((label, 0.9, box(0.12))))
    assert (detection["kind"], detection["truth"], detection["iou"]) == ("false alarm", -1, 0.0)
    assert (ball["score"], ball["seen_as"]) == (0.0, "")


def test_what_only_a_detection_found_that_is_not_in_the_file_is_not_found_in_it() -> None:
    objects = truth((BALL, box(0.0)), (BALL, box(0.6)))
    found = detected((BALL, 0.04, box(0.0)), (CONE, 0.03, box(0.6)), (BALL, 0.05, box(0.6)))
    (missed, seen), (detection,) = told(objects, found)
    assert (missed["score"], seen["score"], seen["seen_as"], detection["score"]) == (0.0, 0.05, "", 0.05)


def counted(matched: Matched, threshold: float) -> list:
    """All that is said of the detections from a score on, and of the objects by them."""
    count = matched.counted(threshold)
    parts = (matched.found.scores, matched.found.classes, matched.objects, matched.right, matched.ious)
    by_them = (np.where(places < count, places, -1) for places in (matched.found_by, matched.seen_by))
    return [part[:count].tolist() for part in parts] + [places.tolist() for places in by_them]


def without_those_below(threshold: float, found: Detected) -> Detected:
    kept = found.scores.astype(float).round(4) >= threshold
    return Detected(found.boxes[kept], found.scores[kept], found.classes[kept])


@given(sets, st.floats(0.0, 1.0))
def test_a_threshold_leaves_detections_out_and_changes_no_match_of_the_others(frames, threshold) -> None:
    truths, found = frames
    fewer = match_all(truths, [without_those_below(threshold, each) for each in found])
    for all_of_them, some in zip(match_all(truths, found), fewer, strict=True):
        assert counted(all_of_them, threshold) == counted(some, 0.0)


@given(sets)
def test_an_object_is_found_once_and_by_its_label(frames) -> None:
    for matched in match_all(*frames):
        assert int(matched.right.sum()) == int((matched.found_by >= 0).sum())
        for place, by in enumerate(matched.found_by):
            assert by < 0 or matched.objects[by] == place
            assert by < 0 or matched.found.classes[by] == matched.truth.classes[place]
        with_object = matched.objects >= 0
        assert (matched.ious[with_object] >= 0.5).all()
        assert (matched.ious[~with_object] == 0).all()
