"""The objects of a frame: those that are labeled, and those that a detector has found."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Truth:
    """The objects of one evaluation frame, which is `height` x `width` pixels large.

    `boxes`: float32 [M, 4] of (ymin, xmin, ymax, xmax) as fractions. `classes`: [M], from 0.
    """

    height: int
    width: int
    boxes: np.ndarray
    classes: np.ndarray


@dataclass(frozen=True)
class Detected:
    """The detections on one frame, the best first.

    `boxes`: float32 [M, 4] of (ymin, xmin, ymax, xmax) as fractions. `scores`: [M], 0 to 1. `classes`: [M], from 0.
    """

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray
