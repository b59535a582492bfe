"""The part of videos.py about taking frames out: how fast beside the program ffmpeg, and with how much memory."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.server import report
from bench.server.local_server import ROOT
from bench.server.report import Target
from bench.videos import filming

SECONDS = 120
# One film of this length is made, and repeated for a longer one.
_MADE_SECONDS = 20
_CLIP_SECONDS = 30
LEAST_OF_FFMPEG = 0.8
MOST_MEGABYTES = 100.0
MOST_PEAK_MB = 500.0
MOST_FIRST_SECONDS = 5.0
# The longer film may take so much more memory: what the allocator happens to keep.
MOST_GROWTH_MB = 60.0
_THOUSAND = 1000
HOW_TO_INSTALL = "ffmpeg isn't here, so there is nothing to compare with. Install it: sudo apt install ffmpeg"


@dataclass(frozen=True)
class Taken:
    """What came out of a video. `first`: seconds until the first frame, with the start of the process."""

    frames: int
    megabytes: float
    first: float
    seconds: float
    peak_mb: float
    refusal: str

    @property
    def speed(self) -> float:
        return self.frames / self.seconds


def take(video: Path, *options: str, timeout: float | None = None) -> Taken:
    """Decode the video as the server does, in a process of its own."""
    command = [sys.executable, "-m", "bench", "decode_one", str(video), *options]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=timeout)
    return Taken(**json.loads(answer.stdout.splitlines()[-1]))


def _ffmpeg_speed(ffmpeg: str, video: Path, frames: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        command = [ffmpeg, "-v", "error", "-i", str(video), "-q:v", "2", f"{folder}/out%d.jpg"]
        subprocess.run(command, check=True)
        return frames / (time.monotonic() - began)


def measure(folder: Path, photographs: Path | None, rounds: int, seconds: int, ffmpeg: str | None) -> list[Target]:
    """Print the figures; return what they promise."""
    piece = filming.film(folder / "piece.mp4", min(_MADE_SECONDS, seconds), photographs)
    times = max(seconds // _MADE_SECONDS, 1)
    film = filming.repeated(piece, folder / "film.mp4", times)
    clip = filming.repeated(piece, folder / "clip.mp4", max(_CLIP_SECONDS // _MADE_SECONDS, 1) + 1)
    ffmpeg = ffmpeg or shutil.which("ffmpeg")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(take(film))
        if ffmpeg:
            theirs.append(_ffmpeg_speed(ffmpeg, film, ours[-1].frames))
    if not ffmpeg:
        print(HOW_TO_INSTALL)
    short, differing = take(piece), take(clip, "--differing", "200")
    _tell(ours, theirs, short, differing)
    speed = median(taken.speed for taken in ours)
    ratio = speed / median(theirs) if theirs else None
    longest = max(taken.peak_mb for taken in ours)
    share = ours[0].megabytes / ours[0].frames * _THOUSAND
    return [
        Target("frames/s as a multiple of ffmpeg's", ratio, "at least", LEAST_OF_FFMPEG),
        Target("peak memory in MB", longest, "at most", MOST_PEAK_MB),
        Target("more of it than a film of a sixth took, in MB", longest - short.peak_mb, "at most", MOST_GROWTH_MB),
        Target("MB of 1,000 frames", share, "at most", MOST_MEGABYTES),
        Target("seconds to the first frame of a clip", differing.first, "at most", MOST_FIRST_SECONDS),
    ]


def _tell(ours: Sequence[Taken], theirs: Sequence[float], short: Taken, differing: Taken) -> None:
    rows = [
        (f"every frame, {taken.frames}", *_cells(taken), report.number(theirs[place] if theirs else None, 1))
        for place, taken in enumerate(ours)
    ]
    rows.append((f"every frame of a short film, {short.frames}", *_cells(short), report.NOTHING))
    rows.append((f"those that differ most, {differing.frames}", *_cells(differing), report.NOTHING))
    header = ("frames", "frames/s", "first after s", "MB", "peak memory MB", "ffmpeg's frames/s")
    report.print_table("Frames of a 1080p film, H.264, 30 frames/s", header, rows)


def _cells(taken: Taken) -> tuple[str, ...]:
    return (
        report.number(taken.speed, 1),
        report.number(taken.first, 2),
        report.number(taken.megabytes, 1),
        report.number(taken.peak_mb),
    )
