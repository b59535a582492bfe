"""Other losses: of boxes by their overlap, of scores by how good the box is."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Literal
from unittest.mock import patch

import tensorflow as tf
import tf_keras
from official.vision.losses.focal_loss import FocalLoss

from detector.contract.recipe import Recipe
from detector.contract.spec import JobSpec
from detector.network import BOX_SCALES
from detector.training import learner
from detector.training.losses import LossSums

Boxes = Literal["l1", "giou"]
Scores = Literal["focal", "quality", "half quality", "varifocal"]
_QUALITY_POWER = 2.0


def chosen(value: tuple[Boxes, Scores], job: JobSpec) -> AbstractContextManager[Any]:
    """`value`: how boxes and scores are compared, e.g. ["giou", "focal"]."""
    return patch.object(learner, "loss_sums", partial(_loss_sums, *value))


def _loss_sums(
    boxes: Boxes,
    scores: Scores,
    outputs: dict[str, tf.Tensor],
    encodings: tf.Tensor,
    classes: tf.Tensor,
    recipe: Recipe,
) -> LossSums:
    """As detector.training.losses.loss_sums, with other losses."""
    matched = tf.cast(classes > 0, tf.float32)
    # Where an anchor has no box nothing may overflow, for 0 times infinity would be no number.
    found = tf.where(matched[..., tf.newaxis] > 0, outputs["boxes"], 0.0)
    overlap, generalized = overlaps(found, encodings)
    smooth_l1 = 4 * tf_keras.losses.huber(encodings, outputs["boxes"], delta=1.0)
    of_boxes = smooth_l1 if boxes == "l1" else 1 - generalized
    wanted = tf.one_hot(classes - 1, outputs["scores"].shape[-1])
    of_scores = _of_scores(scores, wanted, tf.stop_gradient(overlap), outputs["scores"], recipe)
    return LossSums(
        tf.reduce_sum(of_scores), recipe.box_weight * tf.reduce_sum(of_boxes * matched), tf.reduce_sum(matched)
    )


def _of_scores(kind: Scores, wanted: tf.Tensor, overlap: tf.Tensor, logits: tf.Tensor, recipe: Recipe) -> tf.Tensor:
    """Quality: "Generalized Focal Loss" (2020). Varifocal: "VarifocalNet" (2021). [B, N, L]."""
    if kind == "focal":
        none = tf_keras.losses.Reduction.NONE
        return FocalLoss(recipe.focal_alpha, recipe.focal_gamma, reduction=none)(wanted, logits)
    quality = overlap[..., tf.newaxis] * wanted
    if kind == "half quality":
        quality = (quality + wanted) / 2
    said = tf.sigmoid(logits)
    plain = tf.nn.sigmoid_cross_entropy_with_logits(quality, logits)
    alpha = recipe.focal_alpha
    if kind == "varifocal":
        return plain * tf.where(wanted > 0, quality * alpha, (1 - alpha) * said**recipe.focal_gamma)
    return plain * tf.abs(quality - said) ** _QUALITY_POWER * tf.where(wanted > 0, alpha, 1 - alpha)


def overlaps(first: tf.Tensor, second: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Two encodings [..., 4] of the same anchors: their overlap, and the generalized one (GIoU, 2019), [...]."""
    (low, high), (other_low, other_high) = _corners(first), _corners(second)
    both = tf.reduce_prod(tf.maximum(tf.minimum(high, other_high) - tf.maximum(low, other_low), 0.0), -1)
    areas = tf.reduce_prod(high - low, -1) + tf.reduce_prod(other_high - other_low, -1) - both
    around = tf.reduce_prod(tf.maximum(high, other_high) - tf.minimum(low, other_low), -1)
    overlap = both / tf.maximum(areas, 1e-9)
    return overlap, overlap - (around - areas) / tf.maximum(around, 1e-9)


def _corners(encodings: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """As if the anchor were a unit square about 0: the overlap is the same."""
    scales = tf.constant(BOX_SCALES)
    middle = encodings[..., :2] / scales[:2]
    sides = tf.exp(tf.clip_by_value(encodings[..., 2:] / scales[2:], -4.0, 4.0))
    return middle - sides / 2, middle + sides / 2
