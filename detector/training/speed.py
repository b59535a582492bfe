"""How fast this machine trains, from a few real steps on made-up frames."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tensorflow as tf

from detector.contract import catalog
from detector.contract.catalog import Accelerator, StartingModel
from detector.contract.recipe import recipe
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.targets import Matcher
from detector.network import build, starting_weights
from detector.training import devices
from detector.training.learner import Learner

_MEASURED_SECONDS = 6.0
_FEWEST_STEPS = 3
# No schedule ends during a measurement.
_STEPS = 1_000_000


@dataclass(frozen=True)
class Speed:
    """What a machine needs for one training frame, in seconds, evaluations aside."""

    starting_model: str
    accelerator: Accelerator
    seconds_per_frame: float


def measure(name: str) -> Speed:
    """Train the starting model `name` for some seconds and say how fast that was.

    The first step, which builds the graph, is not counted.
    """
    model = catalog.starting_model(name)
    accelerator = devices.detect().accelerator
    batch_size = model.batch_sizes[accelerator]
    with _made_up_frames(model, batch_size) as frames:
        learner, batches = _prepared(model, batch_size, frames)
        learner.learn(next(batches))
        began, steps = time.monotonic(), 0
        while steps < _FEWEST_STEPS or time.monotonic() - began < _MEASURED_SECONDS:
            learner.learn(next(batches))
            steps += 1
        return Speed(name, accelerator, (time.monotonic() - began) / (steps * batch_size))


def _prepared(model: StartingModel, batch_size: int, frames: Frames) -> tuple[Learner, Iterator[tf.Tensor]]:
    """A learner by the default recipe, and its endless batches."""
    start = starting_weights(model)
    followed = replace(recipe(model, batch_size, start.start), precision=devices.precision("auto"))
    strategy = devices.strategy("auto", 1)
    with strategy.scope():
        detector = build(model, 1, followed.precision, start)
        learner = Learner(detector, followed, _STEPS, strategy)
    matcher = Matcher.of(detector, followed.match_iou)
    batches = inputs.training_batches(frames, batch_size, matcher, followed, seed=0, first_step=0)
    return learner, iter(strategy.experimental_distribute_dataset(batches))


@contextmanager
def _made_up_frames(model: StartingModel, count: int) -> Iterator[Frames]:
    """A shard of `count` frames of noise with one box each, for as long as it is needed."""
    noise = np.random.default_rng(0).integers(0, 256, (model.input_size, model.input_size, 3), np.uint8)
    record = _example(tf.io.encode_jpeg(noise).numpy(), model.input_size).SerializeToString()
    with tempfile.TemporaryDirectory(prefix="ftcml-speed-") as folder:
        shard = str(Path(folder) / "frames.tfrecord")
        with tf.io.TFRecordWriter(shard) as writer:
            for _ in range(count):
                writer.write(record)
        yield Frames([shard], count, model.input_size)


def _example(jpeg: bytes, size: int) -> tf.train.Example:
    """One frame with the Object Detection API's names."""
    example = tf.train.Example()
    feature = example.features.feature
    for name, number in (("height", size), ("width", size), ("object/class/label", 1)):
        feature[f"image/{name}"].int64_list.value.append(number)
    for side, place in (("xmin", 0.3), ("xmax", 0.7), ("ymin", 0.2), ("ymax", 0.8)):
        feature[f"image/object/bbox/{side}"].float_list.value.append(place)
    for name, text in (("encoded", jpeg), ("format", b"jpeg"), ("source_id", b"0"), ("object/class/text", b"noise")):
        feature[f"image/{name}"].bytes_list.value.append(text)
    return example
