"""Frames for training and evaluation, from TFRecord shards of tf.Example records with the Object Detection API's names.

Frames are decoded once and kept in memory where they fit. What a training frame looks like at a position of the run is
decided by the seed and that position alone, so a run that goes on from a checkpoint sees what an unbroken one would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from official.vision.dataloaders.tf_example_decoder import TfExampleDecoder

from detector.contract.failure import Cause, TrainingFailed
from detector.contract.recipe import Recipe
from detector.frames.augment import augment
from detector.frames.objects import Truth
from detector.frames.targets import Matcher

# AutoGraph would rewrite the source of all that is called, which takes longer than training the first steps.
_without_autograph = tf.autograph.experimental.do_not_convert

# Decoded frames above this are read anew for each epoch, or for each evaluation, which come more seldom.
BYTES_IN_MEMORY = 1_500_000_000
EVALUATION_BYTES_IN_MEMORY = 200_000_000
# Records that are shuffled at a time, as JPEGs, where frames do not stay in memory.
_SHUFFLED_RECORDS = 2_000

_LABEL = "image/object/class/label"
# Where a box begins and ends, from left to right and from top to bottom.
_SIDES = [[f"image/object/bbox/{axis}{end}" for end in ("min", "max")] for axis in "xy"]


@dataclass(frozen=True)
class Frames:
    """One split of the data. `shards`: paths. `count`: frames in them. `size`: of the input's side, in pixels."""

    shards: Sequence[str]
    count: int
    size: int

    def step_for(self, at_most: int) -> int:
        """Every how many frames to take one for so many, so that they come from everywhere in the split."""
        return max(1, -(-self.count // at_most))

    def fit_into(self, memory: int) -> bool:
        """Whether they take at most so many bytes when they are decoded."""
        return self.count * self.size * self.size * 3 <= memory


def _fixed() -> tf.data.Options:
    """Without TensorFlow's tuning while it runs, whose thread waits by the time of day.

    Where the clock was set back meanwhile, the end of an iteration would wait for that thread for as long.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def check(frames: Frames, label_count: int) -> int:
    """Read all records once and return the number of boxes, without those of no area, which nothing can be learned of.

    Raises TrainingFailed when the shards cannot be read, hold another number of frames than they should, or a label
    that is not on the list.
    """
    records, boxes = 0, 0
    features = {_LABEL: tf.io.VarLenFeature(tf.int64)}
    features |= {name: tf.io.VarLenFeature(tf.float32) for side in _SIDES for name in side}
    try:
        for batch in _records(frames).batch(64):
            values = {name: found.values.numpy() for name, found in tf.io.parse_example(batch, features).items()}
            labels = values[_LABEL]
            if labels.size and not (labels.min() >= 1 and labels.max() <= label_count):
                raise TrainingFailed(Cause.UNKNOWN_LABEL)
            has_area = [np.clip(values[low], 0, 1) < np.clip(values[high], 0, 1) for low, high in _SIDES]
            records, boxes = records + len(batch), boxes + int(np.logical_and(*has_area).sum())
    except tf.errors.OpError as error:
        raise TrainingFailed(Cause.UNREADABLE, why=error.message) from error
    if records != frames.count:
        raise TrainingFailed(Cause.FRAMES_ARE_MISSING, expected=frames.count, found=records)
    return boxes


def training_batches(
    frames: Frames, batch_size: int, matcher: Matcher, recipe: Recipe, seed: int, first_step: int
) -> tf.data.Dataset:
    """Endless batches of (images [B, S, S, 3] in [-1, 1], encodings [B, N, 4], class ids [B, N]) from a step on."""
    position = first_step * batch_size

    @_without_autograph
    def prepare(number: tf.Tensor, frame: dict[str, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        draw = tf.stack([tf.constant(seed, tf.int64), number])
        image, boxes, classes = augment(frame["image"], frame["boxes"], frame["classes"], draw, recipe)
        return image, *matcher(boxes, classes)

    numbered = tf.data.Dataset.zip((tf.data.Dataset.counter(position), shuffled(frames, seed, position)))
    batches = numbered.map(prepare, tf.data.AUTOTUNE, deterministic=True).batch(batch_size, drop_remainder=True)
    return batches.prefetch(2)


def unchanged_batches(frames: Frames, batch_size: int, matcher: Matcher, step: int = 1) -> tf.data.Dataset:
    """Batches as for training, of the frames as they are: every `step`-th, once, in the order of the shards."""

    @_without_autograph
    def prepare(frame: dict[str, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        image = tf.cast(frame["image"], tf.float32) / 127.5 - 1.0
        return image, *matcher(frame["boxes"], frame["classes"])

    decoded = _records(frames).shard(step, 0).map(_decoder(frames.size), tf.data.AUTOTUNE)
    if frames.fit_into(EVALUATION_BYTES_IN_MEMORY):
        decoded = decoded.cache()
    return decoded.map(prepare, tf.data.AUTOTUNE).batch(batch_size).prefetch(1)


def truths(frames: Frames) -> list[Truth]:
    """The objects of every frame in the order of the shards, without boxes of no area, which nothing can find."""
    decode = TfExampleDecoder().decode

    @_without_autograph
    def only_truth(record: tf.Tensor) -> dict[str, tf.Tensor]:
        frame = decode(record)
        boxes = frame["groundtruth_boxes"]
        kept = _with_area(boxes)
        return {
            "height": frame["height"],
            "width": frame["width"],
            "boxes": tf.boolean_mask(boxes, kept),
            "classes": tf.boolean_mask(frame["groundtruth_classes"], kept),
        }

    return [
        Truth(int(frame["height"]), int(frame["width"]), frame["boxes"], frame["classes"] - 1)
        for frame in _records(frames).map(only_truth, tf.data.AUTOTUNE).as_numpy_iterator()
    ]


def pictures(frames: Frames, step: int) -> list[np.ndarray]:
    """Every `step`-th frame from the first one on as it is, uint8 [S, S, 3]."""
    decoded = _records(frames).shard(step, 0).map(_decoder(frames.size), tf.data.AUTOTUNE)
    return [frame["image"] for frame in decoded.as_numpy_iterator()]


def shuffled(frames: Frames, seed: int, skipped: int) -> tf.data.Dataset:
    """Endless decoded frames, in another order each epoch, without the first `skipped` ones. See `_decoder`."""
    decode = _decoder(frames.size)
    if frames.fit_into(BYTES_IN_MEMORY):
        decoded = _records(frames).map(decode, tf.data.AUTOTUNE).cache()
        return decoded.shuffle(frames.count, seed).repeat().skip(skipped)
    return _records(frames).shuffle(_SHUFFLED_RECORDS, seed).repeat().skip(skipped).map(decode, tf.data.AUTOTUNE)


def _records(frames: Frames) -> tf.data.Dataset:
    return tf.data.TFRecordDataset(list(frames.shards)).with_options(_fixed())


def _decoder(size: int) -> Callable[[tf.Tensor], dict[str, tf.Tensor]]:
    """Serialized record -> {"image": uint8 [S, S, 3], "boxes": [M, 4], "classes": [M], from 1}, no empty boxes."""
    official = TfExampleDecoder()

    @_without_autograph
    def decode(record: tf.Tensor) -> dict[str, tf.Tensor]:
        frame = official.decode(record)
        image = tf.image.resize(frame["image"], [size, size])
        boxes = tf.clip_by_value(frame["groundtruth_boxes"], 0.0, 1.0)
        kept = _with_area(boxes)
        return {
            "image": tf.cast(tf.round(image), tf.uint8),
            "boxes": tf.boolean_mask(boxes, kept),
            "classes": tf.boolean_mask(frame["groundtruth_classes"], kept),
        }

    return decode


def _with_area(boxes: tf.Tensor) -> tf.Tensor:
    """Which of the boxes [M, 4] are higher and wider than nothing: [M]."""
    return tf.reduce_all(boxes[:, 2:] > boxes[:, :2], axis=1)
