"""SSD's head on MobileNetV2: six feature maps, each with predictors of its own.

("SSD: Single Shot MultiBox Detector", 2016; the separable form, SSDLite: "MobileNetV2", 2018, section 6.2.)
"""

import tensorflow as tf

from detector.model import anchors
from detector.model.backbone import Backbone
from detector.model.heads import Head, by_anchor, score_bias
from detector.model.parts import Norms, Part, conv, conv_norm, depthwise, layer_name

# Depths of the extra maps, each half the size of the map before it.
_EXTRA_DEPTHS = (512, 256, 256, 128)
_MIN_DEPTH = 16


def build(base: Backbone, width: float, label_count: int, lite: bool, norms: Norms) -> Head:
    """`width`: of the extra maps, as of MobileNetV2. `lite`: 3x3 convolutions are separable, and predictors have them.

    Where a small input is down to 1x1 early there are fewer maps.
    """
    maps, parts = [base.expansion, base.values[-1]], []
    for number, depth in enumerate(_EXTRA_DEPTHS, start=2):
        if maps[-1].shape[1] > 1:
            values, new = _extra_map(maps[-1], f"extra_{number}", depth, width, lite, norms)
            maps.append(values)
            parts += new
    boxes: list[tf.Tensor] = []
    scores: list[tf.Tensor] = []
    for number, (values, count) in enumerate(zip(maps, anchors.ssd_counts(len(maps)), strict=True)):
        for kind, columns, outputs in (("box", 4, boxes), ("class", label_count, scores)):
            predicted, new = _predict(values, f"predictor_{number}/{kind}", count, columns, lite, norms)
            outputs.append(predicted)
            parts += new
    return Head(boxes, scores, anchors.ssd([values.shape[1] for values in maps]), parts)


def _extra_map(
    values: tf.Tensor, name: str, depth: int, width: float, lite: bool, norms: Norms
) -> tuple[tf.Tensor, list[Part]]:
    """Half as many channels by 1x1, then half the size by 3x3 with `depth` channels."""
    squeeze, wide = (max(int(channels * width), _MIN_DEPTH) for channels in (depth // 2, depth))
    layers = [conv(f"{name}/squeeze", squeeze, 1)]
    if lite:
        layers += [depthwise(f"{name}/depthwise", stride=2), conv(f"{name}/project", wide, 1)]
    else:
        layers += [conv(f"{name}/expand", wide, 3, stride=2)]
    parts = []
    for layer in layers:
        values, part = conv_norm(values, layer, f"{name}/{layer.name.removeprefix(f'{name}_')}", norms)
        parts.append(part)
    return values, parts


def _predict(
    values: tf.Tensor, name: str, anchor_count: int, columns: int, lite: bool, norms: Norms
) -> tuple[tf.Tensor, list[Part]]:
    """One predictor on one map: [B, H, W, C] -> [B, H * W * anchors, columns]."""
    parts, scores = [], "class" in name
    if lite:
        values, part = conv_norm(values, depthwise(f"{name}/depthwise"), f"{name}/depthwise", norms)
        parts.append(part)
    options = {"bias_initializer": score_bias()} if scores else {}
    last_name = f"{name}/conv" if lite else name
    last = conv(last_name, anchor_count * columns, 1, use_bias=True, **options)
    predicted = by_anchor(last(values), columns, layer_name(name))
    return predicted, [*parts, Part(last_name, last, columns=columns if scores else None)]
