"""Mosaic: four training frames in one, as YOLOv4 has it (Bochkovskiy and others, 2020)."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

import tensorflow as tf

from detector.contract.spec import JobSpec
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.inputs import shuffled as one_by_one

_PLACES = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))
_CORNERS = len(_PLACES)


def some_frames(value: list[float], job: JobSpec) -> AbstractContextManager[Any]:
    """`value`: the part of the frames that are four in one, between which parts of the job, e.g. [0.5, 0.0, 1.0]."""
    part, begin, end = value
    frames = job.steps * job.batch_size
    return patch.object(inputs, "shuffled", partial(shuffled, part, (int(begin * frames), int(end * frames))))


def shuffled(part: float, between: tuple[int, int], frames: Frames, seed: int, skipped: int) -> tf.data.Dataset:
    """What inputs.shuffled gives, but for `part` of the frames `between` two numbers, which are four in a square."""
    orders = [one_by_one(frames, seed + number, skipped) for number in range(_CORNERS)]

    @tf.autograph.experimental.do_not_convert
    def choose(number: tf.Tensor, frames: tuple[dict[str, tf.Tensor], ...]) -> dict[str, tf.Tensor]:
        draw = tf.random.stateless_uniform([], tf.stack([tf.constant(seed, tf.int64), number]))
        is_four = tf.reduce_all([draw < part, number >= between[0], number < between[1]])
        return tf.cond(is_four, lambda: in_a_square(frames), lambda: frames[0])

    numbered = tf.data.Dataset.zip(tf.data.Dataset.counter(skipped), tf.data.Dataset.zip(*orders))
    return numbered.map(choose, tf.data.AUTOTUNE, deterministic=True)


def in_a_square(frames: tuple[dict[str, tf.Tensor], ...]) -> dict[str, tf.Tensor]:
    """Four frames {"image": uint8 [S, S, 3], "boxes": [M, 4], "classes": [M]} in one of the same size."""
    size = frames[0]["image"].shape[0]
    halves = [tf.image.resize(frame["image"], [size // 2, size // 2], "area") for frame in frames]
    rows = [tf.concat(halves[first : first + 2], 1) for first in (0, 2)]
    boxes = [frame["boxes"] / 2 + tf.constant([*place, *place]) for frame, place in zip(frames, _PLACES, strict=True)]
    return {
        "image": tf.cast(tf.round(tf.concat(rows, 0)), tf.uint8),
        "boxes": tf.concat(boxes, 0),
        "classes": tf.concat([frame["classes"] for frame in frames], 0),
    }
