"""Which of a source's score columns each label starts from: those that rank its boxes best on the training frames."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf
import tf_keras
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.targets import Matcher
from detector.model.parts import Part
from detector.network import Detector
from detector.weights import named_weights
from detector.weights.named_weights import Weights

# A look at more frames costs seconds before the first step, and chooses the same.
MOST_FRAMES = 64
_BATCH = 16
# Of each label: more than one, so that a lucky one does not decide alone.
COLUMNS_A_LABEL = 3

Columns = tuple[tuple[int, ...], ...]


def start_labels(detector: Detector, training: Frames, matcher: Matcher) -> Detector:
    """Let each label start from score columns of its own, chosen on the training frames. Returns the detector anew.

    Where the weights have no score columns, or too few for that, all labels stay as they are.
    """
    if detector.weights.start != "everything" or len(detector.weights.score_columns) < 2 * detector.label_count:
        return detector
    columns = choose(_gains(detector, training, matcher), detector.weights.score_columns)
    weights = replace(detector.weights, label_columns=columns)
    named_weights.fill([part for part in detector.parts if part.columns is not None], weights)
    return replace(detector, weights=weights)


def choose(gains: NDArray[np.float64], columns: Sequence[int]) -> Columns:
    """Choose up to COLUMNS_A_LABEL columns for each label, so that no two labels share one and the gains are highest.

    Args:
        gains: of each label by each column, [L, C]. A label that has none, for it's on no frame, has zeros.
        columns: what they are called, [C], at least as many as labels.

    Returns the columns of each label, the best first.
    """
    free = gains.copy()
    chosen: list[list[int]] = [[] for _ in gains]
    for _ in range(min(COLUMNS_A_LABEL, len(columns) // len(gains))):
        for label, place in zip(*linear_sum_assignment(free, maximize=True), strict=True):
            chosen[label].append(columns[place])
            free[:, place] = -1.0
    return tuple(tuple(of_label) for of_label in chosen)


def frame_gains(scores: NDArray[np.float32], classes: NDArray[np.int32], labels: int) -> NDArray[np.float64]:
    """Say how high each column ranks the anchors of each label above the other anchors of one frame.

    An anchor's gain is 1 / log2(1 + rank), by the rank that it has among the anchors without its label ("Cumulated
    Gain-Based Evaluation of IR Techniques", 2002).

    Args:
        scores: of each anchor by each column, [N, C]. Only their order counts.
        classes: of each anchor, [N], from 1, 0 where it has no box.
        labels: how many there are.

    Returns the sums over the anchors of a label, [L, C].
    """
    gains = np.zeros((labels, scores.shape[1]))
    for label in np.unique(classes[classes > 0]):
        own, others = scores[classes == label], np.sort(scores[classes != label], axis=0)
        for column in range(scores.shape[1]):
            above = len(others) - np.searchsorted(others[:, column], own[:, column], side="left")
            gains[label - 1, column] = (1 / np.log2(2.0 + above)).sum()
    return gains


def _gains(detector: Detector, training: Frames, matcher: Matcher) -> NDArray[np.float64]:
    """The mean gain of each label by each score column of the weights, [L, C]; 0 for labels without an anchor."""
    labels = detector.label_count
    sums, counts = np.zeros((labels, len(detector.weights.score_columns))), np.zeros((labels, 1))
    read = _reader(detector)
    for images, _, classes in inputs.unchanged_batches(training, _BATCH, matcher, training.step_for(MOST_FRAMES)):
        for scores, of_anchors in zip(read(images).numpy(), classes.numpy(), strict=True):
            sums += frame_gains(scores, of_anchors, labels)
            counts += np.bincount(of_anchors, minlength=labels + 1)[1:, np.newaxis]
    return sums / np.maximum(counts, 1)


def _reader(detector: Detector) -> Callable[[tf.Tensor], tf.Tensor]:
    """What gives, for images [B, S, S, 3], what each score column of the weights says of each anchor: [B, N, C]."""
    predictors = [part for part in detector.parts if part.columns is not None]
    calls = [(part, place) for part in predictors for place in range(len(part.conv.inbound_nodes))]
    features = tf_keras.Model(detector.network.input, [part.conv.get_input_at(place) for part, place in calls])
    # Of any number of images, or the last few would cost a graph of their own.
    images_of_any_number = tf.TensorSpec([None, *detector.network.input_shape[1:]], tf.float32)

    @tf.function(input_signature=[images_of_any_number], autograph=False)
    def read(images: tf.Tensor) -> tf.Tensor:
        values = zip(calls, features(images, training=False), strict=True)
        return tf.concat([_scores(of_map, part, detector.weights) for (part, _), of_map in values], axis=1)

    return read


def _scores(values: tf.Tensor, part: Part, weights: Weights) -> tf.Tensor:
    """A predictor's score columns for a map [B, H, W, D]: [B, anchors, C]."""
    filters, biases = (
        weights.values[f"{part.name}/{name}"].reshape(*shape, -1, weights.classes)[..., list(weights.score_columns)]
        for name, shape in (("kernel", part.conv.kernel.shape[:3]), ("bias", ()))
    )
    found = tf.nn.conv2d(tf.cast(values, tf.float32), filters.reshape(*filters.shape[:3], -1), 1, "SAME")
    return tf.reshape(found + biases.reshape(-1), [tf.shape(values)[0], -1, len(weights.score_columns)])
