"""A frozen TensorFlow function of ours as ONNX nodes: channels first, and batch norms taken into the convolutions.

tf2onnx translates far more, and takes fifty times longer: docs/contributors/dependencies.md.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf

from detector.export.onnx_files.convolution import Convolution, Values
from detector.export.onnx_files.nodes import Nodes, Untranslatable

_ALIASES = ("Identity", "IdentityN")
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
# The levels of a pyramid share their kernels, each with a scale of its own. Smaller ones are copied, with the scale.
_SHARED_FROM_NUMBERS = 1 << 15


class Translation:
    """`last_convolutions`: the names of those whose values are then laid out anchor by anchor.

    `uses`: how many convolutions have a kernel, by its name.
    """

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.last_convolutions: list[str] = []
        self.uses: Counter[str] = Counter()
        self._values: dict[str, str | Convolution] = {}
        self._titles: dict[str, str] = {}

    def translate(self, function: tf.types.experimental.ConcreteFunction, image: str, outputs: Sequence[str]) -> None:
        """Add the nodes of a function of one picture.

        `image`: the name of the picture, [1, 3, S, S]. `outputs`: how to call the function's, none of which is a map.
        Raises Untranslatable for an operator that no network of ours has had so far.
        """
        operations = function.graph.get_operations()
        kernels = (_kernel(operation)[0] for operation in operations if operation.type in _CONVOLUTIONS)
        self.uses = Counter(kernel.name for kernel in kernels)
        self._values[function.inputs[0].name] = image
        self._titles = {_source(one).op.name: title for one, title in zip(function.outputs, outputs, strict=True)}
        for operation in operations:
            if translated := _OPERATORS.get(operation.type):
                self._values[operation.outputs[0].name] = translated(self, operation)
        for output in function.outputs:
            self.name(output)

    def title(self, operation: tf.Operation) -> str:
        """How to call an operation's node."""
        name = str(operation.name)
        return self._titles.get(name) or name.removeprefix("model/").removesuffix("/Reshape")

    def name(self, tensor: tf.Tensor) -> str:
        """The name of a tensor's values; a convolution becomes a node now."""
        value = self._value(tensor)
        if isinstance(value, Convolution):
            value = value.add_to(self.nodes)
            self._values[_source(tensor).name] = value
        return value

    def convolution(self, tensor: tf.Tensor) -> Convolution:
        """The convolution whose output a tensor is."""
        value = self._value(tensor)
        if isinstance(value, str):
            raise Untranslatable(f"a scale or an offset that follows no convolution: {tensor.name}")
        return value

    def _value(self, tensor: tf.Tensor) -> str | Convolution:
        source = _source(tensor)
        if source.name not in self._values:
            raise Untranslatable(f"the operator {source.op.type}: {source.name}")
        return self._values[source.name]


def _source(tensor: tf.Tensor) -> tf.Tensor:
    """The tensor itself, or what it is another name of."""
    while tensor.op.type in _ALIASES:
        tensor = tensor.op.inputs[tensor.value_index]
    return tensor


def _constant(tensor: tf.Tensor) -> Values:
    operation = _source(tensor).op
    if operation.type != "Const":
        raise Untranslatable(f"numbers that are no constant: {tensor.name}")
    return tf.make_ndarray(operation.get_attr("value"))


def _kernel(operation: tf.Operation) -> tuple[tf.Tensor, tf.Tensor | None]:
    """A convolution's kernel, and what it is multiplied with."""
    kernel = _source(operation.inputs[1])
    if kernel.op.type != "Mul":
        return kernel, None
    return _source(kernel.op.inputs[0]), kernel.op.inputs[1]


def _convolve(network: Translation, operation: tf.Operation) -> Convolution:
    kernel, scale = _kernel(operation)
    values = _constant(kernel)
    shared = network.uses[kernel.name] > 1 and values.size >= _SHARED_FROM_NUMBERS
    convolution = Convolution.of(
        operation, network.title(operation), network.name(operation.inputs[0]), values, kernel.op.name if shared else ""
    )
    return convolution if scale is None else convolution.scaled(_constant(scale))


def _offset(network: Translation, operation: tf.Operation) -> Convolution:
    return network.convolution(operation.inputs[0]).moved(_constant(operation.inputs[1]))


def _norm(network: Translation, operation: tf.Operation) -> Convolution:
    gamma, beta, mean, variance = (_constant(values) for values in operation.inputs[1:5])
    scale = gamma / np.sqrt(variance + np.float32(operation.get_attr("epsilon")))
    return network.convolution(operation.inputs[0]).scaled(scale).moved(beta - mean * scale)


def _clip(network: Translation, operation: tf.Operation) -> str:
    limits = [network.nodes.constant("zero", np.float32(0)), network.nodes.constant("six", np.float32(6))]
    return network.nodes.add("Clip", [network.name(operation.inputs[0]), *limits], network.title(operation))


def _add(network: Translation, operation: tf.Operation) -> str:
    return network.nodes.add("Add", [network.name(one) for one in operation.inputs], network.title(operation))


def _sigmoid(network: Translation, operation: tf.Operation) -> str:
    return network.nodes.add("Sigmoid", [network.name(operation.inputs[0])], network.title(operation))


def _enlarge(network: Translation, operation: tf.Operation) -> str:
    """Each cell becomes 2 x 2 or more of the same value, which all ways to count pixels agree on."""
    before, after = operation.inputs[0].shape, operation.outputs[0].shape
    if after[1] % before[1] or after[2] % before[2]:
        raise Untranslatable(f"an enlargement by parts of a cell: {operation.name}")
    factors = np.array([1, 1, after[1] // before[1], after[2] // before[2]], np.float32)
    name = network.title(operation)
    return network.nodes.add(
        "Resize",
        [
            network.name(operation.inputs[0]),
            network.nodes.constant("no_region", np.zeros(0, np.float32)),
            network.nodes.constant(f"{name}/factors", factors),
        ],
        name,
        coordinate_transformation_mode="asymmetric",
        mode="nearest",
        nearest_mode="floor",
    )


def _by_anchor(network: Translation, operation: tf.Operation) -> str:
    """A map [1, anchors * columns, H, W], with the channels last again, as [1, H * W * anchors, columns]."""
    source, name = operation.inputs[0], network.title(operation)
    if len(source.shape) != 4:
        raise Untranslatable(f"another shape of what is no map: {operation.name}")
    values = replace(network.convolution(source), name=f"{name}/convolution").add_to(network.nodes)
    network.last_convolutions.append(values)
    turned = network.nodes.add("Transpose", [values], f"{name}/channels_last", perm=[0, 2, 3, 1])
    shape = network.nodes.constant(f"{name}/shape", [int(side) for side in operation.outputs[0].shape])
    return network.nodes.add("Reshape", [turned, shape], name)


def _concatenate(network: Translation, operation: tf.Operation) -> str:
    """Of rows, whose axes ONNX counts as TensorFlow does."""
    *parts, axis = operation.inputs
    if len(operation.outputs[0].shape) == 4:
        raise Untranslatable(f"maps put together: {operation.name}")
    names = [network.name(part) for part in parts]
    return network.nodes.add("Concat", names, network.title(operation), axis=int(_constant(axis)))


_OPERATORS: dict[str, Callable[[Translation, tf.Operation], str | Convolution]] = {
    "AddV2": _add,
    "BiasAdd": _offset,
    "ConcatV2": _concatenate,
    "Conv2D": _convolve,
    "DepthwiseConv2dNative": _convolve,
    "FusedBatchNormV3": _norm,
    "Relu6": _clip,
    "Reshape": _by_anchor,
    "ResizeNearestNeighbor": _enlarge,
    "Sigmoid": _sigmoid,
}
