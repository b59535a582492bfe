"""A decoded picture -> the JPEG that is kept, with its size and fingerprint."""

import threading
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from ftcml.core.pictures.near_duplicates import fingerprint
from videos.decoding import shape
from videos.decoding.colors import Painter

# Of pictures of 1280 x 720. Chosen by what 1,000 frames of a film take (docs/contributors/videos.md).
QUALITY = 85
# Fingerprints are made of small pictures; averages of whole blocks bring them close to that size.
_SMALL = 64
_own = threading.local()


@dataclass(frozen=True)
class EncodedPicture:
    """`jpeg` has no metadata. `fingerprint`: see ftcml/core/pictures/near_duplicates.py."""

    jpeg: bytes
    width: int
    height: int
    fingerprint: str


def encoded(frame: VideoFrame, pixel_aspect: Fraction | None) -> EncodedPicture:
    """Scale, color, turn and pack the picture. Several threads may do this at once."""
    if not hasattr(_own, "painter"):
        _own.painter = Painter()
    form = shape.of(frame, pixel_aspect)
    pixels = form.turned(_own.painter.pixels(frame, *form.kept()))
    is_packed, jpeg = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
    if not is_packed:
        raise ValueError("OpenCV could not pack a picture")
    height, width = pixels.shape[:2]
    return EncodedPicture(jpeg.tobytes(), width, height, _fingerprint(pixels))


def _fingerprint(pixels: NDArray[np.uint8]) -> str:
    height, width = pixels.shape[:2]
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    size = (width // max(width // _SMALL, 1), height // max(height // _SMALL, 1))
    return fingerprint(Image.fromarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA)))
