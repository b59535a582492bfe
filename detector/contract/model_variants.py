"""The files of an exported model: what each is worth, which is downloaded by default, which are marked. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

FLOAT32 = "float32"
# How the weights of a `.tflite` file can be stored, and for int8 the calculations too.
VARIANTS = (FLOAT32, "float16", "dynamic", "int8")
LIMELIGHT, ONNX_RAW, ONNX_NMS = "limelight", "onnx-raw", "onnx-nms"
# Further files of a model, each for one kind of device, with the endings of their names. None is ever the default.
DEVICE_FILES = {LIMELIGHT: ".zip", ONNX_RAW: ".onnx", ONNX_NMS: ".onnx"}
# What a model takes of a picture's values, 0 to 255: (value - PIXEL_MEAN) / PIXEL_STD, so -1 to 1.
PIXEL_MEAN = PIXEL_STD = 127.5

# Of AP@.50, where 1 is everything right.
MAY_LOSE = 0.01
IS_MARKED_FROM = 0.02
# What decimal fractions do not say exactly, so that a loss of just one point is a loss of one point.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Agreement:
    """A variant's detections beside those of float32 on the same frames, both above a score of 0.5.

    `objects`: what float32 finds. `same`, `near`: how many of those the variant finds too, with the same label and an
    intersection over union above 0.9, above 0.5. `extra`: what the variant finds besides.
    """

    objects: int
    same: int
    near: int
    extra: int


@dataclass(frozen=True)
class Variant:
    """One exported file, of VARIANTS or of DEVICE_FILES, and what it is worth.

    `latency_ms`: median of a frame, on one core of the machine that measured. `ap50`, `ap`: on the evaluation frames,
    with as many detections a frame as the file gives; None where no evaluation frame has an object. `ap50_low`,
    `ap50_high`: between them lie 95 % of the values that ap50 takes on frames drawn anew from the same ones.
    `compared_on`, `frames`: the split, and how many of its frames, all of this was measured on. `is_default`,
    `less_accurate`: see `choose`.
    """

    name: str
    file: str
    size: int
    latency_ms: float
    ap50: float | None
    ap50_low: float | None
    ap50_high: float | None
    ap: float | None
    compared_on: Literal["evaluation", "training"]
    frames: int
    agreement: Agreement
    is_default: bool = False
    less_accurate: bool = False


def model_name(variant: str) -> str:
    return f"model-{variant}{model_ending(variant)}"


def model_ending(variant: str) -> str:
    return DEVICE_FILES.get(variant, ".tflite")


def choose(variants: Sequence[Variant]) -> list[Variant]:
    """The same variants, one of them the default, and those marked that lose more than two points.

    The default is the fastest of those that lose at most one point of AP@.50 against float32, of equally fast ones the
    smallest; a file for one kind of device is never the default. Without AP@.50 it is float32, and none is marked.
    Raises StopIteration where float32 is missing.
    """
    reference = next(variant for variant in variants if variant.name == FLOAT32)
    for_all = [variant for variant in variants if variant.name not in DEVICE_FILES]
    allowed = [variant for variant in for_all if _loss(variant, reference) <= MAY_LOSE + _ROUNDING]
    default = reference
    if reference.ap50 is not None:
        default = min(allowed, key=lambda variant: (variant.latency_ms, variant.size))
    return [
        replace(
            variant,
            is_default=variant is default,
            less_accurate=_loss(variant, reference) > IS_MARKED_FROM + _ROUNDING,
        )
        for variant in variants
    ]


def _loss(variant: Variant, reference: Variant) -> float:
    """In AP@.50; what is not known counts as none."""
    if variant.ap50 is None or reference.ap50 is None:
        return 0.0
    return reference.ap50 - variant.ap50
