"""How long a backup and a restore take, and how much memory, as what they hold grows.

    make bench BENCH=backups
    make bench BENCH=backups ARGS='--frames 1000 20000'

Made-up videos of 1,000 frames: a picture of 20 kB and 20 boxes in each. The data is in a folder, or where
DATABASE_URL and FTCML_S3_BUCKET say, which must be empty.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.server import report
from bench.server.local_server import ROOT
from bench.server.report import Target

FRAMES = (2_000, 40_000)
_FRAMES_OF_A_VIDEO = 1_000
_BOXES = 20
_PICTURE_BYTES = 20_000
# So much more memory the larger one may take.
_MOST_GROWTH = 1.25


@dataclass(frozen=True)
class Step:
    """One command on data of so many frames."""

    frames: int
    what: str
    seconds: float
    memory_mb: float


def fill(frames: int) -> None:
    """Make the videos in the data of the settings. Runs in a process of its own."""
    from bench.server import settings

    settings.use(Path(os.environ["FTCML_DATA"]))
    from django.core.files.base import ContentFile
    from django.core.management import call_command

    from ftcml.accounts.models import Team
    from ftcml.core.files import storage
    from ftcml.installation import identity
    from videos.models import Box, Frame, Label, Video

    call_command("migrate", verbosity=0)
    team = Team.objects.create(number=1, name="Backups")
    label = Label.objects.create(team=team, name="ball")
    identity.check()
    for first in range(0, frames, _FRAMES_OF_A_VIDEO):
        video = Video.objects.create(team=team, description=f"from {first}", state=Video.State.READY)
        size = {"width": 640, "height": 360}
        rows = [
            Frame(video=video, number=number, picture_name=video.picture_name(number), **size)
            for number in range(min(_FRAMES_OF_A_VIDEO, frames - first))
        ]
        for frame in Frame.objects.bulk_create(rows):
            storage.put(frame.picture_name, ContentFile(os.urandom(_PICTURE_BYTES)))
        corners = {"xmin": 10, "ymin": 20, "xmax": 110, "ymax": 80}
        Box.objects.bulk_create(Box(frame=frame, label=label, **corners) for frame in rows for _ in range(_BOXES))


def measured(frames: int, what: str, data: Path, *command: str) -> Step:
    """Run a command of manage.py on that data, and measure its process."""
    began = time.monotonic()
    environment = {**os.environ, "FTCML_DATA": str(data), "FTCML_DEMO": "0"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} failed")
    return Step(frames, what, time.monotonic() - began, usage.ru_maxrss / 1024)


def run(frames: int) -> list[Step]:
    with tempfile.TemporaryDirectory(prefix="ftcml-bench-") as folder:
        place, backups = Path(folder), Path(folder) / "backups"
        fill_it = [sys.executable, "-m", "bench", "backups", "--fill", str(frames)]
        subprocess.run(fill_it, cwd=ROOT, env={**os.environ, "FTCML_DATA": str(place / "data")}, check=True)
        steps = [
            measured(frames, "the first backup", place / "data", "back_up", str(backups)),
            measured(frames, "the next one", place / "data", "back_up", str(backups)),
        ]
        newest = sorted(backups.iterdir())[-1]
        return [*steps, measured(frames, "a restore", place / "restored", "restore", str(newest))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, nargs=2, default=FRAMES)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(options.fill)
        return 0
    report.print_machine()
    few, many = (run(frames) for frames in options.frames)
    rows = [[f"{s.frames:,}", s.what, report.number(s.seconds), report.number(s.memory_mb)] for s in (*few, *many)]
    report.print_table("Backups", ["frames", "what", "seconds", "memory in MB"], rows)
    targets = [
        Target(
            f"{after.what}: memory grows by a factor of", after.memory_mb / before.memory_mb, "at most", _MOST_GROWTH
        )
        for before, after in zip(few, many, strict=True)
    ]
    return report.finish({"backups": [asdict(step) for step in (*few, *many)]}, targets)


if __name__ == "__main__":
    sys.exit(main())
