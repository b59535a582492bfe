"""How soon the Videos tab and the page of a video answer that has as many frames as one may have.

    make bench BENCH=galleries
    python -m bench galleries --rounds 50

Nobody filmed the videos: they have rows, pictures of one color, and boxes on every third frame.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from PIL import Image

from bench.server import report
from bench.server.local_server import LocalServer
from bench.server.page_speed import Person, measure, targets

if TYPE_CHECKING:  # models can be imported when the settings are read, and no sooner
    from videos.models import Label, Video

VIDEOS, FRAMES, BOXES = 20, 1000, 3
_LABELS = ("ball", "cone", "cube")
_SIZE = (1920, 1080)


def make_videos(videos: int, frames: int) -> None:
    """Add videos to the first team and print the id of one. Runs in a process with the server's environment."""
    from ftcml.accounts.models import Team
    from videos.models import Label, Video

    team = Team.objects.earliest("pk")
    labels = [Label.objects.create(team=team, name=name, color=color) for color, name in enumerate(_LABELS)]
    made = [
        Video.objects.create(team=team, description=f"video {number}", state=Video.State.READY, frames_done=frames)
        for number in range(videos)
    ]
    for video in made:
        _add_frames(video, labels, frames)
    print(made[0].pk)


def _add_frames(video: "Video", labels: "Sequence[Label]", count: int) -> None:
    from ftcml.core.files import storage
    from videos.models import Box, Frame

    stream = io.BytesIO()
    Image.new("RGB", _SIZE, "green").save(stream, "JPEG")
    storage.put(video.picture_name(0), ContentFile(stream.getvalue()))
    frames = Frame.objects.bulk_create(
        Frame(
            video=video, number=number, seconds=number / 30, width=_SIZE[0], height=_SIZE[1],
            picture_name=video.picture_name(0), finished=number % 3 == 0, ignored=number % 10 == 1,
            near_duplicate_of=number - 1 if number % 4 == 1 else None,
        )
        for number in range(count)
    )  # fmt: skip
    Box.objects.bulk_create(
        Box(frame=frame, label=labels[place], xmin=99 * place, ymin=60, xmax=99 * place + 90, ymax=300)
        for frame in frames
        if frame.finished
        for place in range(BOXES)
    )


def addresses(video: str) -> dict[str, str]:
    """The pages and files, name -> path."""
    page = f"/videos/{video}/"
    return {
        "Videos": "/videos/",
        "Videos, refresh": "/videos/table/",
        "a video": page,
        "a video, refresh": f"{page}part/",
        "a video, labeled frames": f"{page}?show=labeled&page=7",
        "a video, frames with a label": f"{page}?label=cone",
        "a video, times for the player": f"{page}times.json",
        "a picture of the gallery": f"{page}frames/7.jpg?size=small",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="how often each is asked for (default: %(default)s)")
    parser.add_argument("--videos", type=int, default=VIDEOS, help="of the team (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=FRAMES, help="of each video, at least 8 (default: %(default)s)")
    options = parser.parse_args()
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        program = f"from bench.videos import galleries; galleries.make_videos({options.videos}, {options.frames})"
        video = server.manage("shell", "--verbosity", "0", "--command", program).split()[-1]
        pages = addresses(video)
        person = Person(server.url, *server.demo_account())
        speeds = measure([person], pages, options.rounds, while_training=False)
    report.print_table(
        f"Milliseconds until a page is answered, {options.videos} videos of {options.frames} frames",
        ("page", "median", "95 of 100", "requests"),
        [(one.page, f"{one.median_ms:.0f}", f"{one.p95_ms:.0f}", str(one.requests)) for one in speeds],
    )
    return report.finish({"galleries": [asdict(one) for one in speeds]}, targets(speeds))


if __name__ == "__main__":
    sys.exit(main())
