"""SSD's loss: focal loss on every anchor's scores, smooth L1 on the boxes of the anchors that have one."""

from dataclasses import dataclass

import tensorflow as tf
import tf_keras
from official.vision.losses.focal_loss import FocalLoss

from detector.contract.recipe import Recipe


@dataclass(frozen=True)
class LossSums:
    """Sums over a batch of `classification` and `localization`, and the number of anchors `matched` to a box."""

    classification: tf.Tensor
    localization: tf.Tensor
    matched: tf.Tensor


def loss_sums(outputs: dict[str, tf.Tensor], encodings: tf.Tensor, classes: tf.Tensor, recipe: Recipe) -> LossSums:
    """`outputs`: of the network. `encodings` [B, N, 4] and `classes` [B, N]: of the matcher, 0 for no box."""
    none = tf_keras.losses.Reduction.NONE
    wanted = tf.one_hot(classes - 1, outputs["scores"].shape[-1])
    focal = FocalLoss(recipe.focal_alpha, recipe.focal_gamma, reduction=none)(wanted, outputs["scores"])
    # Keras averages over the last axis, which is the labels' in one and the four numbers of a box in the other.
    smooth_l1 = 4 * tf_keras.losses.huber(encodings, outputs["boxes"], delta=1.0)
    matched = tf.cast(classes > 0, tf.float32)
    return LossSums(
        classification=tf.reduce_sum(focal),
        localization=recipe.box_weight * tf.reduce_sum(smooth_l1 * matched),
        matched=tf.reduce_sum(matched),
    )


def weight_decay_loss(variables: list[tf.Variable], factor: float) -> tf.Tensor:
    """L2 of the kernels; biases and the numbers of batch norm are left free."""
    kernels = [variable for variable in variables if "kernel" in variable.name]
    return factor * tf.add_n([tf.nn.l2_loss(kernel) for kernel in kernels])
