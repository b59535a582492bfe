"""Cut and paste: an object of one training frame is put into another ("Cut, Paste and Learn", Dwibedi, 2017).

Labels are boxes, so what is pasted is a box with a soft border.
"""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

import tensorflow as tf

from detector.contract.spec import JobSpec
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.inputs import shuffled as one_by_one
from detector.frames.targets import iou

# How large the pasted object is, of its size before.
_SIZES = (0.5, 1.25)
# An object may be covered by so much of itself.
_COVERED = 0.2
# Of the pasted box's side, on which it fades in.
_BORDER = 0.06


def some_frames(part: float, job: JobSpec) -> AbstractContextManager[Any]:
    """`part`: of the frames that get an object of another frame."""
    return patch.object(inputs, "shuffled", partial(shuffled, part))


def shuffled(part: float, frames: Frames, seed: int, skipped: int) -> tf.data.Dataset:
    """What inputs.shuffled gives, with an object pasted into `part` of the frames where there is room."""
    orders = (one_by_one(frames, seed, skipped), one_by_one(frames, seed + 1, skipped))

    @tf.autograph.experimental.do_not_convert
    def choose(number: tf.Tensor, pair: tuple[dict[str, tf.Tensor], ...]) -> dict[str, tf.Tensor]:
        draws = tf.random.stateless_uniform([5], tf.stack([tf.constant(seed, tf.int64), number]))
        has_object = tf.shape(pair[1]["boxes"])[0] > 0
        return tf.cond((draws[0] < part) & has_object, lambda: pasted(pair[0], pair[1], draws[1:]), lambda: pair[0])

    numbered = tf.data.Dataset.zip(tf.data.Dataset.counter(skipped), tf.data.Dataset.zip(*orders))
    return numbered.map(choose, tf.data.AUTOTUNE, deterministic=True)


def pasted(frame: dict[str, tf.Tensor], other: dict[str, tf.Tensor], draws: tf.Tensor) -> dict[str, tf.Tensor]:
    """The frame with an object of the other one, or as it is where that would cover too much. `draws`: [4], 0 to 1."""
    which = tf.cast(draws[0] * tf.cast(tf.shape(other["boxes"])[0], tf.float32), tf.int32)
    box = other["boxes"][which]
    middle = (box[2:] - box[:2]) / 2 * (_SIZES[0] + draws[1] * (_SIZES[1] - _SIZES[0]))
    side = tf.minimum(2 * middle, 0.9)
    corner = draws[2:] * (1 - side)
    place = tf.concat([corner, corner + side], 0)
    covers = _part_covered(frame["boxes"], place)
    fits = tf.reduce_all(covers < _COVERED) & tf.reduce_all(iou(place[tf.newaxis], frame["boxes"]) < _COVERED)
    return tf.cond(fits, lambda: _put(frame, other, box, place, other["classes"][which]), lambda: frame)


def _part_covered(boxes: tf.Tensor, place: tf.Tensor) -> tf.Tensor:
    """How much of each box [M, 4] lies under `place` [4]: [M]."""
    sides = tf.maximum(tf.minimum(boxes[:, 2:], place[2:]) - tf.maximum(boxes[:, :2], place[:2]), 0.0)
    return tf.reduce_prod(sides, 1) / tf.reduce_prod(boxes[:, 2:] - boxes[:, :2], 1)


def _put(
    frame: dict[str, tf.Tensor], other: dict[str, tf.Tensor], box: tf.Tensor, place: tf.Tensor, label: tf.Tensor
) -> dict[str, tf.Tensor]:
    size = frame["image"].shape[0]
    # The window of the other frame that fills the whole frame, so that its box lies where it's wanted.
    scale = (box[2:] - box[:2]) / (place[2:] - place[:2])
    window = tf.concat([box[:2] - place[:2] * scale, box[:2] + (1 - place[:2]) * scale], 0)
    moved = tf.image.crop_and_resize(other["image"][tf.newaxis], window[tf.newaxis], [0], [size, size])[0]
    points = (tf.range(size, dtype=tf.float32) + 0.5) / size
    rows, columns = (
        tf.clip_by_value(
            tf.minimum(points - place[axis], place[axis + 2] - points) / (_BORDER * (place[axis + 2] - place[axis])),
            0.0,
            1.0,
        )
        for axis in (0, 1)
    )
    shown = (rows[:, tf.newaxis] * columns)[..., tf.newaxis]
    image = shown * moved + (1 - shown) * tf.cast(frame["image"], tf.float32)
    return {
        "image": tf.cast(tf.round(image), tf.uint8),
        "boxes": tf.concat([frame["boxes"], place[tf.newaxis]], 0),
        "classes": tf.concat([frame["classes"], label[tf.newaxis]], 0),
    }
