"""What a detector finds on frames: boxes after non-maximum suppression, and what they are worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from detector.evaluation import coco_metrics, matching
from detector.evaluation.coco_metrics import LabelPrecision
from detector.evaluation.matching import Matched
from detector.evaluation.objects import Detected, Truth
from detector.model import targets
from detector.model.network import Detector
from detector.training.learner import Learner, Losses

MAX_DETECTIONS = 100
NMS_IOU = 0.6


@dataclass(frozen=True)
class Evaluation:
    """`metrics`: COCO's and the losses, by their names. `precisions`: of each label. `matched`: what was found beside
    what is labelled, frame by frame, in the order of the shards."""

    metrics: dict[str, float]
    precisions: list[LabelPrecision]
    matched: list[Matched]


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


def evaluate(
    learner: Learner,
    detector: Detector,
    batches: tf.data.Dataset,
    truths: Sequence[Truth],
    stopped: Callable[[], bool],
) -> Evaluation | None:
    """Metrics and detections on the evaluation frames; None when `stopped` says so on the way."""
    detected: list[Detected] = []
    weighted: list[tuple[Losses, float]] = []
    for batch in batches:
        if stopped():
            return None
        outputs, losses, matched = learner.evaluate(batch)
        detected += _frame_by_frame(*suppress(detector, outputs, MAX_DETECTIONS))
        weighted.append((losses, matched))
    measured = coco_metrics.measure(truths, detected, detector.label_count)
    metrics = measured.metrics | loss_metrics(_mean(weighted))
    return Evaluation(metrics, measured.labels, matching.match_all(truths, detected))


def loss_metrics(losses: Losses) -> dict[str, float]:
    """The losses by the names of the Object Detection API."""
    return {
        "Loss/classification_loss": losses.classification,
        "Loss/localization_loss": losses.localization,
        "Loss/regularization_loss": losses.regularization,
        "Loss/total_loss": losses.total,
    }


def _mean(weighted: Sequence[tuple[Losses, float]]) -> Losses:
    """The losses over all batches, each by its number of anchors with a box (at least one, as in the loss)."""
    weights = [max(matched, 1.0) for _, matched in weighted]
    parts = np.array([[loss.classification, loss.localization, loss.regularization] for loss, _ in weighted])
    return Losses(*(float(value) for value in np.average(parts, axis=0, weights=weights)))


def _frame_by_frame(boxes: tf.Tensor, scores: tf.Tensor, classes: tf.Tensor) -> list[Detected]:
    return [
        Detected(*(values[found > 0] for values in (box, found, label)))
        for box, found, label in zip(boxes.numpy(), scores.numpy(), classes.numpy(), strict=True)
    ]
