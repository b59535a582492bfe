"""What a detector in training finds on the evaluation frames, and what that is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf

from detector.contract.suppression import OF_COCO, Suppression
from detector.evaluation import coco_metrics, matching, overlap_choice
from detector.evaluation.coco_metrics import LabelPrecision
from detector.evaluation.detect import decoded, suppress
from detector.evaluation.matching import Matched
from detector.frames.objects import Detected, Truth
from detector.network import Detector
from detector.training.learner import Learner, Losses


@dataclass(frozen=True)
class Evaluation:
    """`metrics`: COCO's and the losses, by their names. The rest is of what an exported file gives: `suppression`, with
    the overlap that was chosen on these frames. `precisions`: of each label. `matched`: what was found beside what is
    labeled, frame by frame, in the order of the shards."""

    metrics: dict[str, float]
    precisions: list[LabelPrecision]
    matched: list[Matched]
    suppression: Suppression


def evaluate(
    learner: Learner,
    detector: Detector,
    batches: tf.data.Dataset,
    truths: Sequence[Truth],
    suppression: Suppression,
    stopped: Callable[[], bool],
) -> Evaluation | None:
    """Metrics and detections on the evaluation frames; None when `stopped` says so on the way.

    `suppression`: of the exported file, but for the overlap.
    """
    of_coco: list[Detected] = []
    of_file: dict[float, list[Detected]] = {iou: [] for iou in overlap_choice.CHOICES}
    weighted: list[tuple[Losses, float]] = []
    for batch in batches:
        if stopped():
            return None
        outputs, losses, count = learner.evaluate(batch)
        everything = decoded(detector, outputs)
        of_coco += _frame_by_frame(*suppress(*everything, OF_COCO))
        for iou, detected in of_file.items():
            detected += _frame_by_frame(*suppress(*everything, replace(suppression, iou=iou)))
        weighted.append((losses, count))
    metrics = coco_metrics.metrics(truths, of_coco, detector.label_count) | loss_metrics(_mean(weighted))
    matched = {iou: matching.match_all(truths, detected) for iou, detected in of_file.items()}
    chosen = overlap_choice.choose(matched)
    precisions = coco_metrics.measure(truths, of_file[chosen], detector.label_count).labels
    return Evaluation(metrics, precisions, matched[chosen], replace(suppression, iou=chosen))


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
