"""Anchors chosen by what the network says of them ("YOLOX: Exceeding YOLO Series in 2021", Ge and others, section 2.1).

A box takes the anchors that cost least, as many as their best overlaps with it add up to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

import numpy as np
import tensorflow as tf

from bench.trials import packed
from detector.contract import catalog
from detector.contract.recipe import Recipe
from detector.contract.spec import JobSpec
from detector.frames.targets import corners, decode, encode
from detector.model import anchors
from detector.network import BOX_SCALES
from detector.training import learner
from detector.training.losses import LossSums, loss_sums

# Of the overlaps that say how many anchors a box takes.
_BEST = 10
_BOX_WEIGHT, _OUTSIDE = 3.0, 1e5
# Of the maps of an input of 320 pixels.
_CELLS = {320: (20, 10, 5, 3, 2, 1)}


@contextmanager
def matching(job: JobSpec) -> Iterator[None]:
    """Let anchors be chosen so; for SSD with an input of 320 pixels."""
    size = catalog.starting_model(job.starting_model).input_size
    laid = corners(anchors.ssd(_CELLS[size]))
    with packed.batches() as patches:
        patches.enter_context(patch.object(learner, "loss_sums", partial(_loss_sums, laid)))
        yield


def _loss_sums(
    laid: np.ndarray, outputs: dict[str, tf.Tensor], boxes: tf.Tensor, classes: tf.Tensor, recipe: Recipe
) -> LossSums:
    boxes, classes = packed.unpacked(boxes, classes)
    which, matched = _assigned(laid, outputs, boxes, classes)
    wanted = encode(tf.gather(boxes, which, batch_dims=1), laid, BOX_SCALES)
    return loss_sums(
        outputs,
        tf.where(matched[..., tf.newaxis], wanted, 0.0),
        tf.where(matched, tf.gather(classes, which, batch_dims=1), 0),
        recipe,
    )


def _assigned(
    laid: np.ndarray, outputs: dict[str, tf.Tensor], boxes: tf.Tensor, classes: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Which of a frame's boxes each anchor has, int32 [B, N], and whether it has one, bool [B, N]."""
    said = tf.stop_gradient(tf.clip_by_value(outputs["boxes"], -20.0, 20.0))
    found = decode(said, laid, BOX_SCALES)
    overlaps = _overlaps(found, boxes)
    logits = tf.stop_gradient(outputs["scores"])
    wanted = tf.one_hot(classes - 1, logits.shape[-1])
    # For each anchor and box: what all scores of the anchor would cost if it had the box.
    empty = tf.reduce_sum(tf.nn.softplus(logits), -1)[..., tf.newaxis]
    of_scores = empty - tf.einsum("bnl,bml->bnm", logits, wanted)
    middles = (laid[:, :2] + laid[:, 2:]) / 2
    inside = tf.reduce_all(
        (middles[:, np.newaxis] > boxes[:, np.newaxis, :, :2]) & (middles[:, np.newaxis] < boxes[:, np.newaxis, :, 2:]),
        -1,
    )
    real = (classes > 0)[:, tf.newaxis]
    cost = of_scores - _BOX_WEIGHT * tf.math.log(overlaps + 1e-8) + tf.where(inside & real, 0.0, _OUTSIDE)
    by_box = tf.transpose(overlaps, [0, 2, 1])
    many = tf.cast(tf.reduce_sum(tf.math.top_k(by_box, _BEST).values, -1), tf.int32)
    cheapest = -tf.math.top_k(-tf.transpose(cost, [0, 2, 1]), _BEST).values
    limit = tf.gather(cheapest, tf.clip_by_value(many, 1, _BEST) - 1, batch_dims=2)
    taken = (cost <= limit[:, tf.newaxis]) & real
    cost = tf.where(taken, cost, 2 * _OUTSIDE)
    return tf.argmin(cost, -1, tf.int32), tf.reduce_any(taken, -1)


def _overlaps(found: tf.Tensor, boxes: tf.Tensor) -> tf.Tensor:
    """Of [B, N, 4] with [B, M, 4]: [B, N, M]."""
    found, boxes = found[:, :, tf.newaxis], boxes[:, tf.newaxis]
    both = tf.reduce_prod(
        tf.maximum(tf.minimum(found[..., 2:], boxes[..., 2:]) - tf.maximum(found[..., :2], boxes[..., :2]), 0.0), -1
    )
    areas = tf.reduce_prod(found[..., 2:] - found[..., :2], -1) + tf.reduce_prod(boxes[..., 2:] - boxes[..., :2], -1)
    return both / tf.maximum(areas - both, 1e-9)
