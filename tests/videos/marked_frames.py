"""Reads the marks that each frame of the case videos carries: its number, and a color in each corner."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

# Where the middle of each is, as parts of the width and height, and its color.
_CORNERS = {
    (0.07, 0.1): (220, 30, 30),
    (0.93, 0.1): (30, 200, 40),
    (0.07, 0.9): (30, 40, 220),
    (0.93, 0.9): (225, 215, 30),
}
_BITS = 8
_FIRST_BIT, _BETWEEN_BITS, _HEIGHT_OF_BITS = 0.14, 0.103, 0.4


@dataclass(frozen=True)
class Marks:
    """`off`: how much the worst channel of a corner differs from its color. A frame on its side is far off."""

    number: int
    off: float


def read_marks(picture: Image.Image) -> Marks:
    pixels = np.asarray(picture.convert("RGB"), float)
    dots = [_at(pixels, _FIRST_BIT + _BETWEEN_BITS * bit, _HEIGHT_OF_BITS).mean() for bit in range(_BITS)]
    number = int("".join("1" if dot > 128 else "0" for dot in dots), 2)
    off = max(float(np.abs(_at(pixels, *place) - color).max()) for place, color in _CORNERS.items())
    return Marks(number, off)


def _at(pixels: np.ndarray, x: float, y: float) -> np.ndarray:
    """The average color of a small spot."""
    height, width = pixels.shape[:2]
    rows = slice(int(height * (y - 0.04)), max(int(height * (y + 0.04)), int(height * (y - 0.04)) + 1))
    columns = slice(int(width * (x - 0.02)), max(int(width * (x + 0.02)), int(width * (x - 0.02)) + 1))
    return pixels[rows, columns].mean(axis=(0, 1))
