"""The sample video that a newcomer starts with: game pieces that move over a floor for four seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from videos.sample import pieces
from videos.sample.scenery import WIDTH, background, cast_shadow, lit

FILENAME = "balls-and-cubes.webm"
HEIGHT = 360
RATE, FRAMES = 30, 120
_HORIZON = 110
# Rows above this are cut from what scenery.py draws.
_TOP = 40
_LAMP = -0.4
_SEED = 5
_BITS_PER_SECOND = 900_000
# Pixels across, and the row of its foot, of a thing at the wall and of one at the camera.
_FARTHEST, _NEAREST = (30, _HORIZON + 22), (150, HEIGHT + _TOP - 8)


@dataclass(frozen=True)
class _Mover:
    """A thing on its way over the floor. Places are parts: of the width, and from the wall to the camera."""

    picture: Image.Image
    begin: tuple[float, float]
    end: tuple[float, float]

    def at(self, part: float) -> tuple[Image.Image, int, int]:
        """The thing at that part of its way, with its left and top: it begins and ends slowly."""
        eased = part * part * (3 - 2 * part)
        x, near = (begin + (end - begin) * eased for begin, end in zip(self.begin, self.end, strict=True))
        size, foot = (far + (close - far) * near for far, close in zip(_FARTHEST, _NEAREST, strict=True))
        scale = size / self.picture.width
        shown = self.picture.resize((round(size), max(round(self.picture.height * scale), 1)), Image.Resampling.LANCZOS)
        return shown, round(x * WIDTH - size / 2), round(foot) - shown.height


def write(path: Path) -> None:
    """Write the video as WebM, the same pictures each time."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", rate=RATE, options={"deadline": "realtime", "cpu-used": "7"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", _BITS_PER_SECOND
        for number, picture in enumerate(frames()):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture))
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def frames() -> Iterator[Image.Image]:
    """The pictures of the video, 640 x 360."""
    rng = np.random.default_rng(_SEED)
    empty = Image.fromarray(background(rng, _HORIZON).clip(0, 255).astype(np.uint8))
    movers = _movers(rng)
    for number in range(FRAMES):
        scene = empty.copy()
        # Those whose foot is lower stand before the others.
        shown = sorted((mover.at(number / (FRAMES - 1)) for mover in movers), key=lambda one: one[2] + one[0].height)
        for picture, left, top in shown:
            cast_shadow(scene, picture, left, top, _LAMP)
            scene.paste(picture, (left, top), picture)
        # The same light in each, and the same noise, which a small file can't hold otherwise.
        photograph = lit(np.random.default_rng(_SEED), np.asarray(scene, np.float32))
        yield photograph.crop((0, _TOP, WIDTH, _TOP + HEIGHT))


def _movers(rng: np.random.Generator) -> list[_Mover]:
    light = np.array([_LAMP, -1.0, -0.7]) / np.linalg.norm([_LAMP, -1.0, -0.7])
    size = _NEAREST[0]
    return [
        _Mover(pieces.ball(rng, size, light), (0.12, 0.75), (0.85, 0.35)),
        _Mover(pieces.ball(rng, size, light), (0.9, 0.9), (0.3, 0.65)),
        _Mover(pieces.cube(rng, size, light), (0.45, 0.05), (0.6, 0.8)),
        _Mover(pieces.cube(rng, size, light), (0.25, 0.3), (0.1, 0.5)),
        _Mover(pieces.cone(rng, size, light), (0.72, 0.2), (0.72, 0.2)),
    ]
