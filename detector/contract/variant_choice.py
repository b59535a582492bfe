"""Which variant of an exported model is downloaded by default, and which are marked. Pure Python."""

from collections.abc import Sequence
from dataclasses import replace

from detector.contract.spec import DEVICE_FILES, FLOAT32, Variant

# Of AP@.50, where 1 is everything right.
MAY_LOSE = 0.01
IS_MARKED_FROM = 0.02
# What decimal fractions do not say exactly, so that a loss of just one point is a loss of one point.
_ROUNDING = 1e-9


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
