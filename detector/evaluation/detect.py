"""What a detector finds on pictures: boxes after non-maximum suppression."""

import numpy as np
import tensorflow as tf

from detector.contract.suppression import OF_COCO, Suppression
from detector.frames import targets
from detector.network import Detector


def detect(
    detector: Detector, images: tf.Tensor, suppression: Suppression = OF_COCO
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find objects in images, float32 [B, S, S, 3] in [-1, 1].

    Returns boxes [B, K, 4] of (ymin, xmin, ymax, xmax) as fractions, scores [B, K] and class ids from 0 [B, K], the
    best first. K is the suppression's `max_detections`; places without a detection have score 0.
    """
    found = suppress(*decoded(detector, detector.network(images, training=False)), suppression)
    return tuple(part.numpy() for part in found)


def decoded(detector: Detector, outputs: dict[str, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
    """All boxes [B, N, 4] and scores [B, N, L] of the network's outputs."""
    corners = targets.corners(detector.anchors)
    boxes = targets.decode(outputs["boxes"], corners, detector.box_scales)
    return boxes, tf.sigmoid(outputs["scores"])


def suppress(boxes: tf.Tensor, scores: tf.Tensor, suppression: Suppression) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Drop, label by label, what overlaps a better box. Takes what `decoded` gives, and returns as `detect`."""
    found = tf.image.combined_non_max_suppression(
        boxes[:, :, tf.newaxis],
        scores,
        max_output_size_per_class=suppression.max_detections,
        max_total_size=suppression.max_detections,
        iou_threshold=suppression.iou,
        score_threshold=suppression.min_score,
    )
    return found.nmsed_boxes, found.nmsed_scores, tf.cast(found.nmsed_classes, tf.int32)
