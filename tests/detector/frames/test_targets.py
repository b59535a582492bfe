"""Which anchor learns which box, and how a box is written relative to its anchor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.model import anchors

pytestmark = pytest.mark.tensorflow

SCALES = (10.0, 10.0, 5.0, 5.0)


@st.composite
def boxes(draw) -> list[float]:
    """(ymin, xmin, ymax, xmax), at least a twentieth of the frame on a side."""
    top, left = draw(st.floats(0, 0.9)), draw(st.floats(0, 0.9))
    return [top, left, draw(st.floats(top + 0.05, 1)), draw(st.floats(left + 0.05, 1))]


@pytest.fixture(scope="module")
def matcher():
    from detector.frames.targets import Matcher, corners

    return Matcher(corners(anchors.ssd([6, 3, 2, 1])), SCALES, match_iou=0.5)


def overlap(matcher, box) -> np.ndarray:
    from detector.frames.targets import iou

    return iou(matcher.corners, np.array([box], np.float32)).numpy()[:, 0]


@settings(max_examples=40)
@given(box=boxes())
def test_what_is_encoded_is_decoded_again(matcher, box):
    from detector.frames.targets import decode, encode

    wanted = np.tile(np.array(box, np.float32), (len(matcher.corners), 1))
    encoded = encode(wanted, matcher.corners, SCALES)
    assert np.abs(decode(encoded, matcher.corners, SCALES).numpy() - wanted).max() < 1e-4


def test_a_box_that_is_an_anchor_is_all_zeros(matcher):
    from detector.frames.targets import encode

    assert np.abs(encode(matcher.corners, matcher.corners, SCALES)).max() < 1e-4


@settings(max_examples=40)
@given(box=boxes())
def test_every_box_has_its_best_anchor_and_all_that_overlap_it_by_half(matcher, box):
    import tensorflow as tf

    _, classes = matcher(tf.constant([box], tf.float32), tf.constant([2]))
    overlaps = overlap(matcher, box)
    assert classes.numpy()[overlaps.argmax()] == 2
    assert (classes.numpy()[overlaps >= 0.5] == 2).all()
    assert (classes.numpy() == 2).sum() == max((overlaps >= 0.5).sum(), 1)


def test_each_anchor_goes_to_the_box_that_it_overlaps_most(matcher):
    import tensorflow as tf

    left, right = [0.1, 0.0, 0.9, 0.5], [0.1, 0.5, 0.9, 1.0]
    _, classes = matcher(tf.constant([left, right]), tf.constant([1, 2]))
    closer_to_right = overlap(matcher, right) > overlap(matcher, left)
    taken = classes.numpy() > 0
    assert ((classes.numpy() == 2) == closer_to_right)[taken].all()


def test_a_frame_without_boxes_gives_no_anchor_a_box(matcher):
    import tensorflow as tf

    encodings, classes = matcher(tf.zeros([0, 4]), tf.zeros([0], tf.int64))
    assert not encodings.numpy().any()
    assert not classes.numpy().any()


def test_anchors_cover_each_map_in_ssds_proportions():
    laid = anchors.ssd([20, 10, 5, 3, 2, 1])
    assert len(laid) == 20 * 20 * 3 + (100 + 25 + 9 + 4 + 1) * 6
    assert laid[0] == pytest.approx([1 / 40, 1 / 40, 0.1, 0.1])
    assert laid[-1] == pytest.approx([0.5, 0.5, np.sqrt(0.95), np.sqrt(0.95)])
