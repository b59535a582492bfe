"""What the network should say about a frame: boxes matched to anchors, and the box coder."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from official.vision.ops import box_ops
from official.vision.ops.box_matcher import BoxMatcher

from detector.network import Detector


@dataclass(frozen=True)
class Matcher:
    """`corners`: the anchors as float32 [N, 4] of (ymin, xmin, ymax, xmax). `match_iou`: see the recipe."""

    corners: np.ndarray
    box_scales: tuple[float, float, float, float]
    match_iou: float

    @classmethod
    def of(cls, detector: Detector, match_iou: float) -> "Matcher":
        return cls(corners(detector.anchors), detector.box_scales, match_iou)

    def __call__(self, boxes: tf.Tensor, classes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Match the M boxes of a frame, float32 [M, 4] as fractions, with class ids from 1, to the N anchors.

        Returns the encodings, float32 [N, 4], and the class ids, int32 [N], 0 where the anchor has no box. Each anchor
        goes to the box it overlaps most, if by `match_iou`; and each box gets the anchor that overlaps it most.
        """
        matcher = BoxMatcher([self.match_iou], [-1, 1], force_match_for_each_col=True)
        # One padding box of no size, which matches nothing, for frames without boxes.
        which, indicators = matcher(iou(tf.constant(self.corners), boxes))
        matched = indicators > 0
        padded_boxes = tf.concat([boxes, tf.zeros([1, 4])], axis=0)
        padded_classes = tf.concat([tf.cast(classes, tf.int32), [0]], axis=0)
        encodings = encode(tf.gather(padded_boxes, which), self.corners, self.box_scales)
        return (
            tf.where(matched[:, tf.newaxis], encodings, 0.0),
            tf.where(matched, tf.gather(padded_classes, which), 0),
        )


def corners(anchors: np.ndarray) -> np.ndarray:
    """(ycenter, xcenter, height, width) -> (ymin, xmin, ymax, xmax)."""
    half = anchors[:, 2:] / 2
    return np.concatenate([anchors[:, :2] - half, anchors[:, :2] + half], axis=1)


def iou(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    """Intersection over union of each of [N, 4] with each of [M, 4]: [N, M]."""
    overlap = tf.maximum(
        tf.minimum(first[:, tf.newaxis, 2:], second[:, 2:]) - tf.maximum(first[:, tf.newaxis, :2], second[:, :2]), 0.0
    )
    both = tf.reduce_prod(overlap, axis=-1)
    areas = [tf.reduce_prod(boxes[:, 2:] - boxes[:, :2], axis=-1) for boxes in (first, second)]
    return both / (areas[0][:, tf.newaxis] + areas[1] - both)


def encode(boxes: tf.Tensor, anchor_corners: tf.Tensor, scales: tuple[float, ...]) -> tf.Tensor:
    """Boxes [..., N, 4] of corners -> (ty, tx, th, tw) relative to the anchors, multiplied by the scales."""
    return box_ops.encode_boxes(boxes, tf.constant(anchor_corners), list(scales))


def decode(encodings: tf.Tensor, anchor_corners: tf.Tensor, scales: tuple[float, ...]) -> tf.Tensor:
    """The inverse of `encode`."""
    return box_ops.decode_boxes(encodings, tf.constant(anchor_corners), list(scales))
