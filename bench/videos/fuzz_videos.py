"""Damaged videos, each decoded in a process with limits: frames come out, or one refusal, in bounded time and memory.

    make fuzz FUZZ=fuzz_videos
    make fuzz FUZZ=fuzz_videos ARGS='--seed 3 --only 17'

Films of every container and codec are cut, overwritten, shuffled, and their headers made to lie, by numbers that the
seed decides.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from bench.server import report, settings
from bench.server.report import Target
from bench.videos.extraction import Taken, take

COUNT = 200
LIMIT_SECONDS = 60.0
LIMIT_MB = 600.0
_FRAMES = 20
_FORMS = (
    ("mp4", "libx264", "yuv420p"),
    ("mov", "libx265", "yuv420p10le"),
    ("webm", "libvpx", "yuv420p"),
    ("webm", "libvpx-vp9", "yuv420p"),
    ("mkv", "libsvtav1", "yuv420p"),
    ("avi", "mjpeg", "yuvj420p"),
)
_SIZE = (160, 96)


@dataclass(frozen=True)
class Outcome:
    """`ended`: frames, a refusal's code, or what must not be, which `problem` tells."""

    number: int
    form: str
    kind: str
    ended: str
    problem: str
    seconds: float
    peak_mb: float


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


def _sound(folder: Path) -> Iterator[tuple[str, bytes]]:
    """A film of each form, by its name."""
    rng = np.random.default_rng(0)
    width, height = _SIZE
    shown = rng.integers(0, 255, (height + _FRAMES, width, 3), np.uint8)
    for ending, codec, pixels in _FORMS:
        path = folder / f"sound.{ending}"
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=30)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = width, height, pixels
            for number in range(_FRAMES):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown[number : number + height]))
                container.mux(stream.encode(frame.reformat(format=pixels)))
            container.mux(stream.encode(None))
        yield f"{codec} in {ending}", path.read_bytes()


def decoded(number: int, seed: int, films: Sequence[tuple[str, bytes]], folder: Path) -> Outcome:
    """Damage a film and decode it; judge what came of it."""
    form, sound = films[number % len(films)]
    kind = list(_KINDS)[number // len(films) % len(_KINDS)]
    path = folder / "damaged.mp4"
    path.write_bytes(_KINDS[kind](random.Random(f"{seed} {number}"), bytearray(sound)))  # noqa: S311 - nothing secret
    began = time.monotonic()
    try:
        taken = take(path, "--differing", "5", timeout=2 * LIMIT_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        return Outcome(number, form, kind, "crash", str(error), time.monotonic() - began, 0.0)
    return Outcome(number, form, kind, taken.refusal or "frames", _problem(taken), taken.seconds, taken.peak_mb)


def _problem(taken: Taken) -> str:
    if not taken.refusal and not taken.frames:
        return "neither a frame nor a refusal"
    if taken.seconds > LIMIT_SECONDS:
        return f"took {taken.seconds:.0f} s"
    return f"took {taken.peak_mb:.0f} MB" if taken.peak_mb > LIMIT_MB else ""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    settings.use()
    report.print_machine()
    numbers = [options.only] if options.only is not None else range(options.count)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="ftcml-bench-") as name:
        films = list(_sound(Path(name)))
        for number in numbers:
            outcome = decoded(number, options.seed, films, Path(name))
            outcomes.append(outcome)
            if outcome.problem or options.only is not None:
                print(f"seed {options.seed} case {number}: {outcome}", flush=True)
    report.print_table(f"Seed {options.seed}", ("what is wrong", "videos", "how they ended"), _rows(outcomes))
    problems = [asdict(outcome) for outcome in outcomes if outcome.problem]
    targets = [
        Target("videos that ended as they must not", len(problems), "at most", 0),
        Target("seconds of the slowest", max(outcome.seconds for outcome in outcomes), "at most", LIMIT_SECONDS),
        Target("peak memory of one process in MB", max(o.peak_mb for o in outcomes), "at most", LIMIT_MB),
    ]
    return report.finish({"seed": options.seed, "videos": len(outcomes), "failures": problems}, targets)


def _rows(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    rows = []
    for kind in _KINDS:
        ends = Counter(outcome.ended for outcome in outcomes if outcome.kind == kind)
        told = ", ".join(f"{count} {ended}" for ended, count in ends.most_common())
        rows.append((kind, str(ends.total()), told))
    return rows


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="decides every video (default: %(default)s)")
    parser.add_argument("--count", type=int, default=COUNT, help="videos (default: %(default)s)")
    parser.add_argument("--only", type=int, help="replay the case with this number alone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
