"""How large a detector sees an object: which boxes are hard to find, the same for datasets and for videos."""

from bisect import bisect_right
from collections.abc import Sequence

# The side in pixels of the input of the model that teams start with, to which every frame is scaled.
INPUT_SIDE = 320
# A box with a smaller side than so many of those pixels is hard to find: it hardly covers one place of the usual
# model's finest grid, which has one for every 16 pixels.
SMALLEST_SIDE = 10
# Where the next class of sizes begins, in pixels of the smaller side: 0 to 10, 10 to 20, … and 160 or more.
SIZE_STEPS = (SMALLEST_SIDE, 20, 40, 80, 160)
# One small box in ten may be an object that goes away into the distance; more of them are how the set was filmed.
SMALL_SHARE = 0.1
# Less of an object than a pixel of its frame, across or down, is nothing to learn from; numbers in files are rounded.
LEAST_SIDE = 0.98
# A share of a pixel's millionth is a matter of floating point.
_DIGITS = 6
SIDE_TOLERANCE = 10**-_DIGITS / 2


def smaller_side(box: Sequence[float]) -> float:
    """The smaller of a box's width and height once its frame is scaled to the model's input, in pixels.

    `box`: (ymin, xmin, ymax, xmax) as fractions of the frame.
    """
    ymin, xmin, ymax, xmax = box
    return round(min(ymax - ymin, xmax - xmin) * INPUT_SIDE, _DIGITS)


def no_sizes() -> list[int]:
    """Return no box in each class of SIZE_STEPS."""
    return [0] * (len(SIZE_STEPS) + 1)


def size_class(box: Sequence[float]) -> int:
    """Return the place of a box's class among those of SIZE_STEPS. `box`: as in `smaller_side`."""
    return bisect_right(SIZE_STEPS, smaller_side(box))


def small_share(sizes: Sequence[int]) -> float:
    """Return the part of the boxes that are smaller than SMALLEST_SIDE, 0 to 1. `sizes`: how many are in each class."""
    return sizes[0] / sum(sizes) if any(sizes) else 0.0
