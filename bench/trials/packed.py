"""Batches that carry the boxes themselves instead of what the anchors should say, for trials that match later."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import tensorflow as tf

from detector.frames.inputs import Frames
from detector.frames.targets import Matcher
from detector.network import Detector
from detector.training import train
from detector.training.label_columns import start_labels

# Boxes of a frame at most.
MOST = 64


@dataclass(frozen=True)
class Packer(Matcher):
    """Puts a frame's boxes and classes in the first rows of what a matcher gives, zeros behind them."""

    def __call__(self, boxes: tf.Tensor, classes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        rows = len(self.corners)
        missing = rows - tf.shape(boxes)[0]
        return (
            tf.ensure_shape(tf.pad(boxes, [[0, missing], [0, 0]]), [rows, 4]),
            tf.ensure_shape(tf.pad(tf.cast(classes, tf.int32), [[0, missing]]), [rows]),
        )


@contextmanager
def batches() -> Iterator[ExitStack]:
    """Let the trainer's batches be packed; what its labels start from is chosen as ever. Gives a stack for more."""

    def with_matches(detector: Detector, training: Frames, packer: Matcher) -> Detector:
        return start_labels(detector, training, Matcher(packer.corners, packer.box_scales, packer.match_iou))

    with ExitStack() as patches:
        patches.enter_context(patch.object(train, "Matcher", Packer))
        patches.enter_context(patch.object(train, "start_labels", with_matches))
        yield patches


def unpacked(boxes: tf.Tensor, classes: tf.Tensor) -> tuple[Any, Any]:
    """The boxes of a packed batch, [B, MOST, 4], and their classes, [B, MOST], 0 where there is none."""
    return boxes[:, :MOST], classes[:, :MOST]
