"""Anchors chosen by the statistics of their overlaps ("Bridging the Gap Between Anchor-based and Anchor-free Detection
via Adaptive Training Sample Selection", Zhang and others, 2020)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
import tensorflow as tf

from detector.contract.spec import JobSpec
from detector.frames.targets import Matcher, corners, encode, iou
from detector.network import Detector
from detector.training import train

# Anchors of a map that are looked at for each box.
_CLOSEST = 9


def matching(job: JobSpec) -> AbstractContextManager[Any]:
    """Let anchors be chosen so."""
    return patch.object(train, "Matcher", StatisticsMatcher)


@dataclass(frozen=True)
class StatisticsMatcher(Matcher):
    """`maps`: how many anchors each map has."""

    maps: tuple[int, ...] = ()

    @classmethod
    def of(cls, detector: Detector, match_iou: float) -> "StatisticsMatcher":
        of_maps = detector.network.get_layer("boxes").input
        maps = tuple(int(values.shape[1]) for values in of_maps)
        return cls(corners(detector.anchors), detector.box_scales, match_iou, maps)

    def __call__(self, boxes: tf.Tensor, classes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """As Matcher does, but an anchor has the box it overlaps most among those that chose it."""
        # A box of no size at the end, which nothing chooses, for frames without boxes.
        boxes = tf.concat([boxes, tf.zeros([1, 4])], 0)
        classes = tf.concat([tf.cast(classes, tf.int32), [0]], 0)
        overlaps = iou(tf.constant(self.corners), boxes)
        chosen = tf.where(self._chosen(overlaps, boxes), overlaps, -1.0)
        # Each box has the anchor that overlaps it most in any case.
        best = tf.equal(overlaps, tf.reduce_max(overlaps, 0)) & (overlaps > 0)
        chosen = tf.where(best, overlaps + 1.0, chosen)
        which, matched = tf.argmax(chosen, 1), tf.reduce_max(chosen, 1) > 0
        encodings = encode(tf.gather(boxes, which), self.corners, self.box_scales)
        return (
            tf.where(matched[:, tf.newaxis], encodings, 0.0),
            tf.where(matched, tf.gather(classes, which), 0),
        )

    def _chosen(self, overlaps: tf.Tensor, boxes: tf.Tensor) -> tf.Tensor:
        """Which anchors each box chooses: bool [N, M]."""
        middles = tf.constant((self.corners[:, :2] + self.corners[:, 2:]) / 2)
        of_boxes = (boxes[:, :2] + boxes[:, 2:]) / 2
        distances = tf.reduce_sum((middles[:, tf.newaxis] - of_boxes) ** 2, -1)
        looked_at = []
        for begin, count in zip(np.cumsum((0, *self.maps)), self.maps, strict=False):
            of_map = distances[begin : begin + count]
            farthest = -tf.math.top_k(-tf.transpose(of_map), min(_CLOSEST, count)).values[:, -1]
            looked_at.append(of_map <= farthest)
        candidates = tf.cast(tf.concat(looked_at, 0), tf.float32)
        count = tf.reduce_sum(candidates, 0)
        mean = tf.reduce_sum(overlaps * candidates, 0) / count
        deviation = tf.sqrt(tf.reduce_sum((overlaps - mean) ** 2 * candidates, 0) / count)
        inside = tf.reduce_all((middles[:, tf.newaxis] > boxes[:, :2]) & (middles[:, tf.newaxis] < boxes[:, 2:]), -1)
        return (candidates > 0) & inside & (overlaps >= mean + deviation)
