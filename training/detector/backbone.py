"""The feature maps of SSD MobileNetV2: official.vision's MobileNetV2 and the extra maps on top of it."""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf
import tf_keras
from official.vision.modeling.backbones.mobilenet import Conv2DBNBlock, MobileNet
from official.vision.modeling.layers.nn_blocks import InvertedBottleneckBlock

from training.detector.weights import ConvNorm

# Makes what follows a convolution, given its `name`: `batch_norm` or `Offset`.
Norm = Callable[..., tf_keras.layers.Layer]

_SCOPE = "FeatureExtractor/MobilenetV2"

# Stem, 17 inverted bottlenecks, last convolution: the first map is the expansion inside the 14th bottleneck, the last
# place with stride 16; the second is the last convolution, stride 32.
_EXPANSION_MAP_BLOCK = 14

# Depths of the extra maps, each half the size of the map before it.
_EXTRA_DEPTHS = (512, 256, 256, 128)
_MIN_DEPTH = 16

# Random weights begin with statistics of nothing; a quick average forgets them within a few dozen steps.
_NORM_MOMENTUM = 0.9
_NORM_EPSILON = 0.001


def batch_norm(name: str) -> tf_keras.layers.Layer:
    return tf_keras.layers.BatchNormalization(momentum=_NORM_MOMENTUM, epsilon=_NORM_EPSILON, name=name)


class Offset(tf_keras.layers.Layer):
    """[..., C] + [C]: what is left of a batch norm when the convolution before it has taken its scale and statistics.

    TensorFlow can run convolution, offset and ReLU6 as one operation, in training too; with batch norm it cannot.
    """

    def build(self, shape: tf.TensorShape) -> None:
        self.offset = self.add_weight("offset", [shape[-1]], initializer="zeros")

    def call(self, values: tf.Tensor) -> tf.Tensor:
        return tf.nn.bias_add(values, self.offset)


@dataclass(frozen=True)
class Backbone:
    """`maps`: six feature maps, the finest first, or fewer where a small input is down to 1x1 before.

    `blocks`: MobileNetV2's stem, its 17 bottlenecks and its last convolution, in order: what a recipe can freeze.
    """

    images: tf.Tensor
    maps: list[tf.Tensor]
    blocks: list[tf_keras.layers.Layer]
    conv_norms: list[ConvNorm]


def build(input_size: int, width: float, norm: Norm) -> Backbone:
    """`width`: MobileNetV2's width multiplier, of the extra maps too. Images are [B, S, S, 3] in [-1, 1]."""
    mobilenet = MobileNet(
        "MobileNetV2",
        filter_size_scale=width,
        input_specs=tf_keras.layers.InputSpec(shape=[None, input_size, input_size, 3]),
        finegrain_classification_mode=False,
    )
    blocks = [layer for layer in mobilenet.layers if isinstance(layer, Conv2DBNBlock | InvertedBottleneckBlock)]
    _set_norms(blocks, norm)
    images = tf_keras.Input([input_size, input_size, 3], name="images")
    values, maps = images, []
    for number, block in enumerate(blocks):
        if number == _EXPANSION_MAP_BLOCK:
            expansion, values = _call_with_expansion(block, values)
            maps.append(expansion)
        else:
            values = block(values)
    maps.append(values)
    conv_norms = [part for number, block in enumerate(blocks) for part in _parts(number, block, len(blocks))]
    for number, depth in enumerate(_EXTRA_DEPTHS, start=2):
        if maps[-1].shape[1] > 1:
            extra = _extra_map(maps[-1], number, depth, width, norm)
            maps.append(extra[0])
            conv_norms += extra[1]
    return Backbone(images, maps, blocks, conv_norms)


def _set_norms(blocks: list[tf_keras.layers.Layer], norm: Norm) -> None:
    for block in blocks:
        for name in ("_norm0", "_norm1", "_norm2"):
            if getattr(block, name, None) is not None:
                setattr(block, name, norm(name=name.strip("_")))


def _call_with_expansion(block: InvertedBottleneckBlock, values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The block's expanded values, which it does not give out itself, and its output. The block has no residual."""
    expansion = block._activation_layer(block._norm0(block._conv0(values)))
    filtered = block._depthwise_activation_layer(block._norm1(block._conv1(expansion)))
    return expansion, block._norm2(block._conv2(filtered))


def _parts(number: int, block: tf_keras.layers.Layer, block_count: int) -> list[ConvNorm]:
    """The convolutions of one block and their names in the source graph."""
    if isinstance(block, Conv2DBNBlock):
        scope = f"{_SCOPE}/Conv" if number == 0 else f"{_SCOPE}/Conv_1"
        return [ConvNorm(scope, block._conv0, block._norm0)]
    scope = f"{_SCOPE}/expanded_conv" + (f"_{number - 1}" if number > 1 else "")
    expand = [ConvNorm(f"{scope}/expand", block._conv0, block._norm0)] if number > 1 else []
    return [
        *expand,
        ConvNorm(f"{scope}/depthwise", block._conv1, block._norm1),
        ConvNorm(f"{scope}/project", block._conv2, block._norm2),
    ]


def conv_norm(values: tf.Tensor, conv: tf_keras.layers.Layer, scope: str, norm: Norm) -> tuple[tf.Tensor, ConvNorm]:
    """Convolution, norm and ReLU6."""
    layer = norm(name=f"{conv.name}_norm")
    return tf_keras.layers.ReLU(6.0, name=f"{conv.name}_relu")(layer(conv(values))), ConvNorm(scope, conv, layer)


def _extra_map(
    values: tf.Tensor, number: int, depth: int, width: float, norm: Norm
) -> tuple[tf.Tensor, list[ConvNorm]]:
    """Half as many channels by 1x1, half the size by a separable 3x3 with `depth` channels."""
    layers, kept = tf_keras.layers, []
    squeeze, wide = (max(int(channels * width), _MIN_DEPTH) for channels in (depth // 2, depth))
    for conv, scope in (
        (
            layers.Conv2D(squeeze, 1, use_bias=False, name=f"extra_{number}_squeeze"),
            f"layer_19_1_Conv2d_{number}_1x1_{depth // 2}",
        ),
        (
            layers.DepthwiseConv2D(3, 2, "same", use_bias=False, name=f"extra_{number}_depthwise"),
            f"layer_19_2_Conv2d_{number}_3x3_s2_{depth}_depthwise",
        ),
        (
            layers.Conv2D(wide, 1, use_bias=False, name=f"extra_{number}_project"),
            f"layer_19_2_Conv2d_{number}_3x3_s2_{depth}",
        ),
    ):
        values, part = conv_norm(values, conv, f"{_SCOPE}/{scope}", norm)
        kept.append(part)
    return values, kept
