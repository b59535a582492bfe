"""The size in which a picture of a video is shown, and which way up: square pixels, turned as the camera was held."""

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray

# A training sees frames at 320 to 640 pixels, and people label on screens. Larger frames cost space and show no more.
LONGEST_SIDE = 1280
# Pixels may be so much wider than high, or the reverse. More is a damaged file.
_WIDEST_PIXEL = 4
_QUARTERS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True)
class Shape:
    """How a decoded picture becomes the one that is shown.

    `width`, `height`: with square pixels, before it is turned. `quarters`: clockwise, after it was mirrored.
    """

    width: int
    height: int
    is_mirrored: bool
    quarters: int

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height once it is turned."""
        return (self.height, self.width) if self.quarters % 2 else (self.width, self.height)

    def kept(self) -> tuple[int, int]:
        """Width and height to scale a decoded picture to: at most LONGEST_SIDE."""
        scale = min(1.0, LONGEST_SIDE / max(self.width, self.height))
        return max(round(self.width * scale), 1), max(round(self.height * scale), 1)

    def turned(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Pixels [height, width, channels] as they are shown."""
        if self.is_mirrored:
            pixels = cv2.flip(pixels, 1)
        return cv2.rotate(pixels, _QUARTERS[self.quarters]) if self.quarters else pixels


def of(frame: VideoFrame, pixel_aspect: Fraction | None) -> Shape:
    """The shape of a decoded picture whose pixels are `pixel_aspect` times as wide as high."""
    aspect = pixel_aspect or Fraction(1)
    if not Fraction(1, _WIDEST_PIXEL) <= aspect <= _WIDEST_PIXEL:
        aspect = Fraction(1)
    is_mirrored, quarters = _orientation(frame)
    return Shape(max(round(frame.width * aspect), 1), frame.height, is_mirrored, quarters)


def _orientation(frame: VideoFrame) -> tuple[bool, int]:
    """Whether to mirror the picture from left to right, and how many quarters to turn it then."""
    for side_data in frame.side_data:
        if side_data.type == Type.DISPLAYMATRIX and side_data.buffer_size >= 36:
            a, b, _, c, d = np.frombuffer(side_data, np.int32)[:5].astype(float)
            return _by_matrix(a, b, c, d)
    return False, 0


def _by_matrix(a: float, b: float, c: float, d: float) -> tuple[bool, int]:
    """By the matrix of a player: a point (x, y) is shown at (a x + c y, b x + d y). One that isn't square is ignored."""
    is_mirrored = a * d - b * c < 0
    if is_mirrored:
        a, b = -a, -b
    across, down = max(abs(a), abs(d)), max(abs(b), abs(c))
    if min(across, down) > max(across, down) / 8 or max(across, down) == 0:
        return False, 0
    if across > down:
        return is_mirrored, 0 if a > 0 else 2
    return is_mirrored, 1 if b > 0 else 3
