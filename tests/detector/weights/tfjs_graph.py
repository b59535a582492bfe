"""A TensorFlow.js graph model, computed one operation after the other: a second opinion on what its weights mean."""

import base64
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np


class TfjsGraph:
    """`scope`: before the names of all nodes. `picture`: what the graph makes of one before its first convolution."""

    def __init__(self, folder: Path, scope: str, picture: str) -> None:
        self._folder, self._scope, self._picture = folder, scope, picture
        self._model = json.loads((folder / "model.json").read_text())
        self._nodes = {node["name"]: node for node in self._model["modelTopology"]["node"]}

    @cached_property
    def _constants(self) -> dict[str, np.ndarray]:
        (group,) = self._model["weightsManifest"]
        data = b"".join((self._folder / path).read_bytes() for path in group["paths"])
        constants, place = {}, 0
        for entry in group["weights"]:
            array = np.frombuffer(data, entry["dtype"], int(np.prod(entry["shape"])), place).reshape(entry["shape"])
            constants[entry["name"]] = array
            place += array.nbytes
        return constants

    def __call__(self, image: np.ndarray, names: Sequence[str]) -> list[np.ndarray]:
        """The values of nodes for an image [1, S, S, 3] in [-1, 1]."""
        values = {self._scope + self._picture: image}
        return [np.asarray(self._value(self._scope + name, values)) for name in names]

    def _value(self, name: str, values: dict):
        name = name.partition(":")[0]
        if name not in values:
            node = self._nodes[name]
            inputs = [self._value(one, values) for one in node.get("input", []) if not one.startswith("^")]
            values[name] = self._constants[name] if node["op"] == "Const" else _compute(node, inputs)
        return values[name]


def _compute(node: dict, inputs: list):
    import tensorflow as tf

    match node["op"]:
        case "Add" | "AddN" | "AddV2" | "BiasAdd":
            return inputs[0] + inputs[1]
        case "Mul":
            return inputs[0] * inputs[1]
        case "Relu6":
            return tf.nn.relu6(inputs[0])
        case "FusedBatchNorm":
            return tf.nn.batch_normalization(inputs[0], *inputs[3:], inputs[2], inputs[1], node["attr"]["epsilon"]["f"])
        case "Reshape":
            return tf.reshape(*inputs)
        case "Pack":
            return tf.stack(inputs, int(node["attr"]["axis"].get("i", 0)))
        case "_FusedConv2D" | "Conv2D":
            return _fused(node, tf.nn.conv2d(inputs[0], inputs[1], _stride(node), "SAME"), inputs[2:])
        case "FusedDepthwiseConv2dNative" | "DepthwiseConv2dNative":
            strides = [1, _stride(node), _stride(node), 1]
            return _fused(node, tf.nn.depthwise_conv2d(inputs[0], inputs[1], strides, "SAME"), inputs[2:])
    raise AssertionError(f"The graph has an operation that is not computed here: {node['op']}")


def _stride(node: dict) -> int:
    return int(node["attr"]["strides"]["list"]["i"][1])


def _fused(node: dict, values, arguments: list):
    """What the graph does to the values behind a convolution, in the same operation."""
    import tensorflow as tf

    for operation in node["attr"].get("fused_ops", {}).get("list", {}).get("s", []):
        name = base64.b64decode(operation).decode()
        values = values + arguments[0] if name == "BiasAdd" else {"Relu6": tf.nn.relu6}[name](values)
    return values
