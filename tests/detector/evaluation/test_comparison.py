"""AP@.50 with its interval, and boxes one by one."""

import numpy as np
import pytest

from detector.contract.model_variants import Agreement
from tests.detector.exported import photographs

pytestmark = pytest.mark.tensorflow

UNIT = np.array([0.2, 0.2, 0.6, 0.6], np.float32)


def detected(*rows: tuple[int, float, float]):
    """(label, score, how far to the right) -> boxes of 0.4 x 0.4."""
    from detector.frames.objects import Detected

    boxes = np.array([UNIT + np.array([0, right, 0, right]) for _, _, right in rows], np.float32).reshape(-1, 4)
    return Detected(boxes, np.array([score for _, score, _ in rows]), np.array([label for label, _, _ in rows], int))


@pytest.fixture
def truths_and_detections(exported, raccoon_zip):
    """Real detections on photographs, and truths made from them: moved, and the unsure ones mostly left out."""
    from detector.export import litert
    from detector.frames.objects import Truth

    runner, rng = litert.runner(exported), np.random.default_rng(0)
    found = [runner.detect(picture)[0] for picture in photographs(raccoon_zip, 30)]
    truths = []
    for each in found:
        kept = rng.random(len(each.scores)) < each.scores + 0.1
        shifted = each.boxes[kept] + np.tile(rng.normal(0, 0.04, (int(kept.sum()), 2)), 2)
        truths.append(Truth(300, 400, shifted.astype(np.float32), each.classes[kept]))
    return truths, found


def coco_ap50(truths, found) -> float:
    from detector.evaluation import coco_metrics

    return coco_metrics.metrics(truths, found, 3)[coco_metrics.AP50]


def test_ap50_is_that_of_pycocotools(truths_and_detections):
    from detector.evaluation.comparison import average_precisions

    truths, found = truths_and_detections
    (ours,) = average_precisions(truths, found, np.ones([1, len(truths)], int))
    assert 0.2 < ours < 0.99
    assert ours == pytest.approx(coco_ap50(truths, found), abs=1e-6)


def test_a_draw_counts_a_frame_as_often_as_it_is_drawn(truths_and_detections):
    from detector.evaluation.comparison import average_precisions

    truths, found = truths_and_detections
    draws = np.random.default_rng(1).multinomial(len(truths), [1 / len(truths)] * len(truths), 5)
    for draw, ours in zip(draws, average_precisions(truths, found, draws), strict=True):
        drawn = np.repeat(np.arange(len(truths)), draw)
        assert ours == pytest.approx(coco_ap50([truths[i] for i in drawn], [found[i] for i in drawn]), abs=1e-6)


def test_the_interval_holds_the_value_and_is_narrower_with_more_frames(truths_and_detections):
    from detector.evaluation.comparison import interval

    truths, found = truths_and_detections
    low, high = interval(truths, found)
    assert low <= coco_ap50(truths, found) <= high
    assert interval(truths, found) == (low, high)
    many = interval(truths * 9, found * 9)
    assert many[1] - many[0] < high - low


def test_without_an_object_there_is_no_interval():
    from detector.evaluation.comparison import interval
    from detector.frames.objects import Truth

    nothing = Truth(10, 10, np.empty([0, 4], np.float32), np.empty(0, int))
    assert interval([nothing], [detected((0, 0.9, 0))]) is None
    assert interval([], []) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([(0, 0.9, 0.0), (1, 0.7, 0.0), (1, 0.3, 0.2)], Agreement(2, 2, 2, 0)),
        ([(0, 0.9, 0.001), (1, 0.6, 0.05)], Agreement(2, 1, 2, 0)),
        ([(0, 0.9, 0.0), (0, 0.8, 0.01), (1, 0.4, 0.0)], Agreement(2, 1, 1, 1)),
        ([(1, 0.9, 0.3)], Agreement(2, 0, 0, 1)),
        ([], Agreement(2, 0, 0, 0)),
    ],
    ids=["the same", "one moved a little", "a double and one less sure", "elsewhere", "nothing"],
)
def test_boxes_are_compared_one_by_one(found, expected):
    from detector.evaluation.comparison import agreement

    rows = [(0, 0.9, 0.0), (1, 0.7, 0.0), (1, 0.3, 0.2)]
    assert agreement([detected(*rows)], [detected(*found)]) == expected
