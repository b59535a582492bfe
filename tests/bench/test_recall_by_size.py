"""What counts as found, by size, and what the far-field set shows."""

import numpy as np

from bench.far.far_field import far_field
from bench.far.recall_by_size import recall
from detector.frames.objects import Detected, Truth

# Squares of 8, 12 and 40 pixels at an input of 320x320.
SIDES = [8 / 320, 12 / 320, 40 / 320]
BOXES = np.array([[0.1 + 0.2 * n, 0.5, 0.1 + 0.2 * n + side, 0.5 + side] for n, side in enumerate(SIDES)])
TRUTH = Truth(480, 640, BOXES, np.array([0, 1, 0]))


def found(*places: int, scores: list[float], wrong: int = 0) -> list[Detected]:
    """The objects at these places, and as many boxes of nothing besides."""
    boxes = np.concatenate([BOXES[list(places)], np.tile([0.9, 0.0, 1.0, 0.1], (wrong, 1))])
    classes = np.concatenate([TRUTH.classes[list(places)], np.zeros(wrong, int)])
    return [Detected(boxes, np.array(scores), classes)]


def test_objects_count_in_the_class_of_their_smaller_side() -> None:
    counted = recall([TRUTH], found(0, 2, scores=[0.9, 0.8]))

    assert counted.objects == [1, 1, 0, 1]
    assert counted.found == [1, 0, 0, 1]
    assert (counted.of(0), counted.of(1), counted.of(2)) == (1.0, 0.0, None)


def test_boxes_below_the_confidence_that_keeps_the_precision_do_not_count() -> None:
    counted = recall([TRUTH], found(2, 1, 0, scores=[0.9, 0.8, 0.3, 0.5], wrong=1))

    assert counted.threshold == 0.8
    assert counted.found == [0, 1, 0, 1]
    assert recall([TRUTH], found(2, 1, 0, scores=[0.9, 0.8, 0.3, 0.5], wrong=1), precision=0.7).found == [1, 1, 0, 1]
    assert recall([TRUTH], found(0, scores=[0.5, 0.5], wrong=1)).found == [0, 0, 0, 0]


def test_a_box_of_another_label_or_place_finds_nothing() -> None:
    (there,) = found(0, 1, 2, scores=[0.9, 0.9, 0.9])
    moved = Detected(there.boxes + 6 / 320, there.scores, there.classes)

    assert recall([TRUTH], [Detected(there.boxes, there.scores, 1 - there.classes)]).found == [0, 0, 0, 0]
    assert recall([TRUTH], [moved], precision=0.3).found == [0, 0, 0, 1]
    assert recall([TRUTH], [moved], precision=0.3, min_iou=0.1).found == [0, 1, 0, 1]


def test_the_far_field_is_the_same_again_and_most_of_it_is_small() -> None:
    frames = far_field(8)

    again = far_field(8)
    sides = [min((b.ymax - b.ymin), (b.xmax - b.xmin)) * 320 for r in frames.records for b in r.boxes]
    assert [record.jpeg for record in frames.records] == [record.jpeg for record in again.records]
    assert frames.labels == ["ball", "block"]
    assert np.mean(np.array(sides) < 16) > 0.5
    assert min(sides) > 2
