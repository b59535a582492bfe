"""The far field's head: a small pyramid on strides 8 and 16 alone, with small anchors, for objects of few pixels.

Boxes and scores share a tower of separable convolutions; each level has its own.
"""

import tensorflow as tf
import tf_keras

from detector.model import anchors
from detector.model.backbone import Backbone
from detector.model.heads import Head, by_anchor, score_bias
from detector.model.parts import Norms, Part, conv, conv_norm, depthwise, layer_name

# The last block with stride 8; the last of all has stride 16.
_FINE_TAP = 6
_DEPTH = 64
_TOWER_CONVS = 2


def build(base: Backbone, label_count: int, norms: Norms) -> Head:
    """The head on a backbone that ends with stride 16."""
    levels, parts = _pyramid(base)
    boxes: list[tf.Tensor] = []
    scores: list[tf.Tensor] = []
    for level, values in levels.items():
        for number in range(_TOWER_CONVS):
            values, new = _separable(values, f"tower_{level}/conv_{number}", norms)
            parts += new
        count = len(anchors.FAR_SIDES[level - 3])
        for kind, columns, outputs in (("box", 4, boxes), ("class", label_count, scores)):
            predicted, part = _predict(values, f"predictor_{level}/{kind}", count, columns)
            outputs.append(predicted)
            parts.append(part)
    return Head(boxes, scores, anchors.far([values.shape[1] for values in levels.values()]), parts)


def _pyramid(base: Backbone) -> tuple[dict[int, tf.Tensor], list[Part]]:
    """Levels 3 and 4, of strides 8 and 16; the finer one knows what the coarser one sees."""
    projections = {level: conv(f"fpn/projection_{level}", _DEPTH, 1, use_bias=True) for level in (3, 4)}
    coarse = projections[4](base.values[-1])
    larger = tf_keras.layers.UpSampling2D(2, name="fpn_up_3")(coarse)
    fine = tf_keras.layers.Add(name="fpn_sum_3")([larger, projections[3](base.values[_FINE_TAP])])
    return {3: fine, 4: coarse}, [Part(f"fpn/projection_{level}", layer) for level, layer in projections.items()]


def _separable(values: tf.Tensor, name: str, norms: Norms) -> tuple[tf.Tensor, list[Part]]:
    """A separable 3x3 convolution with norm and ReLU6."""
    first = depthwise(f"{name}/depthwise")
    values, part = conv_norm(first(values), conv(f"{name}/pointwise", _DEPTH, 1), f"{name}/pointwise", norms)
    return values, [Part(f"{name}/depthwise", first), part]


def _predict(values: tf.Tensor, name: str, anchor_count: int, columns: int) -> tuple[tf.Tensor, Part]:
    """[B, H, W, C] -> [B, H * W * anchors, columns]."""
    scores = name.endswith("class")
    options = {"bias_initializer": score_bias()} if scores else {}
    last = conv(name, anchor_count * columns, 1, use_bias=True, **options)
    predicted = by_anchor(last(values), columns, layer_name(name))
    return predicted, Part(name, last, columns=columns if scores else None)
