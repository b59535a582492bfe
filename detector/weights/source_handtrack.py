"""handtrackjs (MIT): FPNLite MobileNetV2 graphs, 320x320 and 640x640, as TensorFlow.js reads them.

They find hands and faces, and were trained with the Object Detection API from its COCO checkpoints. Their batch norms
are folded into the convolutions. They have eight score columns an anchor: background, hands in six poses, face.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detector.contract.catalog import LEVELS, TOWER_CONVS, Source
from detector.weights import tfjs_graph
from detector.weights.named_weights import Values, Weights

_COLUMNS, _BACKGROUND = 8, 0
_EXTRACTOR = "ssd_mobile_net_v2fpn_keras_feature_extractor"
_PREDICTOR = "WeightSharedConvolutionalBoxPredictor"


def read(source: Source) -> Weights:
    """All arrays of the graph in the source's folder. Raises KeyError where it lacks one."""
    arrays = tfjs_graph.arrays(source.path)
    values: dict[str, NDArray[np.float32]] = {}
    for part, scope in _scopes().items():
        values |= _part(arrays, part, scope)
    for number in range(TOWER_CONVS):
        values |= _tower_conv(arrays, number)
    return Weights(source.name, values, classes=_COLUMNS, score_columns=tuple(range(_BACKGROUND + 1, _COLUMNS)))


def _scopes() -> dict[str, str]:
    """Part -> scope in the graph, but for the tower."""
    model = f"{_EXTRACTOR}/model"
    scopes = {"backbone/conv_0": f"{model}/Conv1/Conv2D", "backbone/conv_1": f"{model}/Conv_1/Conv2D"}
    for number in range(17):
        block = f"{model}/block_{number}_" if number else f"{model}/expanded_conv_"
        for half in ("expand", "depthwise", "project") if number else ("depthwise", "project"):
            operation = "depthwise" if half == "depthwise" else "Conv2D"
            scopes[f"backbone/block_{number}/{half}"] = f"{block}{half}/{operation}"
    for level in (3, 4, 5):
        scopes[f"fpn/projection_{level}"] = f"{_EXTRACTOR}/FeatureMaps/top_down/projection_{level - 2}"
    for level in (3, 4):
        name = f"{_EXTRACTOR}/FeatureMaps/top_down/smoothing_{level - 2}_depthwise_conv"
        scopes[f"fpn/smoothing_{level}"] = f"{name}/separable_conv2d"
    for level in (6, 7):
        name = f"{_EXTRACTOR}/bottom_up_Conv2d_{level + 14}_depthwise_conv"
        scopes[f"fpn/bottom_up_{level}"] = f"{name}/separable_conv2d"
    for kind, head in (("box", "BoxHead/BoxPredictor"), ("class", "ClassHead/ClassPredictor")):
        scopes[f"predictor/{kind}"] = f"{_PREDICTOR}/WeightSharedConvolutional{head}"
    return scopes


def _part(arrays: Mapping[str, NDArray[np.float32]], part: str, scope: str) -> Values:
    if part.startswith("backbone"):
        return {f"{part}/kernel": arrays[f"{scope}_weights"], f"{part}/offset": arrays[f"{scope}_bn_offset"]}
    if part.startswith("fpn/projection"):
        return {
            f"{part}/kernel": arrays[f"{scope}/Conv2D/ReadVariableOp"],
            f"{part}/bias": arrays[f"{scope}/BiasAdd/ReadVariableOp"],
        }
    if part.startswith("fpn"):
        return {
            f"{part}/depthwise/kernel": arrays[f"{scope}/ReadVariableOp"],
            f"{part}/pointwise/kernel": arrays[f"{scope}_weights"],
            f"{part}/pointwise/offset": arrays[f"{scope}_bn_offset"],
        }
    return {
        f"{part}/depthwise/kernel": arrays[f"{scope}/separable_conv2d/ReadVariableOp"],
        f"{part}/pointwise/kernel": arrays[f"{scope}/separable_conv2d/ReadVariableOp_1"],
        f"{part}/pointwise/bias": arrays[f"{scope}/BiasAdd/ReadVariableOp"],
    }


def _tower_conv(arrays: Mapping[str, NDArray[np.float32]], number: int) -> Values:
    """One convolution of the tower: its kernel, which is folded with another norm at each level, and their scales.

    Per channel, the kernel is that of the level where it is longest, so that no scale is above 1.
    """
    part, scope = f"tower/conv_{number}", f"{_PREDICTOR}/PredictionTower/conv2d_{number}/separable_conv2d"
    names = [scope + (f"_{place}" if place else "") for place in range(len(LEVELS))]
    folded = np.stack([arrays[f"{name}_weights"] for name in names])
    lengths = np.sqrt((folded**2).sum(axis=(1, 2, 3)))
    longest = lengths.argmax(axis=0)
    kernel = np.take_along_axis(folded, longest[np.newaxis, np.newaxis, np.newaxis, np.newaxis], axis=0)[0]
    scales = (folded * kernel).sum(axis=(1, 2, 3)) / (kernel**2).sum(axis=(0, 1, 2))
    values = {f"{part}/depthwise/kernel": arrays[f"{names[0]}/ReadVariableOp"], f"{part}/pointwise/kernel": kernel}
    for level, name, scale in zip(LEVELS, names, scales, strict=True):
        values[f"{part}/level_{level}/scale"] = scale
        values[f"{part}/level_{level}/offset"] = arrays[f"{name}_bn_offset"]
    return values
