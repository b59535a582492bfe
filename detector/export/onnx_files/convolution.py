"""A convolution on its way from TensorFlow to ONNX."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from detector.export.onnx_files.nodes import Nodes, Untranslatable

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Convolution:
    """Not a node yet, so that it can take in the scale and the offset of what follows it.

    `source`: the name of its input. `kernel`: [out, in of a group, H, W]. `scale`, `offset`: [out], of its outputs.
    `pads`: at the top, left, bottom and right. `shared`: the kernel's name where other convolutions have it too, so
    that the scale stays out of it; else "".
    """

    name: str
    source: str
    kernel: Values
    scale: Values
    offset: Values
    groups: int
    strides: list[int]
    pads: list[int]
    shared: str

    @classmethod
    def of(cls, operation: tf.Operation, name: str, source: str, kernel: Values, shared: str) -> "Convolution":
        """What a Conv2D or a DepthwiseConv2dNative does. `kernel`: TensorFlow's, [H, W, in, out] or [H, W, C, 1]."""
        if operation.get_attr("padding") != b"SAME" or any(one != 1 for one in operation.get_attr("dilations")):
            raise Untranslatable(f"the padding or the dilation of {operation.name}")
        depthwise = operation.type == "DepthwiseConv2dNative"
        strides = [int(stride) for stride in operation.get_attr("strides")[1:3]]
        inside, outside = operation.inputs[0].shape, operation.outputs[0].shape
        turned = kernel.transpose([2, 3, 0, 1] if depthwise else [3, 2, 0, 1])
        return cls(
            name,
            source,
            turned,
            scale=np.ones(outside[3], np.float32),
            offset=np.zeros(outside[3], np.float32),
            groups=inside[3] if depthwise else 1,
            strides=strides,
            pads=_same_pads(inside[1:3], outside[1:3], strides, kernel.shape[:2]),
            shared=shared,
        )

    def scaled(self, scale: Values) -> "Convolution":
        return replace(self, scale=self.scale * scale, offset=self.offset * scale)

    def moved(self, offset: Values) -> "Convolution":
        return replace(self, offset=self.offset + offset)

    def add_to(self, nodes: Nodes) -> str:
        """Add it as a node, and return the name of its output."""
        offset = nodes.constant(f"{self.name}/offset", self.offset)
        if not self.shared:
            kernel = nodes.constant(f"{self.name}/kernel", self.kernel * self.scale[:, None, None, None])
            return self._add(nodes, [kernel, offset], self.name)
        kernel = nodes.constant(self.shared, self.kernel)
        if np.all(self.scale == 1):
            return self._add(nodes, [kernel, offset], self.name)
        # Compilers know this operator and take it into the convolution themselves.
        zeros, ones = np.zeros_like(self.offset), np.ones_like(self.offset)
        before = self._add(nodes, [kernel], f"{self.name}/unscaled")
        norm = [
            nodes.constant(f"{self.name}/scale", self.scale),
            offset,
            nodes.constant(f"norms/means_{len(zeros)}", zeros),
            nodes.constant(f"norms/variances_{len(ones)}", ones),
        ]
        return nodes.add("BatchNormalization", [before, *norm], self.name, epsilon=0.0)

    def _add(self, nodes: Nodes, weights: list[str], name: str) -> str:
        return nodes.add(
            "Conv",
            [self.source, *weights],
            name,
            dilations=[1, 1],
            group=self.groups,
            kernel_shape=self.kernel.shape[2:],
            pads=self.pads,
            strides=self.strides,
        )


def _same_pads(
    inside: Sequence[int], outside: Sequence[int], strides: Sequence[int], kernel: Sequence[int]
) -> list[int]:
    """TensorFlow's "SAME": half on each side, and the odd one at the bottom and on the right."""
    totals = [
        max((out - 1) * stride + size - there, 0)
        for there, out, stride, size in zip(inside, outside, strides, kernel, strict=True)
    ]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]
