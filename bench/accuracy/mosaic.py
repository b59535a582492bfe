"""Mosaic: four training frames in one, as YOLOv4 has it (Bochkovskiy and others, 2020). A trial, not in the recipe."""

import tensorflow as tf

from detector.frames.inputs import Frames
from detector.frames.inputs import shuffled as one_by_one

_PLACES = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))


def shuffled(part: float, frames: Frames, seed: int, skipped: int) -> tf.data.Dataset:
    """What inputs.shuffled gives, but for `part` of the frames, which are four in a square, each half as wide."""
    orders = [one_by_one(frames, seed + number, skipped) for number in range(len(_PLACES))]

    @tf.autograph.experimental.do_not_convert
    def choose(number: tf.Tensor, frames: tuple[dict[str, tf.Tensor], ...]) -> dict[str, tf.Tensor]:
        draw = tf.random.stateless_uniform([], tf.stack([tf.constant(seed, tf.int64), number]))
        return tf.cond(draw < part, lambda: in_a_square(frames), lambda: frames[0])

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
