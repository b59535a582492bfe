"""Films of every container and codec, and what can be wrong with their files. The seed decides every byte."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

FRAMES = 20
_SIZE = (160, 96)
_FORMS = (
    ("mp4", "libx264", "yuv420p"),
    ("mov", "libx265", "yuv420p10le"),
    ("webm", "libvpx", "yuv420p"),
    ("webm", "libvpx-vp9", "yuv420p"),
    ("mkv", "libsvtav1", "yuv420p"),
    ("avi", "mjpeg", "yuvj420p"),
)


@dataclass(frozen=True)
class Film:
    """`form`: its codec and container. `filename`: as a person would call it."""

    form: str
    filename: str
    content: bytes


@dataclass(frozen=True)
class Case:
    """One film with something wrong in it, told from the others of its seed by `number`."""

    number: int
    kind: str
    film: Film


def _some_bytes(rng: random.Random, data: bytearray) -> bytes:
    for _ in range(rng.choice((1, 10, 100, 1000))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def _bits_of_header(rng: random.Random, data: bytearray) -> bytes:
    """Where sizes, counts and times are: at the front, and in MP4 at the end."""
    front = rng.random() < 0.5
    for _ in range(rng.choice((1, 3, 10))):
        place = rng.randrange(min(1500, len(data)))
        data[place if front else -place - 1] ^= 1 << rng.randrange(8)
    return bytes(data)


def _large_numbers(rng: random.Random, data: bytearray) -> bytes:
    place = rng.randrange(len(data) - 8)
    data[place : place + 4] = rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1"))
    return bytes(data)


def _cut(rng: random.Random, data: bytearray) -> bytes:
    return bytes(data[: rng.randrange(len(data))])


def _hole(rng: random.Random, data: bytearray) -> bytes:
    begin = rng.randrange(len(data))
    return bytes(data[:begin] + data[begin + rng.randrange(1, 2000) :])


def _twice(rng: random.Random, data: bytearray) -> bytes:
    begin = rng.randrange(len(data))
    return bytes(data[:begin] + data[rng.randrange(len(data)) :][:4000] + data[begin:])


_KINDS: dict[str, Callable[[random.Random, bytearray], bytes]] = {
    "some bytes": _some_bytes,
    "bits of headers": _bits_of_header,
    "large numbers": _large_numbers,
    "cut off": _cut,
    "a hole": _hole,
    "a piece twice": _twice,
}
KINDS = tuple(_KINDS)


def cases(seed: int, numbers: Sequence[int], folder: Path) -> Iterator[Case]:
    """Yield the cases with these numbers: all films in turn, each with all kinds of damage in turn."""
    sound = list(_sound(folder))
    for number in numbers:
        film, kind = sound[number % len(sound)], KINDS[number // len(sound) % len(KINDS)]
        rng = random.Random(f"{seed} {number}")  # noqa: S311 - nothing secret
        damaged = _KINDS[kind](rng, bytearray(film.content))
        yield Case(number, kind, Film(film.form, film.filename, damaged))


def _sound(folder: Path) -> Iterator[Film]:
    """A film of each form."""
    rng = np.random.default_rng(0)
    width, height = _SIZE
    shown = rng.integers(0, 255, (height + FRAMES, width, 3), np.uint8)
    for ending, codec, pixels in _FORMS:
        path = folder / f"sound.{ending}"
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=30)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = width, height, pixels
            for number in range(FRAMES):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown[number : number + height]))
                container.mux(stream.encode(frame.reformat(format=pixels)))
            container.mux(stream.encode(None))
        yield Film(f"{codec} in {ending}", f"film.{ending}", path.read_bytes())
