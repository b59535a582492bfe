"""Which variables the zoo's checkpoints hold, by what path of attributes each is found, and what we call it.

The paths follow from how the Object Detection API's TF2 models keep their layers (research/object_detection in
tensorflow/models: models/*_keras_feature_extractor.py, models/feature_map_generators.py,
predictors/convolutional_keras_box_predictor.py and predictors/heads/), the shapes from configs/tf2/. Pure Python.

Our names: SCOPE/kernel and SCOPE/bias; a batch norm (epsilon 0.001) is SCOPE/gamma, beta, moving_mean and
moving_variance. Kernels are [H, W, in, out], depthwise ones [H, W, C, 1]. A class predictor has 91 columns an anchor,
background first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from detector.contract.catalog import LEVELS, TOWER_CONVS
from detector.contract.zoo_archives import Architecture

CLASSES = 91
NORM_VALUES = ("gamma", "beta", "moving_mean", "moving_variance")

Shape = tuple[int, ...]

_BOX_NUMBERS = 4
_FPN_ANCHORS = 6
_SSD_ANCHORS = (3, 6, 6, 6, 6, 6)
_SSD_MAP_DEPTHS = (576, 1280, 512, 256, 256, 128)

# The attribute's name has changed over the years.
_BACKBONE = (
    "model/_feature_extractor/classification_backbone|mobilenet_v2|_mobilenet_v2|_mobilenet_v1/layer_with_weights-"
)
_EXTRA_MAPS = "model/_feature_extractor/feature_map_generator/convolutions"
_FPN = "model/_feature_extractor/_fpn_features_generator"
_BOTTOM_UP = "model/_feature_extractor/_coarse_feature_layers"
_PREDICTOR = "model/_box_predictor"
_CLASS_HEADS = f"{_PREDICTOR}/_prediction_heads/class_predictions_with_background"
# A dropout layer, where there is one, comes before the convolution.
_CLASS_LAYER = "_class_predictor_layers/0|1"
_BOX_LAYER = "_box_encoder_layers/0"

# (expansion, channels, repeats) of MobileNetV2's bottlenecks.
_V2_GROUPS = ((1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1))
_V1_DEPTHS = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
_STEM_DEPTH = 32
_V2_LAST_DEPTH = 1280


@dataclass(frozen=True)
class Variable:
    """One variable of a checkpoint.

    `path`: attributes from the checkpoint's root, with / between them; a|b is an attribute of either name. `layer`: for
    layers that are found by their place in the backbone, the name that Keras gives to the layer that should be there.
    """

    name: str
    path: str
    shape: Shape
    layer: str = ""


@dataclass(frozen=True)
class _BackboneConv:
    """`layer`, `norm_layer`: Keras's names for the convolution and for its batch norm."""

    name: str
    layer: str
    norm_layer: str
    shape: Shape

    @property
    def depthwise(self) -> bool:
        return self.shape[-1] == 1

    @property
    def channels(self) -> int:
        return self.shape[-2] if self.depthwise else self.shape[-1]


def variables(architecture: Architecture) -> list[Variable]:
    """Every variable that the checkpoint of that architecture must hold."""
    return _LAYOUTS[architecture]()


def _ssd_mobilenet_v2() -> list[Variable]:
    found = _backbone(_mobilenet_v2())
    for number, depth in enumerate(_SSD_MAP_DEPTHS[2:], start=2):
        layers = f"{_EXTRA_MAPS}/{number}"  # convolution, norm, activation, convolution, norm, activation
        below = _SSD_MAP_DEPTHS[number - 1]
        found += _conv_norm(f"extra_{number}/squeeze", layers, 0, (1, 1, below, depth // 2))
        found += _conv_norm(f"extra_{number}/expand", layers, 3, (3, 3, depth // 2, depth))
    for number, (depth, anchors) in enumerate(zip(_SSD_MAP_DEPTHS, _SSD_ANCHORS, strict=True)):
        box = f"{_PREDICTOR}/_prediction_heads/box_encodings/{number}/{_BOX_LAYER}"
        scores = f"{_CLASS_HEADS}/{number}/{_CLASS_LAYER}"
        found += _conv_bias(f"predictor_{number}/box", box, (1, 1, depth, anchors * _BOX_NUMBERS))
        found += _conv_bias(f"predictor_{number}/class", scores, (1, 1, depth, anchors * CLASSES))
    return found


def _ssd_mobilenet_v2_fpnlite() -> list[Variable]:
    depth = 128
    found = _backbone(_mobilenet_v2())
    found += _fpn({3: 32, 4: 96, 5: _V2_LAST_DEPTH}, depth, _separable_norm)
    found += _tower("tower", "box_encodings", depth, _separable)
    for name, path, columns in _shared_heads():
        found += _separable(name, path, depth, columns)
        found.append(Variable(f"{name}/pointwise/bias", f"{path}/bias", (columns,)))
    return found


def _ssd_mobilenet_v1_fpn() -> list[Variable]:
    depth = 256
    found = _backbone(_mobilenet_v1())
    found += _fpn({3: 256, 4: 512, 5: 1024}, depth, _plain_norm)
    found += _tower("box_tower", "box_encodings", depth, _plain)
    found += _tower("class_tower", "class_predictions_with_background", depth, _plain)
    for name, path, columns in _shared_heads():
        found += _conv_bias(name, path, (3, 3, depth, columns))
    return found


_LAYOUTS: dict[Architecture, Callable[[], list[Variable]]] = {
    "ssd_mobilenet_v2": _ssd_mobilenet_v2,
    "ssd_mobilenet_v2_fpnlite": _ssd_mobilenet_v2_fpnlite,
    "ssd_mobilenet_v1_fpn": _ssd_mobilenet_v1_fpn,
}


def _mobilenet_v2() -> Iterable[_BackboneConv]:
    """The convolutions from input to output, which is Keras's order of layers too."""
    yield _BackboneConv("conv_0", "Conv1", "bn_Conv1", (3, 3, 3, _STEM_DEPTH))
    below, number = _STEM_DEPTH, 0
    for expansion, channels, repeats in _V2_GROUPS:
        for _ in range(repeats):
            layer = f"block_{number}" if number else "expanded_conv"
            wide = expansion * below
            shapes = {"expand": (1, 1, below, wide), "depthwise": (3, 3, wide, 1), "project": (1, 1, wide, channels)}
            for part, shape in shapes.items():
                if number or part != "expand":
                    name = f"block_{number}/{part}"
                    yield _BackboneConv(name, f"{layer}_{part}", f"{layer}_{part}_BN", shape)
            below, number = channels, number + 1
    yield _BackboneConv("conv_1", "Conv_1", "Conv_1_bn", (1, 1, below, _V2_LAST_DEPTH))


def _mobilenet_v1() -> Iterable[_BackboneConv]:
    """The convolutions from input to output, which is Keras's order of layers too."""
    yield _BackboneConv("conv_0", "conv1", "conv1_bn", (3, 3, 3, _STEM_DEPTH))
    below = _STEM_DEPTH
    for number, depth in enumerate(_V1_DEPTHS, start=1):
        depthwise, pointwise = f"conv_dw_{number}", f"conv_pw_{number}"
        yield _BackboneConv(f"block_{number}/depthwise", depthwise, f"{depthwise}_bn", (3, 3, below, 1))
        yield _BackboneConv(f"block_{number}/pointwise", pointwise, f"{pointwise}_bn", (1, 1, below, depth))
        below = depth


def _backbone(convs: Iterable[_BackboneConv]) -> list[Variable]:
    """Keras numbers the layers with weights of a functional model; each convolution is followed by its norm."""
    found = []
    for number, conv in enumerate(convs):
        name, layer, norm = f"backbone/{conv.name}", f"{_BACKBONE}{2 * number}", f"{_BACKBONE}{2 * number + 1}"
        kernel = "depthwise_kernel" if conv.depthwise else "kernel"
        found.append(Variable(f"{name}/kernel", f"{layer}/{kernel}", conv.shape, conv.layer))
        found += _norm(name, norm, conv.channels, conv.norm_layer)
    return found


def _fpn(depths: dict[int, int], depth: int, conv_norm: Callable[[str, str, int], list[Variable]]) -> list[Variable]:
    """`depths`: of the backbone's maps, by pyramid level. Projections and smoothings go from the top down."""
    found = _conv_bias("fpn/projection_5", f"{_FPN}/top_layers/0", (1, 1, depths[5], depth))
    for number, level in enumerate((4, 3)):
        projection = f"{_FPN}/residual_blocks/{number}/0"
        found += _conv_bias(f"fpn/projection_{level}", projection, (1, 1, depths[level], depth))
        found += conv_norm(f"fpn/smoothing_{level}", f"{_FPN}/conv_layers/{number}", depth)
    for number, level in enumerate((6, 7)):
        found += conv_norm(f"fpn/bottom_up_{level}", f"{_BOTTOM_UP}/{number}", depth)
    return found


def _tower(name: str, head: str, depth: int, conv: Callable[[str, str, int, int], list[Variable]]) -> list[Variable]:
    """The levels share the convolutions; each has batch norms of its own."""
    found = []
    for number in range(TOWER_CONVS):
        for place, level in enumerate(LEVELS):
            layers = f"{_PREDICTOR}/_base_tower_layers_for_heads/{head}/{place}"  # convolution, norm, activation, ...
            if place == 0:
                found += conv(f"{name}/conv_{number}", f"{layers}/{3 * number}", depth, depth)
            found += _norm(f"{name}/conv_{number}/level_{level}", f"{layers}/{3 * number + 1}", depth)
    return found


def _shared_heads() -> tuple[tuple[str, str, int], ...]:
    """Name, path and columns of the predictors that all levels share."""
    return (
        ("predictor/box", f"{_PREDICTOR}/_box_prediction_head/{_BOX_LAYER}", _FPN_ANCHORS * _BOX_NUMBERS),
        ("predictor/class", f"{_CLASS_HEADS}/{_CLASS_LAYER}", _FPN_ANCHORS * CLASSES),
    )


def _norm(name: str, path: str, channels: int, layer: str = "") -> list[Variable]:
    return [Variable(f"{name}/{value}", f"{path}/{value}", (channels,), layer) for value in NORM_VALUES]


def _conv_norm(name: str, layers: str, place: int, shape: Shape) -> list[Variable]:
    """A plain convolution at a place in a list of layers, and its norm behind it."""
    kernel = Variable(f"{name}/kernel", f"{layers}/{place}/kernel", shape)
    return [kernel, *_norm(name, f"{layers}/{place + 1}", shape[-1])]


def _conv_bias(name: str, path: str, shape: Shape) -> list[Variable]:
    return [
        Variable(f"{name}/kernel", f"{path}/kernel", shape),
        Variable(f"{name}/bias", f"{path}/bias", shape[-1:]),
    ]


def _plain(name: str, path: str, below: int, depth: int) -> list[Variable]:
    return [Variable(f"{name}/kernel", f"{path}/kernel", (3, 3, below, depth))]


def _separable(name: str, path: str, below: int, depth: int) -> list[Variable]:
    """One SeparableConv2D: nothing between its two kernels."""
    return [
        Variable(f"{name}/depthwise/kernel", f"{path}/depthwise_kernel", (3, 3, below, 1)),
        Variable(f"{name}/pointwise/kernel", f"{path}/pointwise_kernel", (1, 1, below, depth)),
    ]


def _plain_norm(name: str, layers: str, depth: int) -> list[Variable]:
    return _conv_norm(name, layers, 0, (3, 3, depth, depth))


def _separable_norm(name: str, layers: str, depth: int) -> list[Variable]:
    return [*_separable(name, f"{layers}/0", depth, depth), *_norm(f"{name}/pointwise", f"{layers}/1", depth)]
