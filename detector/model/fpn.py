"""A feature pyramid with one predictor for all of its levels, laid as in the Object Detection API.

("Feature Pyramid Networks for Object Detection", 2017; "Focal Loss for Dense Object Detection", 2018, section 4.
FPNLite is its form with separable convolutions and one tower for boxes and scores.)
"""

from dataclasses import dataclass

import tensorflow as tf
import tf_keras

from detector.contract.catalog import LEVELS, TOWER_CONVS
from detector.model import anchors
from detector.model.backbone import Backbone
from detector.model.convolutions import conv_1x1
from detector.model.heads import Head, by_anchor, score_bias
from detector.model.parts import Norms, Part, batch_norm, conv, conv_norm, depthwise, layer_name

# The blocks of each MobileNet that give out levels 3, 4 and 5: the last ones with stride 8, 16 and 32.
_TAPS = {"MobileNetV2": (6, 13, -1), "MobileNetV1": (5, 11, 13)}


def _small() -> tf_keras.initializers.Initializer:
    """The reference's. A new one each time: one object would give the same numbers again and again."""
    return tf_keras.initializers.RandomNormal(stddev=0.01)


@dataclass(frozen=True)
class Form:
    """`depth`: channels of all levels. `lite`: 3x3 convolutions are separable, and boxes and scores share a tower."""

    depth: int
    lite: bool


FPNLITE, FPN = Form(128, lite=True), Form(256, lite=False)


class TowerConv(tf_keras.layers.Layer):
    """A 3x3 convolution that all levels share, each with a norm of its own, then ReLU6.

    Takes and gives a list of maps, [B, H, W, depth] a level. Folded, a level's norm is a scale of the kernel's outputs
    and an offset, so that TensorFlow can run it with the convolution as one operation. Kernels: named_weights.py.
    """

    def __init__(self, part: str, form: Form, folded: bool) -> None:
        super().__init__(name=layer_name(part))
        self.part, self.form, self.folded = part, form, folded
        self.norms = [] if folded else [batch_norm(f"level_{level}_norm") for level in LEVELS]

    def build(self, shapes: list[tf.TensorShape]) -> None:
        depth, size = self.form.depth, 1 if self.form.lite else 3
        if self.form.lite:
            self.depthwise = self.add_weight("depthwise_kernel", [3, 3, depth, 1], initializer="glorot_uniform")
        self.kernel = self.add_weight("kernel", [size, size, depth, depth], initializer=_small())
        if self.folded:
            self.scales = [self.add_weight(f"level_{n}_scale", [depth], initializer="ones") for n in LEVELS]
            self.offsets = [self.add_weight(f"level_{n}_offset", [depth], initializer="zeros") for n in LEVELS]

    def call(self, maps: list[tf.Tensor], training: bool | None = None) -> list[tf.Tensor]:
        return [self._at(place, values, training) for place, values in enumerate(maps)]

    def _at(self, place: int, values: tf.Tensor, training: bool | None) -> tf.Tensor:
        if self.form.lite:
            values = tf.nn.depthwise_conv2d(values, self.depthwise, [1, 1, 1, 1], "SAME")
        if self.folded:
            filtered = self._convolved(values, self.kernel * self.scales[place])
            return tf.nn.relu6(tf.nn.bias_add(filtered, self.offsets[place]))
        filtered = self._convolved(values, tf.convert_to_tensor(self.kernel))
        return tf.nn.relu6(self.norms[place](filtered, training=training))

    def _convolved(self, values: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
        return conv_1x1(values, kernel) if self.form.lite else tf.nn.conv2d(values, kernel, 1, "SAME")


def build(base: Backbone, backbone: str, form: Form, label_count: int, norms: Norms) -> Head:
    """`backbone`: the name of the MobileNet."""
    levels, parts = _pyramid([base.values[tap] for tap in _TAPS[backbone]], form, norms)
    towers = {"box": "tower", "class": "tower"} if form.lite else {"box": "box_tower", "class": "class_tower"}
    outputs = {}
    for tower in dict.fromkeys(towers.values()):
        outputs[tower], new = _tower(levels, tower, form, norms)
        parts += new
    boxes, box_parts = _predict(outputs[towers["box"]], "predictor/box", 4, form)
    scores, score_parts = _predict(outputs[towers["class"]], "predictor/class", label_count, form)
    size = base.images.shape[1]
    laid = anchors.multiscale(size, {level: values.shape[1] for level, values in zip(LEVELS, levels, strict=True)})
    return Head(boxes, scores, laid, [*parts, *box_parts, *score_parts])


def _pyramid(taps: list[tf.Tensor], form: Form, norms: Norms) -> tuple[list[tf.Tensor], list[Part]]:
    """Maps of strides 8, 16 and 32 -> levels 3 to 7 with `form.depth` channels each."""
    parts: list[Part] = []
    projected = {}
    for level, values in zip(LEVELS, taps, strict=False):
        layer = conv(f"fpn/projection_{level}", form.depth, 1, use_bias=True)
        projected[level] = layer(values)
        parts.append(Part(f"fpn/projection_{level}", layer))
    levels = {5: projected[5]}
    for level in (4, 3):
        larger = tf_keras.layers.UpSampling2D(2, name=f"fpn_up_{level}")(levels[level + 1])
        both = tf_keras.layers.Add(name=f"fpn_sum_{level}")([larger, projected[level]])
        levels[level], new = _smooth(both, f"fpn/smoothing_{level}", form, norms, stride=1)
        parts += new
    for level in (6, 7):
        levels[level], new = _smooth(levels[level - 1], f"fpn/bottom_up_{level}", form, norms, stride=2)
        parts += new
    return [levels[level] for level in LEVELS], parts


def _smooth(values: tf.Tensor, name: str, form: Form, norms: Norms, stride: int) -> tuple[tf.Tensor, list[Part]]:
    """A 3x3 convolution with norm and ReLU6; nothing stands between the halves of a separable one."""
    if not form.lite:
        values, part = conv_norm(values, conv(name, form.depth, 3, stride), name, norms)
        return values, [part]
    first = depthwise(f"{name}/depthwise", stride)
    values, part = conv_norm(first(values), conv(f"{name}/pointwise", form.depth, 1), f"{name}/pointwise", norms)
    return values, [Part(f"{name}/depthwise", first), part]


def _tower(levels: list[tf.Tensor], name: str, form: Form, norms: Norms) -> tuple[list[tf.Tensor], list[Part]]:
    parts = []
    for number in range(TOWER_CONVS):
        part = f"{name}/conv_{number}"
        layer = TowerConv(part, form, folded=part in norms.folded)
        levels = layer(levels)
        parts.append(Part(part, layer))
    return levels, parts


def _predict(levels: list[tf.Tensor], name: str, columns: int, form: Form) -> tuple[list[tf.Tensor], list[Part]]:
    scores = name.endswith("class")
    last_name = f"{name}/pointwise" if form.lite else name
    first = depthwise(f"{name}/depthwise") if form.lite else None
    last = conv(
        last_name,
        anchors.MULTISCALE_COUNT * columns,
        1 if form.lite else 3,
        use_bias=True,
        kernel_initializer=_small(),
        bias_initializer=score_bias() if scores else "zeros",
    )
    predicted = [
        by_anchor(last(first(values) if first else values), columns, f"{layer_name(name)}_{level}")
        for level, values in zip(LEVELS, levels, strict=True)
    ]
    parts = [Part(f"{name}/depthwise", first)] if first else []
    return predicted, [*parts, Part(last_name, last, columns=columns if scores else None)]
