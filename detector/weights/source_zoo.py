"""Weights of the TF2 Detection Zoo that somebody installed on this server: zoo.py converted them."""

import numpy as np

from detector.contract.catalog import Source
from detector.weights import coco_classes
from detector.weights.named_weights import Weights


def read(source: Source) -> Weights:
    """All arrays of the file; with a score column for each of COCO's classes."""
    with np.load(source.path) as arrays:
        values = dict(arrays)
    return Weights(source.name, values, len(coco_classes.NAMES), coco_classes.OBJECTS, coco_classes.NAMES)
