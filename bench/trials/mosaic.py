"""Mosaic: four training frames in one ("YOLOv4", Bochkovskiy and others, 2020)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

import tensorflow as tf

from detector.contract.spec import JobSpec
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.inputs import shuffled as one_by_one

Frame = dict[str, tf.Tensor]

# Where each of the four lies: the top left corner, as fractions (y, x).
_PLACES = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))
_COUNT = len(_PLACES)


def some_frames(value: tuple[float, float], job: JobSpec) -> AbstractContextManager[Any]:
    """`value`: the part of the frames that are four in one, and up to which part of the steps, e.g. (0.5, 0.5)."""
    part, end = value
    return patch.object(inputs, "shuffled", partial(shuffled, part, round(end * job.steps) * job.batch_size))


def shuffled(part: float, until: int, frames: Frames, seed: int, skipped: int) -> tf.data.Dataset:
    """What inputs.shuffled gives, but for `part` of the frames up to the one numbered `until`, which are four in one.

    None is where the frames don't stay in memory.
    """
    if skipped >= until or not frames.fit_into(inputs.BYTES_IN_MEMORY):
        return one_by_one(frames, seed, skipped)
    decoded = inputs._records(frames).map(inputs._decoder(frames.size), tf.data.AUTOTUNE).cache()
    # Several orders are read from one cache, so it is filled before: each would decode all frames for itself.
    decoded.reduce(0, lambda count, _: count + 1)

    def order(number: int, skipped: int) -> tf.data.Dataset:
        return decoded.shuffle(frames.count, seed + number).repeat().skip(skipped)

    @tf.autograph.experimental.do_not_convert
    def choose(number: tf.Tensor, frames: tuple[Frame, ...]) -> Frame:
        draw = tf.random.stateless_uniform([], tf.stack([number, tf.constant(seed, tf.int64)]))
        return tf.cond(draw < part, lambda: in_a_square(frames), lambda: frames[0])

    orders = tf.data.Dataset.zip(tuple(order(number, skipped) for number in range(_COUNT)))
    numbered = tf.data.Dataset.zip((tf.data.Dataset.counter(skipped), orders)).take(until - skipped)
    return numbered.map(choose, tf.data.AUTOTUNE, deterministic=True).concatenate(order(0, until))


def in_a_square(frames: Sequence[Frame]) -> Frame:
    """Lay four frames {"image": uint8 [S, S, 3], "boxes": [M, 4], "classes": [M]} into one of the same size."""
    size = frames[0]["image"].shape[0]
    halves = [tf.image.resize(frame["image"], [size // 2, size // 2], "area") for frame in frames]
    rows = [tf.concat(halves[first : first + 2], 1) for first in (0, 2)]
    boxes = [frame["boxes"] / 2 + tf.constant([*place, *place]) for frame, place in zip(frames, _PLACES, strict=True)]
    return {
        "image": tf.cast(tf.round(tf.concat(rows, 0)), tf.uint8),
        "boxes": tf.concat(boxes, 0),
        "classes": tf.concat([frame["classes"] for frame in frames], 0),
    }
