"""The detector: SSDLite on MobileNetV2, with one score a label and one box an anchor."""

import math
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
import tf_keras

from training.detector import anchors, backbone, weights
from training.detector.catalog import StartingModel
from training.detector.recipe import Precision
from training.detector.weights import ConvNorm, Predictor

# Of the box coder, in the order (y, x, height, width): the Object Detection API's.
BOX_SCALES = (10.0, 10.0, 5.0, 5.0)

# A score that starts from nothing says 1 in 100, so that the many empty anchors do not drown the first steps
# ("Focal Loss for Dense Object Detection", section 4.1).
_PRIOR = 0.01


@dataclass(frozen=True)
class Detector:
    """`network`: float32 images [B, S, S, 3] in [-1, 1] -> {"boxes": [B, N, 4] encodings (ty, tx, th, tw) relative to
    the anchors and multiplied by `box_scales`, "scores": [B, N, L] logits, for a sigmoid, without background}.

    `anchors`: float32 [N, 4] of (ycenter, xcenter, height, width), fractions of the side. `blocks`: what of MobileNetV2
    can be frozen, the first first. `started_from`: the name of the weights.
    """

    network: tf_keras.Model
    anchors: np.ndarray
    starting_model: StartingModel
    label_count: int
    started_from: str
    blocks: list[tf_keras.layers.Layer]
    box_scales: tuple[float, float, float, float] = BOX_SCALES

    @property
    def input_size(self) -> int:
        return self.starting_model.input_size


def build(model: StartingModel, label_count: int, precision: Precision = "float32") -> Detector:
    """A detector with the starting model's weights, for `label_count` labels, that computes in `precision`.

    Its weights and its outputs are float32 in any case.
    """
    tf_keras.backend.reset_uids()  # layers are named by number: the same detector always has the same names
    before = tf_keras.mixed_precision.global_policy()
    tf_keras.mixed_precision.set_global_policy("float32" if precision == "float32" else f"mixed_{precision}")
    try:
        return _build(model, label_count)
    finally:
        tf_keras.mixed_precision.set_global_policy(before)


# Nothing here needs AutoGraph, which would rewrite each layer's source and double the time.
@tf.autograph.experimental.do_not_convert
def _build(model: StartingModel, label_count: int) -> Detector:
    norm = backbone.batch_norm if model.weights is None else backbone.Offset
    base = backbone.build(model.input_size, model.width, norm)
    anchor_counts = anchors.counts(len(base.maps))
    conv_norms, predictors = list(base.conv_norms), []
    boxes: list[tf.Tensor] = []
    scores: list[tf.Tensor] = []
    for number, (values, count) in enumerate(zip(base.maps, anchor_counts, strict=True)):
        for kind, columns, outputs in (("BoxEncoding", 4, boxes), ("Class", label_count, scores)):
            predicted, conv_norm, predictor = _predict(values, number, kind, count, columns, norm)
            outputs.append(predicted)
            conv_norms.append(conv_norm)
            predictors.append(predictor)
    network = tf_keras.Model(
        base.images,
        {
            "boxes": tf_keras.layers.Concatenate(axis=1, name="boxes", dtype="float32")(boxes),
            "scores": tf_keras.layers.Concatenate(axis=1, name="scores", dtype="float32")(scores),
        },
    )
    if model.weights is not None:
        weights.load(model.weights, conv_norms, predictors)
    return Detector(
        network=network,
        anchors=anchors.anchors([values.shape[1] for values in base.maps]),
        starting_model=model,
        label_count=label_count,
        started_from=weights.source_name(model.weights),
        blocks=base.blocks,
    )


def _predict(
    values: tf.Tensor, number: int, kind: str, anchor_count: int, columns: int, norm: backbone.Norm
) -> tuple[tf.Tensor, ConvNorm, Predictor]:
    """One separable predictor on one map: [B, H, W, C] -> [B, H * W * anchors, columns]."""
    layers, name, scope = tf_keras.layers, f"{kind.lower()}_{number}", f"BoxPredictor_{number}/{kind}Predictor"
    depthwise = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"{name}_depthwise")
    filtered, conv_norm = backbone.conv_norm(values, depthwise, f"{scope}_depthwise", norm)
    scores = kind == "Class"
    bias = tf_keras.initializers.Constant(-math.log((1 - _PRIOR) / _PRIOR) if scores else 0.0)
    conv = layers.Conv2D(anchor_count * columns, 1, bias_initializer=bias, name=name)
    predicted = layers.Reshape([-1, columns], name=f"{name}_by_anchor")(conv(filtered))
    return predicted, conv_norm, Predictor(scope, conv, columns if scores else None)
