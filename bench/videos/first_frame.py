"""How long after the end of an upload the first frame of a video is seen, on a server of its own.

    make bench BENCH=first_frame
    make bench BENCH=first_frame ARGS='--runs 5'

The video is a clip of 1080p. Its upload ends when the server has stored the file and woken a worker.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.server import report
from bench.server.local_server import LocalServer
from bench.server.report import Target
from bench.videos.panned_film import write_film

SIZE, SECONDS, RATE = (1920, 1080), 30, 30
CHOICES = {"those that differ most": 0, "one in five": 5}
LIMIT_SECONDS = 5.0
_BETWEEN_LOOKS = 0.02
_PATIENCE = 600.0


@dataclass(frozen=True)
class Seen:
    """`first`, `all`: seconds from the end of the upload to the first frame, and to a READY video."""

    choice: str
    first: float
    all: float
    frames: int


def print_seen(path: str, every_nth: int) -> None:
    """Upload the video and print when its frames are there. Runs in a process with the server's environment."""
    from bench.chaos.judging import chaos_making
    from videos.models import Video

    chaos_making.add_video(path, 7001, every_nth)
    uploaded = time.monotonic()
    video = Video.objects.latest("created")
    first = None
    while time.monotonic() - uploaded < _PATIENCE:
        since = time.monotonic() - uploaded
        if first is None and video.frames.exists():
            first = since
        video.refresh_from_db()
        if video.state != Video.State.EXTRACTING:
            break
        time.sleep(_BETWEEN_LOOKS)
    print(json.dumps([first, since, video.frames.count(), video.state]))


def measure(server: LocalServer, film: Path, choice: str) -> Seen:
    program = f"from bench.videos import first_frame; first_frame.print_seen({str(film)!r}, {CHOICES[choice]})"
    first, since, frames, state = json.loads(server.manage("shell", "--verbosity", "0", "--command", program))
    if state != "READY":
        sys.exit(f"the video is {state}")
    return Seen(choice, first, since, frames)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each choice (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of the video (default: %(default)s)")
    chosen = parser.parse_args()
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="ftcml-first-frame-") as folder:
        film = write_film(Path(folder) / "film.mp4", SIZE, chosen.seconds * RATE, random.Random(1))  # noqa: S311
        with LocalServer(Path(folder) / "data", FTCML_VIDEO_MAX_BYTES="1000000000") as server:
            seen = [measure(server, film, choice) for choice in CHOICES for _ in range(chosen.runs)]
    rows = [[one.choice, f"{one.first:.1f}", f"{one.all:.1f}", str(one.frames)] for one in seen]
    report.print_table("Seconds from the end of the upload", ["frames taken", "first", "all", "frames"], rows)
    medians = [
        Target(
            f"seconds to the first frame, {choice}",
            statistics.median(one.first for one in seen if one.choice == choice),
            "at most",
            LIMIT_SECONDS,
        )
        for choice in CHOICES
    ]
    return report.finish({"first_frame": [asdict(one) for one in seen]}, medians)


if __name__ == "__main__":
    sys.exit(main())
