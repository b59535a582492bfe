"""What a detector in training finds on the evaluation frames, and what that is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from detector.contract.suppression import OF_COCO
from detector.evaluation import coco_metrics, matching
from detector.evaluation.coco_metrics import LabelPrecision
from detector.evaluation.detect import decoded, suppress
from detector.evaluation.matching import Matched
from detector.frames.objects import Detected, Truth
from detector.network import Detector
from detector.training.learner import Learner, Losses


@dataclass(frozen=True)
class Evaluation:
    """`metrics`: COCO's and the losses, by their names. `precisions`: of each label. `matched`: what was found beside
    what is labeled, frame by frame, in the order of the shards."""

    metrics: dict[str, float]
    precisions: list[LabelPrecision]
    matched: list[Matched]


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
        detected += _frame_by_frame(*suppress(*decoded(detector, outputs), OF_COCO))
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
