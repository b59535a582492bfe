"""A pyramid on the backbone of other weights: what its projections take is fitted to what they took before."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import numpy as np
import tf_keras
from numpy.typing import NDArray

from detector import network
from detector.contract import catalog
from detector.contract.spec import JobSpec
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.network import Detector
from detector.training import train
from detector.weights import named_weights, sources

_FRAMES, _RIDGE = 64, 1e-3


def fitted(key: str, job: JobSpec) -> AbstractContextManager[Any]:
    """`key`: of the packaged weights whose backbone is taken."""
    model = catalog.starting_model(job.starting_model)
    training = Frames(job.training_shards, job.training_frames, model.input_size)
    pictures = inputs.pictures(training, training.step_for(_FRAMES))

    def build(*chosen: Any, **named: Any) -> Detector:
        detector = network.build(*chosen, **named)
        _replace(detector, key, np.stack(pictures).astype(np.float32) / 127.5 - 1)
        return detector

    return patch.object(train, "build", build)


def _replace(detector: Detector, key: str, images: NDArray[np.float32]) -> None:
    """Give the detector the backbone of `key`, and each projection what is nearest to what it did before."""
    projections = [part.conv for part in detector.parts if part.name.startswith("fpn/projection")]
    taken = tf_keras.Model(detector.network.input, [layer.input for layer in projections])
    before = [_cells(values) for values in taken.predict(images, verbose=0)]
    backbone = [part for part in detector.parts if part.name.startswith("backbone/")]
    source = catalog.packaged(key)
    if source is None:
        raise KeyError(f"The weights {key} are not on this machine.")
    named_weights.fill(backbone, sources.read(source))
    after = [_cells(values) for values in taken.predict(images, verbose=0)]
    for layer, old, new in zip(projections, before, after, strict=True):
        kernel, bias = layer.get_weights()
        matrix, offset = _least_squares(new, old @ kernel[0, 0] + bias)
        layer.set_weights([matrix[np.newaxis, np.newaxis], offset])


def _cells(values: NDArray[np.float32]) -> NDArray[np.float64]:
    return values.reshape(-1, values.shape[-1]).astype(np.float64)


def _least_squares(
    given: NDArray[np.float64], wanted: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The matrix [C, D] and the offset [D] that make `wanted` [n, D] of `given` [n, C], with a small ridge."""
    mean, wanted_mean = given.mean(0), wanted.mean(0)
    products = (given - mean).T @ (given - mean)
    ridge = _RIDGE * np.trace(products) / len(products)
    matrix = np.linalg.solve(products + ridge * np.eye(len(products)), (given - mean).T @ (wanted - wanted_mean))
    return matrix, wanted_mean - mean @ matrix
