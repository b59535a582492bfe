"""Convolutions with gradients of our own, where oneDNN's take long. What they compute is the same.

Their layers have the names and weights of Keras's own. TensorFlow runs them with offset and ReLU6 as one operation.
"""

from collections.abc import Callable

import tensorflow as tf
import tf_keras

_Gradient = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


class Conv2D(tf_keras.layers.Conv2D):
    """A convolution. Where it is 1x1, its kernel's gradient is a plain matrix product, a third faster with AVX2."""

    def convolution_op(self, inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        if self.kernel_size == self.strides == (1, 1):
            return conv_1x1(inputs, tf.convert_to_tensor(kernel))
        return super().convolution_op(inputs, kernel)


class DepthwiseConv2D(tf_keras.layers.DepthwiseConv2D):
    """A depthwise convolution. With a stride, its input's gradient is computed in float32.

    In bfloat16, oneDNN goes through that channel by channel, which takes twenty times longer.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        if self.strides == (1, 1) or inputs.dtype == tf.float32:
            return super().call(inputs)
        return _strided(inputs, tf.convert_to_tensor(self.depthwise_kernel), self.strides)


def conv_1x1(values: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
    """[B, H, W, in] and [1, 1, in, out] -> [B, H, W, out]."""
    # bfloat16 has routines as fast as the product, and they sum the offset's gradient on the way.
    return _conv_1x1(values, kernel) if values.dtype == tf.float32 else tf.nn.conv2d(values, kernel, 1, "SAME")


@tf.custom_gradient
def _conv_1x1(values: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, _Gradient]:
    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        _, _, depth, new_depth = kernel.shape
        to_values = tf.raw_ops.Conv2DBackpropInput(
            input_sizes=tf.shape(values), filter=kernel, out_backprop=upstream, strides=[1, 1, 1, 1], padding="SAME"
        )
        rows, new_rows = tf.reshape(values, [-1, depth]), tf.reshape(upstream, [-1, new_depth])
        return to_values, tf.reshape(tf.linalg.matmul(rows, new_rows, transpose_a=True), kernel.shape)

    return tf.nn.conv2d(values, kernel, 1, "SAME"), gradient


def _strided(values: tf.Tensor, kernel: tf.Tensor, strides: tuple[int, int]) -> tf.Tensor:
    options = {"strides": [1, *strides, 1], "padding": "SAME"}

    @tf.custom_gradient
    def convolve(values: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, _Gradient]:
        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            to_values = tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
                input_sizes=tf.shape(values),
                filter=tf.cast(kernel, tf.float32),
                out_backprop=tf.cast(upstream, tf.float32),
                **options,
            )
            to_kernel = tf.raw_ops.DepthwiseConv2dNativeBackpropFilter(
                input=values, filter_sizes=kernel.shape, out_backprop=upstream, **options
            )
            return tf.cast(to_values, values.dtype), to_kernel

        return tf.nn.depthwise_conv2d(values, kernel, **options), gradient

    return convolve(values, kernel)
