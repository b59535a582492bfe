"""A pyramid on another backbone than the one it was trained on: its projections are fitted to what they gave before."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf
import tf_keras
from numpy.typing import NDArray

from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.network import Detector
from detector.weights import named_weights

# With an input of this side; with a larger one fewer, for as many cells.
_MOST_FRAMES, _SIDE = 64, 320
_BATCH = 16
# Of the mean square of the values that a projection takes, so that few frames aren't followed too closely.
_RIDGE = 1e-3

_Numbers = NDArray[np.float64]


def fit_pyramid(detector: Detector, training: Frames) -> None:
    """Fit a pyramid's projections to the detector's backbone, on training frames, if its weights have a former one.

    Pyramid, tower and predictors then see nearly what they learned on, made of what the other backbone sees. Source:
    our own trials, docs/contributors/recipe.md.
    """
    weights = detector.weights
    if not weights.former_backbone:
        return
    step = training.step_for(max(1, _MOST_FRAMES * _SIDE**2 // detector.input_size**2))
    images = np.stack(inputs.pictures(training, step)).astype(np.float32) / 127.5 - 1.0
    projections = [part.conv for part in detector.parts if part.name.startswith("fpn/projection")]
    backbone = [part for part in detector.parts if part.name.startswith("backbone/")]
    named_weights.fill(backbone, replace(weights, values=weights.former_backbone))
    wanted = _cells(detector, [layer.output for layer in projections], images)
    named_weights.fill(backbone, weights)
    given = _cells(detector, [layer.input for layer in projections], images)
    for layer, taken, before in zip(projections, given, wanted, strict=True):
        matrix, offset = least_squares(taken, before)
        layer.set_weights([matrix[np.newaxis, np.newaxis], offset])


def least_squares(given: _Numbers, wanted: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Find the matrix [C, D] and the offset [D] that make `wanted` [n, D] of `given` [n, C], by ridge regression."""
    mean, wanted_mean = given.mean(0), wanted.mean(0)
    products = (given - mean).T @ (given - mean)
    ridge = _RIDGE * (np.trace(products) / len(products) + 1e-9)
    matrix = np.linalg.solve(products + ridge * np.eye(len(products)), (given - mean).T @ (wanted - wanted_mean))
    return matrix, wanted_mean - mean @ matrix


def _cells(detector: Detector, tensors: Sequence[tf.Tensor], images: NDArray[np.float32]) -> list[_Numbers]:
    """What the network has at the tensors for images [F, S, S, 3], cell by cell: of each [F * H * W, C]."""
    network = tf_keras.Model(detector.network.input, list(tensors))

    @tf.function(reduce_retracing=True, autograph=False)
    def read(batch: tf.Tensor) -> list[tf.Tensor]:
        return [tf.cast(values, tf.float32) for values in network(batch, training=False)]

    batches = [read(images[start : start + _BATCH]) for start in range(0, len(images), _BATCH)]
    return [
        np.concatenate([values.numpy().reshape(-1, values.shape[-1]) for values in of_tensor]).astype(np.float64)
        for of_tensor in zip(*batches, strict=True)
    ]
