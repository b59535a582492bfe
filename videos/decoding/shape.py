"""The size in which a picture of a video is shown, and which way up: square pixels, turned as the camera was held."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# A training sees frames at 320 to 640 pixels, and people label on screens. Larger frames cost space and show no more.
LONGEST_SIDE = 1280
# Pixels may be so much wider than high, or the reverse. More is a damaged file.
_WIDEST_PIXEL = 4
_MATRIX = "DISPLAYMATRIX"
_QUARTERS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True)
class Turn:
    """How the camera was held: `quarters` to turn a picture clockwise, after it was mirrored from left to right."""

    is_mirrored: bool = False
    quarters: int = 0

    def turned(self, pixels: Pixels) -> Pixels:
        """Pixels [height, width, channels] as they are shown."""
        if self.is_mirrored:
            pixels = np.ascontiguousarray(pixels[:, ::-1])
        return np.asarray(cv2.rotate(pixels, _QUARTERS[self.quarters]), np.uint8) if self.quarters else pixels


@dataclass(frozen=True)
class View:
    """How the pictures of a track are shown. `pixel_aspect`: how many times as wide as high their pixels are."""

    pixel_aspect: Fraction
    turn: Turn

    def shown(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of a picture of that size with square pixels, once it is turned."""
        width = self._squared(width)
        return (height, width) if self.turn.quarters % 2 else (width, height)

    def kept(self, width: int, height: int) -> tuple[int, int]:
        """Width and height to scale such a picture to before it is turned: square pixels, at most LONGEST_SIDE."""
        width = self._squared(width)
        scale = min(1.0, LONGEST_SIDE / max(width, height))
        return max(round(width * scale), 1), max(round(height * scale), 1)

    def _squared(self, width: int) -> int:
        return max(round(width * self.pixel_aspect), 1)


def view(first: VideoFrame, pixel_aspect: Fraction | None) -> View:
    """Return how the pictures of a track are shown, of which this is the first.

    Asked of the first alone: PyAV holds a picture whose notes were read until Python next looks for what is unused.
    """
    aspect = pixel_aspect or Fraction(1)
    is_likely = Fraction(1, _WIDEST_PIXEL) <= aspect <= _WIDEST_PIXEL
    notes: Any = first.side_data  # PyAV types it as what it holds of one codec
    turn = _by_matrix(np.frombuffer(bytes(notes[_MATRIX]), np.int32)) if _MATRIX in notes else Turn()
    return View(aspect if is_likely else Fraction(1), turn)


def _by_matrix(matrix: NDArray[np.int32]) -> Turn:
    """By the matrix of a player: a point (x, y) is shown at (a x + c y, b x + d y). Other angles are ignored."""
    a, b, _, c, d = matrix[:5].astype(float)
    is_mirrored = a * d - b * c < 0
    if is_mirrored:
        a, b = -a, -b
    across, down = max(abs(a), abs(d)), max(abs(b), abs(c))
    if min(across, down) > max(across, down) / 8 or not max(across, down):
        return Turn()
    if across > down:
        return Turn(is_mirrored, 0 if a > 0 else 2)
    return Turn(is_mirrored, 1 if b > 0 else 3)
