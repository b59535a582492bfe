"""A detector: a MobileNet and a head, with one score a label and one box an anchor."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf_keras

from detector.contract import catalog
from detector.contract.catalog import StartingModel
from detector.contract.recipe import Precision
from detector.model import backbone, far, fpn, ssd
from detector.model.heads import Head
from detector.model.parts import Norms, Part
from detector.weights import named_weights, sources
from detector.weights.named_weights import Weights

# Of the box coder, in the order (y, x, height, width): the Object Detection API's.
BOX_SCALES = (10.0, 10.0, 5.0, 5.0)

# A part that SSD has and SSDLite has not: the zoo's weights are of SSD.
_WHOLE_CONVOLUTION = "extra_2/expand"


@dataclass(frozen=True)
class Detector:
    """`network`: float32 images [B, S, S, 3] in [-1, 1] -> {"boxes": [B, N, 4] encodings (ty, tx, th, tw) relative to
    the anchors and multiplied by `box_scales`, "scores": [B, N, L] logits, for a sigmoid, without background}.

    `anchors`: float32 [N, 4] of (ycenter, xcenter, height, width), fractions of the side. `blocks`: what of the
    backbone can be frozen, the first first. `weights`: what it started from. `parts`: its convolutions by name.
    `precision`: what it computes in; its weights are float32 in any case.
    """

    network: tf_keras.Model
    anchors: np.ndarray
    starting_model: StartingModel
    label_count: int
    weights: Weights
    blocks: list[tf_keras.layers.Layer]
    parts: list[Part]
    precision: Precision
    box_scales: tuple[float, float, float, float] = BOX_SCALES

    @property
    def input_size(self) -> int:
        return self.starting_model.input_size


def starting_weights(model: StartingModel, installed: Path | None = None, name: str = "") -> Weights:
    """What the model starts from on this machine: the weights called `name`, if they are there, else the best.

    `installed`: the folder of installed weights.
    """
    there = catalog.sources(model, installed) if name != catalog.RANDOM else []
    chosen = [source for source in there if source.name == name] or there
    return sources.read(chosen[0]) if chosen else Weights()


def build(
    model: StartingModel, label_count: int, precision: Precision = "float32", start: Weights | None = None
) -> Detector:
    """A detector for `label_count` labels that computes in `precision`, and starts from `start` or the model's weights.

    Its weights and its outputs are float32 in any case.
    """
    start = starting_weights(model) if start is None else start
    tf_keras.backend.reset_uids()  # layers are named by number: the same detector always has the same names
    before = tf_keras.mixed_precision.global_policy()
    tf_keras.mixed_precision.set_global_policy("float32" if precision == "float32" else f"mixed_{precision}")
    try:
        return _build(model, label_count, precision, start)
    finally:
        tf_keras.mixed_precision.set_global_policy(before)


# Nothing here needs AutoGraph, which would rewrite each layer's source and double the time.
@tf.autograph.experimental.do_not_convert
def _build(model: StartingModel, label_count: int, precision: Precision, start: Weights) -> Detector:
    norms = Norms(folded=start.parts)
    base = backbone.build(model, norms)
    head = _head(model, base, label_count, norms, start)
    network = tf_keras.Model(
        base.images,
        {
            "boxes": tf_keras.layers.Concatenate(axis=1, name="boxes", dtype="float32")(head.boxes),
            "scores": tf_keras.layers.Concatenate(axis=1, name="scores", dtype="float32")(head.scores),
        },
    )
    parts = [*base.parts, *head.parts]
    named_weights.fill(parts, start)
    return Detector(network, head.anchors, model, label_count, start, base.blocks, parts, precision)


def _head(model: StartingModel, base: backbone.Backbone, label_count: int, norms: Norms, start: Weights) -> Head:
    if model.head == "ssd":
        lite = _WHOLE_CONVOLUTION not in start.parts
        return ssd.build(base, model.width, label_count, lite, norms)
    if model.head == "far":
        return far.build(base, label_count, norms)
    return fpn.build(base, model.backbone, fpn.FPNLITE if model.head == "fpnlite" else fpn.FPN, label_count, norms)
