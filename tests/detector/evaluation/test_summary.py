"""What a checkpoint is worth: counts, the threshold, the curves and the matrix."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from detector.contract.suppression import Suppression
from detector.evaluation.coco_metrics import AP, AP50, LabelPrecision, measure, metrics
from detector.evaluation.matching import Matched, match_all
from detector.evaluation.summary import summarize
from detector.frames.objects import Detected, Truth
from tests.detector.matches import LABELS, box, detected, sets, summary_of, truth

BALL, CONE, CUBE = 0, 1, 2
FAR, NOWHERE = box(0.6), box(0.6, 0.6)


def counted(matched: list[Matched], threshold: float) -> tuple[int, int, int]:
    """Of a threshold, one by one: (objects, detections, those of them that are right)."""
    detections = [
        right for one in matched for score, right in zip(one.found.scores, one.right, strict=True) if score >= threshold
    ]
    return sum(len(one.truth.classes) for one in matched), len(detections), sum(detections)


def f1(matched: list[Matched], threshold: float) -> float:
    objects, detections, right = counted(matched, threshold)
    return 2 * right / (objects + detections) if objects + detections else 0.0


def test_one_frame_counted_by_hand() -> None:
    """A ball that is found, one that is missed, a cone that is taken for a ball, and a box on nothing."""
    truths = [truth((BALL, box(0.0)), (BALL, box(0.35)), (CONE, FAR))]
    found = [detected((BALL, 0.9, box(0.0)), (BALL, 0.7, FAR), (CONE, 0.2, box(0.0, 0.6)))]
    _, summary = summary_of(truths, found)
    assert summary.threshold == 0.8  # between the ball and the cone that is none
    assert (summary.precision, summary.recall, summary.f1) == (1.0, 1 / 3, 0.5)
    assert summary.curve == [[0.9, 1.0, 0.3333]]
    assert summary.confusion == [[1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    ball, cone, cube = summary.labels
    assert (ball.label, ball.objects, ball.precision, ball.recall) == ("ball", 2, 1.0, 0.5)
    assert (cone.label, cone.objects, cone.precision, cone.recall) == ("cone", 1, None, 0.0)
    assert (cube.label, cube.objects, cube.precision, cube.recall) == ("cube", 0, None, None)
    assert (cone.curve, cube.curve) == ([[0.2, 0.0, 0.0]], [])


def test_the_matrix_says_what_is_taken_for_what() -> None:
    """The cone is taken for a ball, and for a cube too; a ball that is found is taken for a cone besides."""
    truths = [truth((BALL, box(0.0)), (CONE, FAR)), truth((CUBE, box(0.0)), (CUBE, FAR))]
    found = [
        detected(
            (BALL, 0.9, box(0.0)), (BALL, 0.8, FAR), (CUBE, 0.7, FAR), (CONE, 0.6, box(0.0)), (CUBE, 0.5, box(0.3))
        ),
        detected((CUBE, 0.4, box(0.0)), (CUBE, 0.3, FAR)),
    ]
    _, summary = summary_of(truths, found)
    assert summary.threshold == 0.15
    assert summary.confusion == [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 2, 0],
        [0, 1, 2, 0],  # the cone on the ball, and the two cubes on the cone and on nothing
    ]


@pytest.mark.parametrize(
    ("truths", "found"),
    [
        ([truth()], [detected((BALL, 0.9, FAR))]),
        ([truth((BALL, FAR))], [detected()]),
        ([truth((BALL, FAR))], [detected((CONE, 0.9, FAR))]),
    ],
    ids=["no object", "no detection", "none that is right"],
)
def test_where_nothing_is_found_no_threshold_is_better_than_another(truths, found) -> None:
    matched, summary = summary_of(truths, found)
    objects, _, _ = counted(matched, 0.0)
    assert (summary.threshold, summary.precision, summary.recall, summary.f1) == (None, None, None, None)
    assert np.sum(summary.confusion) == np.sum(summary.confusion, axis=0)[-1] == objects


@pytest.mark.parametrize(
    ("scores", "threshold"),
    [
        ([0.9], 0.45),
        ([1.0, 0.9999], 0.49995),
        ([0.9, 0.0001], 0.00005),
        ([1e-6], 0.00005),
    ],
)
def test_the_threshold_lies_between_scores_and_never_on_one(scores, threshold) -> None:
    frames = [(truth((BALL, FAR)), detected((BALL, score, FAR))) for score in scores]
    _, summary = summary_of(*map(list, zip(*frames, strict=True)))
    assert summary.threshold == threshold


@pytest.mark.parametrize(
    ("scores", "threshold"),
    [((0.9, 0.8, 0.7, 0.6), 0.3), ((0.9, 0.3, 0.2, 0.1), 0.6), ((0.9, 0.7, 0.3, 0.2), 0.8)],
    ids=["the lower one", "the higher one", "equally wide ones"],
)
def test_of_equally_good_thresholds_it_is_in_the_widest_gap(scores, threshold) -> None:
    """The first detection finds one of two objects, and the last the other after two mistakes: F1 is 2/3 at both."""
    places = (box(0.0), NOWHERE, box(0.0, 0.6), FAR)
    found = detected(*((BALL, score, place) for score, place in zip(scores, places, strict=True)))
    _, summary = summary_of([truth((BALL, box(0.0)), (BALL, FAR))], [found])
    assert (summary.threshold, summary.f1) == (threshold, 2 / 3)


@pytest.fixture
def crowd() -> tuple[list[Truth], list[Detected]]:
    """Ten frames of four objects, each found twice, more or less well."""
    rng = np.random.default_rng(0)
    places = [box(right, down) for right in (0.0, 0.35) for down in (0.0, 0.4)]
    objects = [[(int(rng.integers(3)), place) for place in places] for _ in range(10)]
    truths = [truth(*rows) for rows in objects]
    found = [
        detected(*((label, rng.random(), where + rng.normal(0, 0.03, 4)) for label, where in rows * 2))
        for rows in objects
    ]
    return truths, found


def test_the_precision_of_a_label_is_what_pycocotools_says_of_it_alone(crowd) -> None:
    truths, found = crowd
    for label, precision in enumerate(measure(truths, found, len(LABELS)).labels):
        alone = metrics([only(label, one) for one in truths], [only(label, one) for one in found], len(LABELS))
        assert 0.1 < precision.ap < precision.ap50 < 1
        assert (precision.ap50, precision.ap) == pytest.approx((alone[AP50], alone[AP]))


def test_the_curve_of_a_label_has_the_average_precision_of_pycocotools(crowd) -> None:
    precisions = measure(*crowd, len(LABELS)).labels
    _, summary = summary_of(*crowd)
    for label, precision in zip(summary.labels, precisions, strict=True):
        best = [max((p for _, p, r in label.curve if r >= recall), default=0.0) for recall in np.arange(101) / 100]
        assert np.mean(best) == pytest.approx(precision.ap50, abs=1e-3)


def only(label: int, frame: Truth | Detected) -> Truth | Detected:
    kept = frame.classes == label
    parts = {name: getattr(frame, name)[kept] for name in ("boxes", "classes", "scores") if hasattr(frame, name)}
    return replace(frame, **parts)


def test_a_label_without_an_object_has_no_precision_and_one_that_is_not_found_has_none_left() -> None:
    for found in (detected(), detected((CUBE, 0.9, FAR))):
        ball, cone, cube = measure([truth((BALL, FAR))], [found], len(LABELS)).labels
        assert (ball, cone, cube) == (LabelPrecision(0.0, 0.0), *[LabelPrecision(None, None)] * 2)


def test_the_summary_has_the_precisions_of_the_labels() -> None:
    frames = [truth((BALL, FAR))], [detected((BALL, 0.9, FAR))]
    precisions = measure(*frames, len(LABELS)).labels
    summary = summarize(match_all(*frames), precisions, LABELS, Suppression())
    assert [LabelPrecision(label.ap50, label.ap) for label in summary.labels] == precisions
    assert summary.labels[BALL].ap50 == pytest.approx(1.0)


@given(sets)
def test_no_threshold_is_better_than_the_chosen_one(frames) -> None:
    matched, summary = summary_of(*frames)
    best = max(f1(matched, threshold) for threshold in np.linspace(0.0, 1.0, 101))
    if summary.threshold is None:
        assert best == 0
    else:
        assert 0 < summary.threshold < 1
        assert summary.f1 == f1(matched, summary.threshold) >= best


@given(sets)
def test_what_is_counted_adds_up(frames) -> None:
    matched, summary = summary_of(*frames)
    matrix = np.array(summary.confusion)
    _, detections, right = counted(matched, summary.threshold or 2.0)
    assert matrix.shape == (len(LABELS) + 1, len(LABELS) + 1)
    assert [label.objects for label in summary.labels] == matrix[:-1].sum(axis=1).tolist()
    assert matrix[:, :-1].sum() == detections
    assert matrix[:-1, :-1].trace() == right
    for label, found, right in zip(summary.labels, matrix[:, :-1].sum(axis=0), matrix.diagonal(), strict=False):
        assert label.precision == (right / found if found else None)
        assert label.recall == (right / label.objects if label.objects and summary.threshold else None)


@given(sets)
def test_along_a_curve_scores_fall_and_recall_rises(frames) -> None:
    matched, summary = summary_of(*frames)
    for curve in (summary.curve, *(label.curve for label in summary.labels)):
        assert len(curve) <= 101
        scores, _, recalls = np.array(curve).reshape(-1, 3).T
        assert (np.diff(scores) < 0).all()
        assert (np.diff(recalls) >= 0).all()
    for score, precision, recall in summary.curve:
        objects, detections, right = counted(matched, score)
        assert (precision, recall) == pytest.approx((right / detections, right / objects), abs=1e-4)


@given(sets)
def test_the_order_of_the_frames_changes_nothing(frames) -> None:
    truths, found = frames
    _, summary = summary_of(truths, found)
    _, backwards = summary_of(truths[::-1], found[::-1])
    assert backwards == summary
