"""Training with several input sizes in turn, as YOLOv2 has it (Redmon and Farhadi, 2017): the weights fit them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import tensorflow as tf
import tf_keras

from bench.trials import packed
from detector.contract.recipe import Recipe
from detector.contract.spec import JobSpec
from detector.frames.targets import Matcher
from detector.network import Detector, build
from detector.training import train
from detector.training.learner import Batch, Learner, Losses
from detector.training.losses import loss_sums, weight_decay_loss


@contextmanager
def in_turn(value: list[Any], job: JobSpec) -> Iterator[None]:
    """`value`: the sizes in pixels, and the part of the job in which they take turns, e.g. [[288, 320, 384], 0.8].

    Sizes with as many maps as the detector has: below 288, SSD has fewer.
    """
    sizes, part = value
    with packed.batches() as patches:
        patches.enter_context(patch.object(train, "Learner", _learner(sizes, int(part * job.steps))))
        yield


def _learner(sizes: list[int], last: int) -> type[Learner]:
    class OfSizes(Learner):
        """Takes a size for each step in turn up to the `last` one, then the detector's own."""

        def __init__(self, detector: Detector, recipe: Recipe, *rest: Any, **named: Any) -> None:
            super().__init__(detector, recipe, *rest, **named)
            self._of_size = {size: _resized(detector, size, recipe) for size in {*sizes, detector.input_size}}
            self._steps = {size: self._step(size) for size in self._of_size}
            self._own = detector.input_size

        def learn(self, batch: Batch) -> Losses:
            size = sizes[self.step % len(sizes)] if self.step < last else self._own
            return Losses(*(float(loss) for loss in self._steps[size](*batch)))

        def _step(self, size: int) -> Any:
            network, matcher = self._of_size[size]
            variables = network.trainable_variables

            @tf.function(autograph=False)
            def step(images: tf.Tensor, boxes: tf.Tensor, classes: tf.Tensor) -> list[tf.Tensor]:
                images = tf.image.resize(images, [size, size], antialias=True)
                encodings, classes = _matched(matcher, boxes, classes)
                if network is not self._network:
                    for variable, own in zip(network.variables, self._network.variables, strict=True):
                        variable.assign(own)
                with tf.GradientTape(watch_accessed_variables=False) as tape:
                    tape.watch(variables)
                    sums = loss_sums(network(images, training=True), encodings, classes, self._recipe)
                    matched = tf.maximum(sums.matched, 1.0)
                    decay = weight_decay_loss(variables, self._recipe.weight_decay)
                    losses = [sums.classification / matched, sums.localization / matched, decay]
                    total = tf.add_n(losses)
                gradients = tape.gradient(total, variables)
                self._optimizer.apply_gradients(zip(gradients, self._variables, strict=True))
                return losses

            return step

        @tf.function(reduce_retracing=True, autograph=False)
        def _evaluate(self, images: tf.Tensor, boxes: tf.Tensor, classes: tf.Tensor) -> Any:
            network, matcher = self._of_size[self._own]
            outputs = network(images, training=False)
            sums = loss_sums(outputs, *_matched(matcher, boxes, classes), self._recipe)
            matched = tf.maximum(sums.matched, 1.0)
            losses = [sums.classification / matched, sums.localization / matched, tf.constant(0.0)]
            return outputs, losses, sums.matched

    return OfSizes


def _matched(matcher: Matcher, boxes: tf.Tensor, classes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """What the anchors of a size should say, of a packed batch."""
    boxes, classes = packed.unpacked(boxes, classes)

    def one(frame: tuple[tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
        real = frame[1] > 0
        return matcher(tf.boolean_mask(frame[0], real), tf.boolean_mask(frame[1], real))

    anchors = len(matcher.corners)
    kinds = (tf.TensorSpec([anchors, 4], tf.float32), tf.TensorSpec([anchors], tf.int32))
    return tf.map_fn(one, (boxes, classes), fn_output_signature=kinds)


def _resized(detector: Detector, size: int, recipe: Recipe) -> tuple[tf_keras.Model, Matcher]:
    """A network for another input, whose weights are the detector's before each step, and what matches boxes to it."""
    if size == detector.input_size:
        return detector.network, Matcher.of(detector, recipe.match_iou)
    model = replace(detector.starting_model, input_size=size)
    laid = build(model, detector.label_count, detector.precision, detector.weights)
    for block in laid.blocks[: recipe.frozen_blocks]:
        block.trainable = False
    return laid.network, Matcher.of(laid, recipe.match_iou)
