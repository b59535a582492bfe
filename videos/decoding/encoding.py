"""A decoded picture -> the JPEG that is kept, with its size and fingerprint."""

import threading
from dataclasses import dataclass

import cv2
from av.video.frame import VideoFrame
from PIL import Image

from ftcml.core.pictures.near_duplicates import fingerprint
from videos.decoding.colors import Painter, Pixels
from videos.decoding.shape import View

# 1,000 frames, the most of a video, are to take less than 100 MB. Few pictures of 1280 x 720 need less than the second
# quality for it; at 70, grass in the wind still differs from the film by 41 dB (`make bench BENCH=videos`).
MOST_BYTES = 100_000
_QUALITIES = (85, 70, 55, 40)
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


def encoded(frame: VideoFrame, view: View) -> EncodedPicture:
    """Scale, color, turn and pack the picture. Several threads may do this at once."""
    if not hasattr(_own, "painter"):
        _own.painter = Painter()
    pixels = view.turn.turned(_own.painter.pixels(frame, *view.kept(frame.width, frame.height)))
    height, width = pixels.shape[:2]
    return EncodedPicture(_packed(pixels), width, height, _fingerprint(pixels))


def _packed(pixels: Pixels) -> bytes:
    """The best JPEG of at most MOST_BYTES; the smallest where none is."""
    for quality in _QUALITIES:
        _, jpeg = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, quality))
        if len(jpeg) <= MOST_BYTES:
            break
    return jpeg.tobytes()


def _fingerprint(pixels: Pixels) -> str:
    height, width = pixels.shape[:2]
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    size = (width // max(width // _SMALL, 1), height // max(height // _SMALL, 1))
    return fingerprint(Image.fromarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA)))
