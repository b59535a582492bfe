"""Quantization-aware training: kernels and activations are rounded as int8 will round them ("Quantization and Training
of Neural Networks for Efficient Integer-Arithmetic-Only Inference", Jacob and others, 2018)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import tensorflow as tf
import tf_keras

from detector.contract.spec import JobSpec
from detector.model import convolutions
from detector.training.finish import Finisher
from detector.training.learner import Batch, Learner, Losses

_HIGHEST = 6.0


@contextmanager
def at_the_end(steps: int, job: JobSpec) -> Iterator[None]:
    """`steps`: the last ones, in which the network rounds."""
    rounds = tf.Variable(0.0, trainable=False)
    learn, convolve = Learner.learn, convolutions.Conv2D.convolution_op
    activate, export = tf_keras.layers.ReLU.call, Finisher.export
    in_training = True

    def learned(self: Learner, batch: Batch) -> Losses:
        rounds.assign(float(self.step >= job.steps - steps))
        return learn(self, batch)

    def convolved(self: convolutions.Conv2D, inputs: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        return convolve(self, inputs, _mixed(rounds, kernel, _kernel(kernel)) if in_training else kernel)

    def activated(self: tf_keras.layers.ReLU, inputs: tf.Tensor) -> tf.Tensor:
        values = activate(self, inputs)
        if not in_training:
            return values
        whole = tf.cast(values, tf.float32)
        rounded = tf.quantization.fake_quant_with_min_max_args(whole, 0.0, _HIGHEST)
        return tf.cast(_mixed(rounds, whole, rounded), values.dtype)

    def exported(self: Finisher, folder: Path) -> int:
        """What is exported is rounded by its own calibration."""
        nonlocal in_training
        in_training = False
        return export(self, folder)

    with ExitStack() as patches:
        for owner, name, value in (
            (Learner, "learn", learned),
            (Finisher, "export", exported),
            (convolutions.Conv2D, "convolution_op", convolved),
            (tf_keras.layers.ReLU, "call", activated),
        ):
            patches.enter_context(patch.object(owner, name, value))
        yield


def _kernel(kernel: Any) -> tf.Tensor:
    """A kernel [..., D] as int8 with a scale for each of its channels keeps it."""
    whole = tf.cast(tf.convert_to_tensor(kernel), tf.float32)
    farthest = tf.reduce_max(tf.abs(whole), [0, 1, 2]) + 1e-9
    return tf.quantization.fake_quant_with_min_max_vars_per_channel(whole, -farthest, farthest, narrow_range=True)


def _mixed(rounds: tf.Variable, exact: Any, rounded: tf.Tensor) -> tf.Tensor:
    exact = tf.convert_to_tensor(exact)
    share = tf.cast(rounds, tf.float32)
    return tf.cast((1 - share) * tf.cast(exact, tf.float32) + share * rounded, exact.dtype)
