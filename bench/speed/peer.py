"""The peer: tf-models-official's own RetinaNet on MobileNetV2, made of its own configuration classes, task and parser.

FPN of 128 channels on levels 3 to 7, four separable convolutions in the head, no sync batch norm, SGD with momentum 0.9
along a cosine. Batch norm forgets by 0.9, since a short training would be evaluated with the statistics of its start.
Anchors, losses, matching, normalization and letterbox are the library's defaults.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
import tf_keras
from official.modeling import optimization
from official.vision.configs import backbones, common, decoders
from official.vision.configs import retinanet as config
from official.vision.modeling.backbones.mobilenet import Conv2DBNBlock
from official.vision.modeling.layers.detection_generator import MultilevelDetectionGenerator
from official.vision.modeling.layers.nn_blocks import InvertedBottleneckBlock
from official.vision.ops import preprocess_ops
from official.vision.tasks.retinanet import RetinaNetTask

from bench.accuracy import backbone_weights
from detector.contract.recipe import Precision
from detector.frames.objects import Detected
from detector.model.backbone import parts
from detector.training import devices

_CHANNELS = 128
_LEVELS = (3, 7)
# The library's own rule: 0.32 at batch 256, in proportion.
_RATE_A_FRAME = 0.32 / 256
_MOMENTUM = 0.9
_WEIGHT_DECAY = 3e-5
_ZOOM = (0.8, 1.2)
_EVALUATION_BATCH = 16
# Stem and bottlenecks 0 to 7.
_FROZEN_BLOCKS = 9


@dataclass(frozen=True)
class Variant:
    """How the peer trains. `pretrained`: its backbone starts from the SSDLite graph, the first half of it frozen.

    `precision`: as in a recipe.
    """

    pretrained: bool = False
    precision: Precision = "float32"

    @property
    def policy(self) -> str:
        """Keras's name for it."""
        return "float32" if self.precision == "float32" else f"mixed_{self.precision}"


# As it comes, and with all that made it better in trials of ours.
PLAIN = Variant()
HELPED = Variant(pretrained=True, precision=devices.precision("cpu"))


class Peer:
    """A RetinaNet of the library with its task, for `label_count` labels and square frames of `size` pixels."""

    def __init__(self, label_count: int, size: int, batch_size: int, steps: int, variant: Variant = PLAIN) -> None:
        self._batch_size, self._variant = batch_size, variant
        self.task = RetinaNetTask(_task_config(label_count, size))
        tf_keras.mixed_precision.set_global_policy(variant.policy)
        self.model = self.task.build_model()
        tf_keras.mixed_precision.set_global_policy("float32")
        # The model's own would run in its policy's type, and the suppression of overlaps needs float32.
        self._generator = MultilevelDetectionGenerator(**_generator_options(self.task))
        if variant.pretrained:
            _start_from_trained_backbone(self.model.backbone)
        self._optimizer = _optimizer(batch_size, steps)
        self._step = tf.function(self._train_step, autograph=False)
        self._forward = tf.function(self._raw_outputs, autograph=False)

    def training_batches(self, shards: Sequence[str], seed: int) -> tf.data.Dataset:
        """Endless batches of the library's own input pipeline."""
        parser = config.Parser(aug_rand_hflip=True, aug_scale_min=_ZOOM[0], aug_scale_max=_ZOOM[1], pad=False)
        return self._batches(_data_config(shards, self._batch_size, parser, seed))

    def evaluation_batches(self, shards: Sequence[str]) -> tf.data.Dataset:
        """Each frame once, in the order of one shard."""
        return self._batches(_data_config(shards, _EVALUATION_BATCH, config.Parser(pad=False), seed=None))

    def learn(self, batch: tuple[tf.Tensor, dict[str, tf.Tensor]]) -> float:
        """One step by the task's own train_step; returns the loss."""
        return float(self._step(batch))

    def detect(self, batches: tf.data.Dataset) -> Iterator[Detected]:
        """What it finds on the frames, one after the other."""
        for images, labels in batches:
            raw_scores, raw_boxes = self._forward(images)
            info = labels["image_info"]
            found = self._generator(raw_boxes, raw_scores, labels["anchor_boxes"], info[:, 1, :])
            parts = [found[f"detection_{name}"].numpy() for name in ("boxes", "scores", "classes")]
            for number, count in enumerate(found["num_detections"].numpy()):
                boxes, scores, classes = (part[number][:count] for part in parts)
                yield _detected(boxes, scores, classes, info[number].numpy())

    def _batches(self, data: config.DataConfig) -> tf.data.Dataset:
        batches = self.task.build_inputs(data)
        if not self._variant.pretrained:
            return batches
        return batches.map(lambda images, labels: (_as_the_graph_was_fed(images), labels), tf.data.AUTOTUNE)

    def _train_step(self, batch: tuple[tf.Tensor, dict[str, tf.Tensor]]) -> tf.Tensor:
        return self.task.train_step(batch, self.model, self._optimizer)[self.task.loss]

    def _raw_outputs(self, images: tf.Tensor) -> tuple[dict[str, tf.Tensor], dict[str, tf.Tensor]]:
        features = self.model.decoder(self.model.backbone(images, training=False), training=False)
        scores, boxes, _ = self.model.head(features, training=False)
        return tuple(tf.nest.map_structure(lambda x: tf.cast(x, tf.float32), part) for part in (scores, boxes))


def _task_config(label_count: int, size: int) -> config.RetinaNetTask:
    """Class 0 is the library's background."""
    return config.RetinaNetTask(
        model=config.RetinaNet(
            num_classes=label_count + 1,
            input_size=[size, size, 3],
            min_level=_LEVELS[0],
            max_level=_LEVELS[1],
            backbone=backbones.Backbone(type="mobilenet", mobilenet=backbones.MobileNet(model_id="MobileNetV2")),
            decoder=decoders.Decoder(type="fpn", fpn=decoders.FPN(num_filters=_CHANNELS, use_separable_conv=True)),
            head=config.RetinaNetHead(num_convs=4, num_filters=_CHANNELS, use_separable_conv=True),
            # Its default version takes six times as long for the same boxes.
            detection_generator=config.DetectionGenerator(nms_version="batched", pre_nms_score_threshold=1e-4),
            norm_activation=common.NormActivation(activation="relu6", use_sync_bn=False, norm_momentum=0.9),
        ),
        losses=config.Losses(l2_weight_decay=_WEIGHT_DECAY),
    )


def _generator_options(task: RetinaNetTask) -> dict[str, object]:
    chosen = task.task_config.model.detection_generator
    names = ("pre_nms_top_k", "pre_nms_score_threshold", "nms_iou_threshold", "max_num_detections", "nms_version")
    return {name: getattr(chosen, name) for name in names}


def _data_config(shards: Sequence[str], batch_size: int, parser: config.Parser, seed: int | None) -> config.DataConfig:
    training = seed is not None
    return config.DataConfig(
        input_path=list(shards),
        global_batch_size=batch_size,
        is_training=training,
        drop_remainder=training,
        dtype="float32",
        seed=seed,
        parser=parser,
        # Its own ids must be numbers; these are computed from the pictures.
        decoder=common.DataDecoder(simple_decoder=common.TfExampleDecoder(regenerate_source_id=not training)),
    )


def _optimizer(batch_size: int, steps: int) -> tf_keras.optimizers.Optimizer:
    rate, warm_up = _RATE_A_FRAME * batch_size, min(50, max(1, steps // 10))
    chosen = optimization.OptimizationConfig(
        {
            "optimizer": {"type": "sgd", "sgd": {"momentum": _MOMENTUM}},
            "learning_rate": {"type": "cosine", "cosine": {"initial_learning_rate": rate, "decay_steps": steps}},
            "warmup": {"type": "linear", "linear": {"warmup_steps": warm_up, "warmup_learning_rate": rate / warm_up}},
        }
    )
    factory = optimization.OptimizerFactory(chosen)
    return factory.build_optimizer(factory.build_learning_rate())


def _start_from_trained_backbone(backbone: tf_keras.Model) -> None:
    blocks = [layer for layer in backbone.layers if isinstance(layer, Conv2DBNBlock | InvertedBottleneckBlock)]
    backbone_weights.fill(parts(enumerate(blocks)))
    for block in blocks[:_FROZEN_BLOCKS]:
        block.trainable = False


def _as_the_graph_was_fed(images: tf.Tensor) -> tf.Tensor:
    """Images as the library's parser normalizes them -> [-1, 1]."""
    pixels = images * tf.constant(preprocess_ops.STDDEV_NORM) + tf.constant(preprocess_ops.MEAN_NORM)
    return pixels * 2.0 - 1.0


def _detected(boxes: np.ndarray, scores: np.ndarray, classes: np.ndarray, image_info: np.ndarray) -> Detected:
    """Boxes in pixels of the letterboxed input -> fractions of the frame; class ids from 1 -> from 0."""
    original, scale = image_info[0], image_info[2]
    sides = np.tile(original * scale, 2).astype(np.float32)
    return Detected(np.clip(boxes / sides, 0.0, 1.0), scores, classes.astype(np.int32) - 1)
