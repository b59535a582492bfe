"""The colors of a decoded picture as its own player shows them, in 8 bits for a screen of today.

Most videos need the right matrix and range, which FFmpeg applies. Phones also film HDR: in HLG (iPhone, and the base of
Dolby Vision 8) or PQ (HDR10), with the wide colors of BT.2020. Such a picture is turned to light, then to the colors of
BT.709; what is brighter than paper white is rolled off.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Curve = NDArray[np.float32]

# ITU-T H.273, matrix coefficients: what a video says -> what FFmpeg's scaler calls it.
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
_RGB = 0
# Players take an untagged video of this size or more for HD, and its colors for those of BT.709.
_HD_WIDTH, _HD_HEIGHT = 1280, 720
# Light in cd/m²: paper white in HDR, by ITU-R BT.2408, and the display that HLG is made for.
_PAPER_WHITE, _HLG_PEAK = 203.0, 1000.0
# The part of paper white from which light is rolled off, so that a sky keeps its clouds.
_KNEE = 0.8
_TO_BT709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
# Values of a curve's table. Light reaches to _BRIGHTEST times paper white.
_STEPS, _BRIGHTEST = 4096, 5.0
_SCREEN_GAMMA = 2.4


@dataclass(frozen=True)
class _Source:
    """How a picture codes its colors. `to_light`: its table where it is no plain SDR."""

    matrix: Colorspace | None
    range: ColorRange
    to_light: Curve | None


class Painter:
    """Turns decoded pictures into pixels. One thread at a time may use it."""

    def __init__(self) -> None:
        self._scaler = VideoReformatter()

    def pixels(self, frame: VideoFrame, width: int, height: int) -> Pixels:
        """The picture in that size: [height, width, 3], blue, green, red."""
        source = _source(frame)
        if source.to_light is None:
            return self._scaled(frame, source, width, height, "bgr24")
        wide = self._scaled(frame, source, width, height, "rgb48le")
        return _for_screen(wide, source.to_light)

    def _scaled(self, frame: VideoFrame, source: _Source, width: int, height: int, form: str) -> NDArray[Any]:
        is_smaller = width < frame.width or height < frame.height
        scaled = self._scaler.reformat(
            frame,
            width,
            height,
            form,
            src_colorspace=source.matrix,
            src_color_range=source.range,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA if is_smaller else Interpolation.BILINEAR,
            threads=1,
        )
        return scaled.to_ndarray()


def _source(frame: VideoFrame) -> _Source:
    is_full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj") or frame.format.is_rgb
    to_light = _to_light(frame.color_trc, frame.color_primaries)
    return _Source(_matrix(frame, to_light), ColorRange.JPEG if is_full else ColorRange.MPEG, to_light)


def _matrix(frame: VideoFrame, to_light: Curve | None) -> Colorspace | None:
    if frame.format.is_rgb:
        return None
    if frame.colorspace in _MATRICES:
        return _MATRICES[frame.colorspace]
    if to_light is not None:
        return Colorspace.BT2020
    is_hd = frame.width >= _HD_WIDTH or frame.height >= _HD_HEIGHT
    return Colorspace.ITU709 if is_hd else Colorspace.ITU601


def _to_light(transfer: int, primaries: int) -> Curve | None:
    """The table from code to light for that transfer function; None for a picture that a screen shows as it is."""
    if transfer == ColorTrc.ARIB_STD_B67:
        return _hlg()
    if transfer == ColorTrc.SMPTE2084:
        return _pq()
    return _wide_sdr() if primaries == ColorPrimaries.BT2020 else None


@cache
def _hlg() -> Curve:
    """ITU-R BT.2100: the light of the scene, then how a display of 1,000 cd/m² shows it."""
    code = np.linspace(0, 1, _STEPS)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    return (scene**1.2 * _HLG_PEAK / _PAPER_WHITE).astype(np.float32)


@cache
def _pq() -> Curve:
    """SMPTE ST 2084."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = np.linspace(0, 1, _STEPS) ** (1 / m2)
    light = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return (light / _PAPER_WHITE).astype(np.float32)


@cache
def _wide_sdr() -> Curve:
    return (np.linspace(0, 1, _STEPS) ** _SCREEN_GAMMA).astype(np.float32)


@cache
def _to_code() -> Pixels:
    """From light, 0 to _BRIGHTEST in _STEPS, to what a screen is sent."""
    light = np.linspace(0, _BRIGHTEST, _STEPS * 4)
    over = np.maximum(light - _KNEE, 0)
    rolled = np.minimum(light, _KNEE) + (1 - _KNEE) * (1 - np.exp(-over / (1 - _KNEE)))
    return np.round(255 * np.clip(rolled, 0, 1) ** (1 / _SCREEN_GAMMA)).astype(np.uint8)


def _for_screen(wide: NDArray[np.uint16], to_light: Curve) -> Pixels:
    light = np.take(to_light, wide >> 4)
    narrow = cv2.transform(light, _TO_BT709[::-1])  # to blue, green, red
    table = _to_code()
    steps = np.clip(narrow * ((len(table) - 1) / _BRIGHTEST), 0, len(table) - 1).astype(np.uint16)
    return np.take(table, steps)
