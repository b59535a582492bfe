"""official.vision's MobileNets, block by block, with what stands for their batch norms chosen part by part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tensorflow as tf
import tf_keras
from official.vision.modeling.backbones.mobilenet import Conv2DBNBlock, MobileNet
from official.vision.modeling.layers.nn_blocks import DepthwiseSeparableConvBlock, InvertedBottleneckBlock

from detector.contract.catalog import StartingModel
from detector.model.convolutions import Conv2D, DepthwiseConv2D
from detector.model.parts import Norms, Part

_BLOCKS = (Conv2DBNBlock, InvertedBottleneckBlock, DepthwiseSeparableConvBlock)
# Of MobileNetV2's blocks, the one whose expansion is SSD's first map: the last place with stride 16.
_EXPANSION_BLOCK = 14


@dataclass(frozen=True)
class Backbone:
    """`images`: [B, S, S, 3] in [-1, 1]. `values`: what each block gives out, in order: the stem, the bottlenecks (17
    of MobileNetV2, 13 pairs of convolutions of MobileNetV1), and MobileNetV2's last convolution. One that the model has
    not gives out what came before it.

    `expansion`: MobileNetV2's bottleneck 13, expanded, [B, S/16, S/16, C]; None where it is not there. `blocks`: the
    layers behind `values`: what a recipe can freeze.
    """

    images: tf.Tensor
    values: list[tf.Tensor]
    expansion: tf.Tensor | None
    blocks: list[tf_keras.layers.Layer]
    parts: list[Part]


def build(model: StartingModel, norms: Norms) -> Backbone:
    """The model's MobileNet, of its width and with its blocks.

    A shallow one is without those whose values keep their shape.
    """
    mobilenet = MobileNet(
        model.backbone,
        filter_size_scale=model.width,
        input_specs=tf_keras.layers.InputSpec(shape=[None, model.input_size, model.input_size, 3]),
        finegrain_classification_mode=False,
    )
    blocks = [layer for layer in mobilenet.layers if isinstance(layer, _BLOCKS)]
    _replace_layers(blocks, norms)
    there = {number: block for number, block in enumerate(blocks) if _is_there(model, number, block)}
    images = tf_keras.Input([model.input_size, model.input_size, 3], name="images")
    values, given, expansion = images, [], None
    for number, block in enumerate(blocks):
        if number == _EXPANSION_BLOCK and number in there and isinstance(block, InvertedBottleneckBlock):
            expansion, values = _call_with_expansion(block, values)
        elif number in there:
            values = block(values)
        given.append(values)
    return Backbone(images, given, expansion, list(there.values()), parts(there.items()))


def _is_there(model: StartingModel, number: int, block: tf_keras.layers.Layer) -> bool:
    if model.is_shallow and block.input_shape == block.output_shape:
        return False
    return not model.blocks or number in model.blocks


def _call_with_expansion(block: InvertedBottleneckBlock, values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The block's expanded values, which it does not give out itself, and its output. The block has no residual."""
    expansion = block._activation_layer(block._norm0(block._conv0(values)))
    filtered = block._depthwise_activation_layer(block._norm1(block._conv1(expansion)))
    return expansion, block._norm2(block._conv2(filtered))


def parts(numbered_blocks: Iterable[tuple[int, tf_keras.layers.Layer]]) -> list[Part]:
    """The convolutions of a MobileNet of official.vision, under their names, with the norms that they have."""
    return [
        Part(name, getattr(block, conv), getattr(block, norm))
        for number, block in numbered_blocks
        for name, conv, norm in _places(number, block)
    ]


def _replace_layers(blocks: Sequence[tf_keras.layers.Layer], norms: Norms) -> None:
    """Put our own convolutions in, and the norms that were chosen."""
    for number, block in enumerate(blocks):
        for name, conv, norm in _places(number, block):
            theirs = getattr(block, conv)
            ours = DepthwiseConv2D if isinstance(theirs, tf_keras.layers.DepthwiseConv2D) else Conv2D
            setattr(block, conv, ours.from_config(theirs.get_config()))
            setattr(block, norm, norms(name, norm.strip("_")))


def _places(number: int, block: tf_keras.layers.Layer) -> list[tuple[str, str, str]]:
    """Part, and the names of the block's attributes for its convolution and its norm, which the library keeps private.

    The first bottleneck of MobileNetV2 has an expansion that it does not use.
    """
    if isinstance(block, Conv2DBNBlock):
        return [("backbone/conv_0" if number == 0 else "backbone/conv_1", "_conv0", "_norm0")]
    if isinstance(block, DepthwiseSeparableConvBlock):
        name = f"backbone/block_{number}"
        return [(f"{name}/depthwise", "_dwconv0", "_norm0"), (f"{name}/pointwise", "_conv1", "_norm1")]
    name = f"backbone/block_{number - 1}"
    expand = [(f"{name}/expand", "_conv0", "_norm0")] if number > 1 else []
    return [*expand, (f"{name}/depthwise", "_conv1", "_norm1"), (f"{name}/project", "_conv2", "_norm2")]
