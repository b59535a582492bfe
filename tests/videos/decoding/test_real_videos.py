"""Small videos and a picture as devices write them: each frame's own pixels tell its number, its way up and its colors.

Eight blocks along the upper third show the number in binary, the highest bit at the left.
"""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ftcml.core.pictures.upright import upright_jpeg
from tests.conftest import REAL_DATA
from videos.decoding.choosing import EveryNth
from videos.decoding.decoder import Limits, decode
from videos.decoding.undecodable import UndecodableVideo

CASES = REAL_DATA.parent / "cases" / "videos"
LIMITS = Limits(seconds=120, pixels=3840 * 2160, frames=1000)
CORNERS = {
    (0.07, 0.1): (220, 30, 30),
    (0.93, 0.1): (30, 200, 40),
    (0.07, 0.9): (30, 40, 220),
    (0.93, 0.9): (225, 215, 30),
}
OFF_BY = 12
NAMES = [
    "IMG_0077.HEIC",
    "av1.mp4",
    "cover-picture-first.mp4",
    "cut-by-edit-list.mov",
    "iphone-hdr-10bit-place.mov",
    "never-finished.mp4",
    "odd-size-mjpeg.avi",
    "one-frame.mp4",
    "portrait-by-flag.mov",
    "recorded-in-browser.webm",
    "sound-alone.mp4",
    "variable-rate.mp4",
    "wide-pixels.mp4",
    "🤖 tape #1 100%.mp4",
]


def pictures_of(path: Path) -> list[bytes]:
    if path.suffix == ".HEIC":
        return [upright_jpeg(path.read_bytes()).jpeg]
    return [frame.picture.jpeg for frame in decode(path, EveryNth(), LIMITS)]


def around(pixels: np.ndarray, x: float, y: float) -> np.ndarray:
    height, width = pixels.shape[:2]
    rows = slice(int(height * (y - 0.04)), int(height * (y + 0.04)))
    return pixels[rows, int(width * (x - 0.02)) : int(width * (x + 0.02))].mean((0, 1))


def number_of(pixels: np.ndarray) -> int:
    return sum((around(pixels, 0.14 + 0.103 * bit, 0.4).mean() > 128) << 7 - bit for bit in range(8))


@pytest.mark.parametrize("name", NAMES)
def test_its_frames_are_right_one_by_one(name: str) -> None:
    if not (CASES / name).exists():
        pytest.skip(f"{CASES} has no {name}: the videos of devices are not on this machine")
    expected = json.loads((CASES / "expected.json").read_text())[name]
    if "refused" in expected:
        with pytest.raises(UndecodableVideo):
            pictures_of(CASES / name)
        return
    jpegs = pictures_of(CASES / name)
    shown = [np.asarray(Image.open(io.BytesIO(jpeg)), float) for jpeg in jpegs]
    assert [number_of(pixels) for pixels in shown] == expected.get("numbers", [expected.get("picture")])
    assert {pixels.shape[1::-1] for pixels in shown} == {tuple(expected["size"])}
    off = [abs(around(pixels, *place) - color).max() for pixels in shown for place, color in CORNERS.items()]
    assert max(off) < OFF_BY
    assert not any(expected.get("forget", "+37.3349").encode() in jpeg for jpeg in jpegs)
