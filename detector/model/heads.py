"""What a head gives out, whichever it is."""

import math
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
import tf_keras

from detector.model.parts import Part

# A score that starts from nothing says 1 in 100, so that the many empty anchors do not drown the first steps
# ("Focal Loss for Dense Object Detection", section 4.1).
_PRIOR = 0.01


@dataclass(frozen=True)
class Head:
    """`boxes`, `scores`: map by map, the finest first, [B, H * W * anchors in a cell, 4 or labels].

    `anchors`: of all maps, float32 [N, 4] of (ycenter, xcenter, height, width) as fractions of the input's side.
    """

    boxes: list[tf.Tensor]
    scores: list[tf.Tensor]
    anchors: np.ndarray
    parts: list[Part]


def score_bias() -> tf_keras.initializers.Initializer:
    return tf_keras.initializers.Constant(-math.log((1 - _PRIOR) / _PRIOR))


def by_anchor(values: tf.Tensor, columns: int, name: str) -> tf.Tensor:
    """[B, H, W, anchors * columns] -> [B, H * W * anchors, columns]."""
    return tf_keras.layers.Reshape([-1, columns], name=f"{name}_by_anchor")(values)
