"""What to train on. CPU, GPU and TPU differ here and nowhere else."""

import os
from dataclasses import dataclass

import tensorflow as tf

from detector.contract.catalog import Accelerator
from detector.contract.failure import Cause, TrainingFailed
from detector.contract.recipe import Precision
from machine import processors

# A processor with one of these multiplies bfloat16 numbers; any other would only imitate it, slowly.
_BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}


@dataclass(frozen=True)
class Equipment:
    accelerator: Accelerator
    devices: int


def detect() -> Equipment:
    """The best accelerator of this machine: a TPU, else its GPUs, else the CPU. Starts none of them."""
    if _has_tpu():
        return Equipment("tpu", len(tf.config.list_physical_devices("TPU")) or 1)
    gpus = len(tf.config.list_physical_devices("GPU"))
    return Equipment("gpu", gpus) if gpus else Equipment("cpu", 1)


def precision(device: str) -> Precision:
    """What the network computes in on `device`: auto, cpu, gpu or tpu. Its weights are float32 everywhere."""
    if device == "auto":
        device = detect().accelerator
    return "bfloat16" if device == "cpu" and _BFLOAT16_FLAGS & processors.flags() else "float32"


def strategy(device: str, devices: int) -> tf.distribute.Strategy:
    """How to train on `device`: auto, cpu, gpu or tpu. All GPUs or TPU cores of the machine are used.

    `devices`: how many logical devices a CPU is split into; to be set before TensorFlow does anything else.
    Raises TrainingFailed when the machine has no such device.
    """
    if device == "auto":
        device = detect().accelerator
    if device == "tpu":
        return _tpu_strategy()
    if device == "gpu":
        if not tf.config.list_physical_devices("GPU"):
            raise TrainingFailed(Cause.NO_GPU)
        return tf.distribute.MirroredStrategy()
    tf.config.set_visible_devices([], "GPU")
    if devices == 1:
        return tf.distribute.OneDeviceStrategy("CPU:0")
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * devices)
    return tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(devices)])


def _has_tpu() -> bool:
    """TensorFlow for TPUs lists them; a TPU that is reached over the network is named by the environment."""
    return bool(tf.config.list_physical_devices("TPU")) or "TPU_NAME" in os.environ


def _tpu_strategy() -> tf.distribute.Strategy:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver.connect()
    except (ValueError, tf.errors.OpError) as error:
        raise TrainingFailed(Cause.NO_TPU) from error
    return tf.distribute.TPUStrategy(resolver)
