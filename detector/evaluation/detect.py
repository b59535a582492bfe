"""What a detector finds on pictures: boxes after non-maximum suppression."""

import numpy as np
import tensorflow as tf

from detector.frames import targets
from detector.network import Detector

MAX_DETECTIONS = 100
NMS_IOU = 0.6


def detect(
    detector: Detector, images: tf.Tensor, max_detections: int = MAX_DETECTIONS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find objects in images, float32 [B, S, S, 3] in [-1, 1].

    Returns boxes [B, K, 4] of (ymin, xmin, ymax, xmax) as fractions, scores [B, K] and class ids from 0 [B, K], the
    best first. K is `max_detections`; places without a detection have score 0.
    """
    found = suppress(detector, detector.network(images, training=False), max_detections)
    return tuple(part.numpy() for part in found)


def suppress(
    detector: Detector, outputs: dict[str, tf.Tensor], max_detections: int
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Decode the network's outputs and drop, label by label, what overlaps a better box. Returns as `detect`."""
    corners = targets.corners(detector.anchors)
    boxes = targets.decode(outputs["boxes"], corners, detector.box_scales)
    found = tf.image.combined_non_max_suppression(
        boxes[:, :, tf.newaxis],
        tf.sigmoid(outputs["scores"]),
        max_output_size_per_class=max_detections,
        max_total_size=max_detections,
        iou_threshold=NMS_IOU,
        score_threshold=1e-4,
    )
    return found.nmsed_boxes, found.nmsed_scores, tf.cast(found.nmsed_classes, tf.int32)
