"""Mosaic: four training frames in one ("YOLOv4", Bochkovskiy and others, 2020)."""

from collections.abc import Sequence

import tensorflow as tf

Frame = dict[str, tf.Tensor]

# Where each of the four lies: the top left corner, as fractions (y, x).
_PLACES = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))
COUNT = len(_PLACES)


def some_in_a_square(frames: Sequence[Frame], part: float, draw: tf.Tensor) -> Frame:
    """Return four frames in one, in `part` of the draws, else the first of them. `draw`: a seed, integers [2]."""
    is_square = tf.random.stateless_uniform([], draw) < part
    return tf.cond(is_square, lambda: in_a_square(frames), lambda: frames[0])


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
