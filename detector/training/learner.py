"""One step of training: forward, loss, backward, update, on whatever devices there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf
from official.modeling import optimization

from detector.contract.recipe import Recipe
from detector.network import Detector
from detector.training.losses import loss_sums, weight_decay_loss

Batch = tuple[tf.Tensor, tf.Tensor, tf.Tensor]


@dataclass(frozen=True)
class Losses:
    """The losses of one batch, per anchor that has a box."""

    classification: float
    localization: float
    regularization: float

    @property
    def total(self) -> float:
        return self.classification + self.localization + self.regularization


class Learner:
    """A detector that learns by a recipe. Make it, and the detector, in the strategy's scope.

    `steps`: the learning rate's schedule is over so many. `first_step`: the step that it begins at.
    """

    def __init__(
        self, detector: Detector, recipe: Recipe, steps: int, strategy: tf.distribute.Strategy, first_step: int = 0
    ) -> None:
        self._network, self._recipe, self._strategy = detector.network, recipe, strategy
        self._first_step = first_step
        for block in detector.blocks[: recipe.frozen_blocks]:
            block.trainable = False
        self._variables = self._network.trainable_variables
        self._schedule, self._optimizer = _optimizer(recipe, steps)
        # Now, so that the first step need not be traced twice and a checkpoint finds what it fills.
        self._optimizer._create_all_weights(self._variables)
        if recipe.average_decay:
            self._optimizer.shadow_copy(self._network)
        self.begin_average()
        self._checkpoint = tf.train.Checkpoint(network=self._network, optimizer=self._optimizer)

    @property
    def step(self) -> int:
        """Steps done so far, in a run that went on from a checkpoint or a parent those before it too."""
        return self._first_step + self._own_steps

    @property
    def _own_steps(self) -> int:
        return int(self._optimizer.iterations.numpy())

    @property
    def learning_rate(self) -> float:
        """Of the step done last."""
        return float(self._schedule(max(self._own_steps - 1, 0)))

    def begin_average(self) -> None:
        """Let the average, if the recipe has one, be of the present weights alone."""
        if self._recipe.average_decay:
            for variable in self._variables:
                self._optimizer.get_slot(variable, "average").assign(variable)

    def save(self, prefix: Path) -> None:
        """Write network and optimizer, with its schedule's position, as a TensorFlow checkpoint."""
        self._checkpoint.write(str(prefix))

    def restore(self, prefix: Path) -> None:
        """Go on from what `save` wrote. Raises an error of TensorFlow when it does not fit."""
        self._checkpoint.read(str(prefix)).assert_existing_objects_matched()

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Meanwhile the network has its averaged weights, if the recipe averages; then its own again, bit by bit."""
        if not self._recipe.average_decay:
            yield
            return
        own = [tf.identity(variable) for variable in self._variables]
        self._optimizer.assign_average_vars(self._variables)
        try:
            yield
        finally:
            for variable, value in zip(self._variables, own, strict=True):
                variable.assign(value)

    def settle_on_average(self) -> None:
        """Give the network its averaged weights for good, if the recipe averages."""
        if self._recipe.average_decay:
            self._optimizer.assign_average_vars(self._variables)

    def learn(self, batch: Batch) -> Losses:
        """Do one step on a batch of the strategy's distributed dataset."""
        return Losses(*(float(loss) for loss in self._learn(batch)))

    def evaluate(self, batch: Batch) -> tuple[dict[str, tf.Tensor], Losses, float]:
        """The outputs on a batch, its losses and the number of anchors with a box."""
        outputs, losses, matched = self._evaluate(*batch)
        return outputs, Losses(*(float(loss) for loss in losses)), float(matched)

    @tf.function(reduce_retracing=True, autograph=False)
    def _learn(self, batch: Batch) -> list[tf.Tensor]:
        losses = self._strategy.run(self._learn_on_replica, args=batch)
        return [self._strategy.reduce("SUM", loss, axis=None) for loss in losses]

    def _learn_on_replica(self, images: tf.Tensor, encodings: tf.Tensor, classes: tf.Tensor) -> list[tf.Tensor]:
        """A replica's share of the losses, which add up to those of the whole batch, as the gradients do."""
        replicas = self._strategy.num_replicas_in_sync
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self._variables)
            outputs = self._network(images, training=True)
            sums = loss_sums(outputs, encodings, classes, self._recipe)
            matched = tf.distribute.get_replica_context().all_reduce("SUM", sums.matched)
            losses = [
                sums.classification / tf.maximum(matched, 1.0),
                sums.localization / tf.maximum(matched, 1.0),
                weight_decay_loss(self._variables, self._recipe.weight_decay) / replicas,
            ]
            total = tf.add_n(losses)
        gradients = tape.gradient(total, self._variables)
        self._optimizer.apply_gradients(zip(gradients, self._variables, strict=True))
        return losses

    @tf.function(reduce_retracing=True, autograph=False)
    def _evaluate(
        self, images: tf.Tensor, encodings: tf.Tensor, classes: tf.Tensor
    ) -> tuple[dict[str, tf.Tensor], list[tf.Tensor], tf.Tensor]:
        outputs = self._network(images, training=False)
        sums = loss_sums(outputs, encodings, classes, self._recipe)
        losses = [
            sums.classification / tf.maximum(sums.matched, 1.0),
            sums.localization / tf.maximum(sums.matched, 1.0),
            weight_decay_loss(self._variables, self._recipe.weight_decay),
        ]
        return outputs, losses, sums.matched


def _optimizer(
    recipe: Recipe, steps: int
) -> tuple[tf.keras.optimizers.schedules.LearningRateSchedule, tf.keras.optimizers.Optimizer]:
    """SGD with momentum; the learning rate warms up and falls along a cosine that ends at `steps`."""
    config = optimization.OptimizationConfig(
        {
            "optimizer": {
                "type": "sgd",
                "sgd": {"momentum": recipe.momentum, "global_clipnorm": recipe.max_gradient_norm or None},
            },
            "ema": {"average_decay": recipe.average_decay} if recipe.average_decay else None,
            "learning_rate": {
                "type": "cosine",
                "cosine": {"initial_learning_rate": recipe.learning_rate, "decay_steps": steps},
            },
            "warmup": {
                "type": "linear",
                "linear": {
                    "warmup_steps": recipe.warmup_steps,
                    "warmup_learning_rate": recipe.learning_rate / recipe.warmup_steps,
                },
            },
        }
    )
    factory = optimization.OptimizerFactory(config)
    schedule = factory.build_learning_rate()
    return schedule, factory.build_optimizer(schedule)
