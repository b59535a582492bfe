"""The convolutions that networks are made of, each under its name among the starting weights."""

from dataclasses import dataclass

import tensorflow as tf
import tf_keras

from detector.model.convolutions import Conv2D, DepthwiseConv2D

# Random weights begin with statistics of nothing; a quick average forgets them within a few dozen steps.
_NORM_MOMENTUM = 0.9
NORM_EPSILON = 0.001


class Offset(tf_keras.layers.Layer):
    """[..., C] + [C]: what is left of a batch norm when the convolution before it has taken its scale and statistics.

    TensorFlow can run convolution, offset and ReLU6 as one operation, in training too; with batch norm it cannot.
    """

    def build(self, shape: tf.TensorShape) -> None:
        self.offset = self.add_weight("offset", [shape[-1]], initializer="zeros")

    def call(self, values: tf.Tensor) -> tf.Tensor:
        return tf.nn.bias_add(values, self.offset)


@dataclass(frozen=True)
class Part:
    """A convolution, plain or depthwise, under its `name` among the weights (named_weights.py).

    `norm`: what stands for the batch norm behind it; None where nothing does, or where the convolution has a bias.
    `columns`: for a score predictor the number of labels, else None.
    """

    name: str
    conv: tf_keras.layers.Layer
    norm: tf_keras.layers.Layer | None = None
    columns: int | None = None


@dataclass(frozen=True)
class Norms:
    """Chooses what stands for the batch norm of a part: an offset where `folded` has the part's name, for the weights
    of its convolution will have taken the norm in; a batch norm elsewhere."""

    folded: frozenset[str] = frozenset()

    def __call__(self, part: str, name: str) -> tf_keras.layers.Layer:
        """For the part of that name, a layer named `name`."""
        return Offset(name=name) if part in self.folded else batch_norm(name)


def batch_norm(name: str) -> tf_keras.layers.Layer:
    return tf_keras.layers.BatchNormalization(momentum=_NORM_MOMENTUM, epsilon=NORM_EPSILON, name=name)


def layer_name(part: str) -> str:
    return part.replace("/", "_")


def conv_norm(values: tf.Tensor, conv: tf_keras.layers.Layer, part: str, norms: Norms) -> tuple[tf.Tensor, Part]:
    """Convolution, norm and ReLU6."""
    norm = norms(part, f"{layer_name(part)}_norm")
    activated = tf_keras.layers.ReLU(6.0, name=f"{layer_name(part)}_relu")(norm(conv(values)))
    return activated, Part(part, conv, norm)


def conv(part: str, depth: int, size: int, stride: int = 1, **options: object) -> tf_keras.layers.Layer:
    """A convolution with `depth` channels whose kernel is size x size; without a bias, if `options` say nothing."""
    options = {"use_bias": False, **options}
    return Conv2D(depth, size, stride, "same", name=layer_name(part), **options)


def depthwise(part: str, stride: int = 1) -> tf_keras.layers.Layer:
    """A 3x3 depthwise convolution without a bias."""
    return DepthwiseConv2D(3, stride, "same", use_bias=False, name=layer_name(part))
