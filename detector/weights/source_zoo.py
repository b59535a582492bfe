"""Weights of the TF2 Detection Zoo that somebody installed on this server: zoo.py converted them."""

import numpy as np

from detector.contract.catalog import Source
from detector.weights.named_weights import Weights
from detector.weights.zoo_layout import CLASSES


def read(source: Source) -> Weights:
    """All arrays of the file; every label starts from the mean of COCO's classes, the first of which is background."""
    with np.load(source.path) as arrays:
        values = dict(arrays)
    return Weights(source.name, values, classes=CLASSES, score_columns=tuple(range(1, CLASSES)))
