"""How the labels' scores start."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from detector import network
from detector.contract import catalog
from detector.contract.spec import JobSpec
from detector.frames import inputs
from detector.network import Detector
from detector.training import train


def alike(_: bool, job: JobSpec) -> AbstractContextManager[Any]:
    """All labels start from the mean of what the weights know."""
    return patch.object(train, "start_labels", lambda detector, *_: detector)


def by_frequency(_: bool, job: JobSpec) -> AbstractContextManager[Any]:
    """Scores start higher for labels that are more frequent."""
    return patch.object(train, "build", partial(_build, _logarithms(job)))


def _logarithms(job: JobSpec) -> NDArray[np.float32]:
    """Of each label's part of the training boxes, [L]."""
    size = catalog.starting_model(job.starting_model).input_size
    truths = inputs.truths(inputs.Frames(job.training_shards, job.training_frames, size))
    counts = np.bincount(np.concatenate([truth.classes for truth in truths]), minlength=len(job.label_names))
    return np.log(np.maximum(counts, 1) / counts.sum()).astype(np.float32)


def _build(prior: NDArray[np.float32], *chosen: Any, **named: Any) -> Detector:
    """A detector whose scores' biases [anchors * L] are shifted by `prior` [L]."""
    detector = network.build(*chosen, **named)
    for part in detector.parts:
        if part.columns:
            kernel, bias = part.conv.get_weights()
            part.conv.set_weights([kernel, bias + np.tile(prior, len(bias) // part.columns)])
    return detector
