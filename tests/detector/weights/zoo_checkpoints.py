"""Checkpoints as the Object Detection API would write them: the same attributes and lists, made of real Keras layers.

The numbers are this test's own, and what each array should be called is written down as the layers are made.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf_keras

CLASSES = 91
PREDICTOR_BOXES, PREDICTOR_SCORES = "box_encodings", "class_predictions_with_background"
NORM_VALUES = ("gamma", "beta", "moving_mean", "moving_variance")


class Node(tf.Module):
    """Something with attributes, which TensorFlow tracks."""

    def __init__(self, **attributes: object) -> None:
        super().__init__()
        for name, value in attributes.items():
            setattr(self, name, value)


@dataclass
class Builder:
    """Makes layers with numbers of their own. `expected`: our name -> the numbers."""

    expected: dict[str, np.ndarray] = field(default_factory=dict)
    numbers: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))

    def fill(self, layer, names: list[str]):
        values = [self.numbers.random(weight.shape, np.float32) for weight in layer.weights]
        layer.set_weights(values)
        self.expected |= dict(zip(names, values, strict=True))
        return layer

    def conv(self, name: str, size: int, below: int, depth: int, bias: bool = False):
        layer = tf_keras.layers.Conv2D(depth, size, use_bias=bias)
        layer.build((None, None, None, below))
        return self.fill(layer, [f"{name}/kernel", *([f"{name}/bias"] if bias else [])])

    def separable(self, name: str, depth: int, columns: int, bias: bool = False):
        layer = tf_keras.layers.SeparableConv2D(columns, 3, use_bias=bias)
        layer.build((None, None, None, depth))
        names = [f"{name}/depthwise/kernel", f"{name}/pointwise/kernel"]
        return self.fill(layer, [*names, *([f"{name}/pointwise/bias"] if bias else [])])

    def norm(self, name: str, depth: int):
        layer = tf_keras.layers.BatchNormalization()
        layer.build((None, None, None, depth))
        return self.fill(layer, [f"{name}/{value}" for value in NORM_VALUES])

    def block(self, name: str, depth: int, separable: bool) -> list:
        """Convolution, norm, activation."""
        if separable:
            return [self.separable(name, depth, depth), self.norm(f"{name}/pointwise", depth), activation()]
        return [self.conv(name, 3, depth, depth), self.norm(name, depth), activation()]

    def backbone(self, whole, outputs: list[str], our_name):
        """A functional model with several outputs, cut out of one of Keras's own."""
        model = tf_keras.Model(whole.inputs, [whole.get_layer(name).output for name in outputs])
        for layer in model.layers:
            if layer.weights:
                name = f"backbone/{our_name(layer.name)}"
                norm = isinstance(layer, tf_keras.layers.BatchNormalization)
                self.fill(layer, [f"{name}/{value}" for value in (NORM_VALUES if norm else ["kernel"])])
        return model

    def mobilenet_v2(self, outputs: list[str]):
        whole = tf_keras.applications.MobileNetV2(input_shape=(96, 96, 3), include_top=False, weights=None)

        def our_name(layer: str) -> str:
            if layer in ("Conv1", "bn_Conv1"):
                return "conv_0"
            if layer in ("Conv_1", "Conv_1_bn"):
                return "conv_1"
            number, part = re.fullmatch(r"(?:expanded_conv|block_(\d+))_([a-z]+)(?:_BN)?", layer).groups()
            return f"block_{number or 0}/{part}"

        return self.backbone(whole, outputs, our_name)

    def mobilenet_v1(self, outputs: list[str]):
        whole = tf_keras.applications.MobileNet(input_shape=(96, 96, 3), include_top=False, weights=None)

        def our_name(layer: str) -> str:
            if layer in ("conv1", "conv1_bn"):
                return "conv_0"
            kind, number = re.fullmatch(r"conv_([dp]w)_(\d+)(?:_bn)?", layer).groups()
            return f"block_{number}/{'depthwise' if kind == 'dw' else 'pointwise'}"

        return self.backbone(whole, outputs, our_name)


def activation():
    return tf_keras.layers.Lambda(tf.nn.relu6)


def ssd_mobilenet_v2(builder: Builder) -> Node:
    depths, anchors = (576, 1280, 512, 256, 256, 128), (3, 6, 6, 6, 6, 6)
    convolutions: list[list] = [[], []]
    for number in range(2, 6):
        below, depth = depths[number - 1], depths[number]
        squeeze, expand = f"extra_{number}/squeeze", f"extra_{number}/expand"
        layers = [builder.conv(squeeze, 1, below, depth // 2), builder.norm(squeeze, depth // 2), activation()]
        layers += [builder.conv(expand, 3, depth // 2, depth), builder.norm(expand, depth), activation()]
        convolutions.append(layers)
    boxes, scores = [], []
    for number, (depth, count) in enumerate(zip(depths, anchors, strict=True)):
        box = builder.conv(f"predictor_{number}/box", 1, depth, count * 4, bias=True)
        score = builder.conv(f"predictor_{number}/class", 1, depth, count * CLASSES, bias=True)
        boxes.append(Node(_box_encoder_layers=[box]))
        scores.append(Node(_class_predictor_layers=[score]))
    return Node(
        _feature_extractor=Node(
            classification_backbone=builder.mobilenet_v2(["block_13_expand_relu", "out_relu"]),
            feature_map_generator=Node(convolutions=convolutions),
        ),
        _box_predictor=Node(
            _prediction_heads={PREDICTOR_BOXES: boxes, PREDICTOR_SCORES: scores}, _shared_nets=[[] for _ in depths]
        ),
    )


def ssd_mobilenet_v2_fpnlite(builder: Builder) -> Node:
    backbone = builder.mobilenet_v2(["block_2_add", "block_5_add", "block_12_add", "out_relu"])
    extractor = _fpn_extractor(builder, backbone, {3: 32, 4: 96, 5: 1280}, 128, separable=True)
    convs, levels = _tower(builder, "tower", 128, separable=True)
    # The class tower shares nothing but is not used: its layers are made, and never built.
    unused = [[tf_keras.layers.SeparableConv2D(128, 3), tf_keras.layers.BatchNormalization()] for _ in range(5)]
    return Node(
        _feature_extractor=extractor,
        _box_predictor=Node(
            _box_prediction_head=Node(_box_encoder_layers=[builder.separable("predictor/box", 128, 6 * 4, bias=True)]),
            _prediction_heads={
                PREDICTOR_SCORES: Node(
                    _class_predictor_layers=[builder.separable("predictor/class", 128, 6 * CLASSES, bias=True)]
                )
            },
            _base_tower_layers_for_heads={PREDICTOR_BOXES: levels, PREDICTOR_SCORES: unused},
            _head_scope_conv_layers={"PredictionTower": convs},
        ),
    )


def ssd_mobilenet_v1_fpn(builder: Builder) -> Node:
    backbone = builder.mobilenet_v1([f"conv_pw_{number}_relu" for number in (3, 5, 11, 13)])
    extractor = _fpn_extractor(builder, backbone, {3: 256, 4: 512, 5: 1024}, 256, separable=False)
    box_convs, box_levels = _tower(builder, "box_tower", 256, separable=False)
    class_convs, class_levels = _tower(builder, "class_tower", 256, separable=False)
    return Node(
        _feature_extractor=extractor,
        _box_predictor=Node(
            _box_prediction_head=Node(_box_encoder_layers=[builder.conv("predictor/box", 3, 256, 6 * 4, bias=True)]),
            _prediction_heads={
                PREDICTOR_SCORES: Node(
                    _class_predictor_layers=[builder.conv("predictor/class", 3, 256, 6 * CLASSES, bias=True)]
                )
            },
            _base_tower_layers_for_heads={PREDICTOR_BOXES: box_levels, PREDICTOR_SCORES: class_levels},
            _head_scope_conv_layers={"BoxPredictionTower": box_convs, "ClassPredictionTower": class_convs},
        ),
    )


def _fpn_extractor(builder: Builder, backbone, depths: dict[int, int], depth: int, separable: bool) -> Node:
    def projection(level: int):
        return builder.conv(f"fpn/projection_{level}", 1, depths[level], depth, bias=True)

    return Node(
        classification_backbone=backbone,
        _fpn_features_generator=Node(
            top_layers=[projection(5)],
            residual_blocks=[[projection(4)], [projection(3)]],
            top_down_blocks=[[activation()], [activation()]],
            conv_layers=[builder.block(f"fpn/smoothing_{level}", depth, separable) for level in (4, 3)],
        ),
        _coarse_feature_layers=[builder.block(f"fpn/bottom_up_{level}", depth, separable) for level in (6, 7)],
    )


def _tower(builder: Builder, name: str, depth: int, separable: bool) -> tuple[list, list[list]]:
    """The convolutions, and for each level the list of them with norms and activations between."""
    scopes = [f"{name}/conv_{number}" for number in range(4)]
    make = builder.separable if separable else lambda scope, below, columns: builder.conv(scope, 3, below, columns)
    convs = [make(scope, depth, depth) for scope in scopes]
    levels = []
    for level in range(3, 8):
        layers: list = []
        for scope, conv in zip(scopes, convs, strict=True):
            layers += [conv, builder.norm(f"{scope}/level_{level}", depth), activation()]
        levels.append(layers)
    return convs, levels


def write(model: Node, folder: Path) -> str:
    """The files of a checkpoint as the zoo's archives have them, in `folder`. Returns its prefix."""
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model), str(folder), max_to_keep=1)
    return manager.save(checkpoint_number=0)
