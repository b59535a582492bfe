"""Frames are changed at random while training, and the boxes go with what they surround."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.contract import catalog
from detector.contract.recipe import recipe

pytestmark = pytest.mark.tensorflow

SIDE = 64
BOX = [0.25, 0.125, 0.5, 0.625]
# Geometry alone, so that the white object can be told from the black frame.
FULL = recipe(catalog.starting_model(catalog.DEFAULT), 32, "everything")
GEOMETRY = replace(FULL, brightness=0.0, contrast=(1.0, 1.0))


def white_object_on_black() -> np.ndarray:
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    ymin, xmin, ymax, xmax = (round(border * SIDE) for border in BOX)
    image[ymin:ymax, xmin:xmax] = 255
    return image


def changed(seed: int, the_recipe=GEOMETRY):
    import tensorflow as tf

    from detector.frames.augment import augment

    parts = augment(tf.constant(white_object_on_black()), tf.constant([BOX]), tf.constant([1]), [7, seed], the_recipe)
    return [part.numpy() for part in parts]


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_the_box_still_surrounds_its_object(seed):
    image, boxes, classes = changed(seed)
    assert len(boxes) == len(classes)
    rows, columns = np.nonzero(image[..., 0] > 0.5)
    for box in boxes * SIDE:
        seen = [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]
        assert np.abs(box - seen).max() <= 2


def test_an_object_that_leaves_the_frame_loses_its_box():
    close_up = replace(GEOMETRY, zoom=(5.0, 6.0))
    seen = [(len(boxes), image.max() > 0.5) for image, boxes, _ in (changed(seed, close_up) for seed in range(40))]
    assert (0, False) in seen
    assert (1, False) not in seen


def test_half_of_the_frames_are_mirrored():
    only_mirror = replace(GEOMETRY, zoom=(1.0, 1.0))
    left_borders = [round(float(changed(seed, only_mirror)[1][0, 1]), 3) for seed in range(60)]
    assert set(left_borders) == {0.125, 0.375}
    assert 15 < left_borders.count(0.375) < 45


def test_light_stays_in_the_range_of_the_input():
    for seed in range(10):
        image, _, _ = changed(seed, FULL)
        assert image.min() >= -1
        assert image.max() <= 1


def test_the_same_seed_changes_a_frame_in_the_same_way():
    assert np.array_equal(changed(3)[0], changed(3)[0])
    assert not np.array_equal(changed(3)[0], changed(4)[0])


def test_colors_turn_and_gray_stays_gray():
    import tensorflow as tf

    from detector.frames.augment import augment

    def colors_of(color: tuple[int, int, int]) -> np.ndarray:
        frame = tf.constant(np.full((SIDE, SIDE, 3), color, np.uint8))
        only_colors = replace(GEOMETRY, zoom=(1.0, 1.0), hue=40.0, saturation=(0.5, 1.5))
        seeds = range(10)
        return np.array([augment(frame, tf.constant([BOX]), [1], [7, n], only_colors)[0].numpy()[0, 0] for n in seeds])

    gray, red = colors_of((200, 200, 200)), colors_of((200, 60, 60))
    assert np.ptp(gray, axis=1).max() < 0.01
    assert np.std(red[:, 1] - red[:, 2]) > 0.1
