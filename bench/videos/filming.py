"""A film for benches: photographs under a moving camera, with its noise, as a phone records 1080p."""

import io
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT, RATE = 1920, 1080, 30
_BITS_PER_SECOND = 14_000_000
_SECONDS_A_PICTURE = 2.5
_MOST_PICTURES = 24
_NOISE = 3.0
Pixels = NDArray[np.uint8]


def film(path: Path, seconds: int, photographs: Path | None) -> Path:
    """Write an H.264 film. `photographs`: a zip with large pictures; None for rendered ones."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = _BITS_PER_SECOND
        for pixels in _frames(seconds * RATE, _pictures(photographs)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def repeated(source: Path, path: Path, times: int) -> Path:
    """Write the film several times over in one file, without packing it again."""
    with av.open(str(path), "w") as target:
        stream: VideoStream | None = None
        for turn in range(times):
            with av.open(str(source)) as container:
                film = container.streams.video[0]
                stream = stream or target.add_stream_from_template(film)
                shift = int(turn * Fraction(film.frames, RATE) / (film.time_base or 1))
                for packet in container.demux(film):
                    if packet.dts is not None and packet.pts is not None:
                        packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                        target.mux(packet)
    return path


def _pictures(photographs: Path | None) -> list[Pixels]:
    if photographs is None:
        from datasets.sample import sample_dataset

        files = [sample.read() for sample in sample_dataset.samples(_MOST_PICTURES)]
    else:
        with zipfile.ZipFile(photographs) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg")))
            files = [archive.read(name) for name in names[:_MOST_PICTURES]]
    return [np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))[..., ::-1] for data in files]


def _frames(count: int, pictures: list[Pixels]) -> Iterator[Pixels]:
    """Each picture for a while, slowly nearer and to the side."""
    rng = np.random.default_rng(0)
    noise = [rng.normal(0, _NOISE, (HEIGHT, WIDTH, 1)).astype(np.int16).repeat(3, axis=2) for _ in range(8)]
    each = int(_SECONDS_A_PICTURE * RATE)
    for number in range(count):
        picture, part = pictures[number // each % len(pictures)], number % each / each
        height, width = picture.shape[:2]
        scale = max(WIDTH / width, HEIGHT / height) * (1.15 + 0.3 * part)
        x, y = width * (0.45 + 0.1 * part), height * (0.5 + 0.03 * np.sin(number / 20))
        move = np.array([[scale, 0, WIDTH / 2 - scale * x], [0, scale, HEIGHT / 2 - scale * y]])
        moved = cv2.warpAffine(picture, move, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        yield np.asarray(cv2.add(moved, noise[number % len(noise)], dtype=cv2.CV_8U), np.uint8)
