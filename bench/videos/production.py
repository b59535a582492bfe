"""How fast finished frames of a video become a dataset, and how long one waits for the preview before the click.

python -m bench production --frames 1000
"""

import argparse
import io
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image

from bench.server import report, settings
from bench.server.report import Target

if TYPE_CHECKING:  # models can be imported when the settings are read, and no sooner
    from videos.models import Video

FRAMES = 1_000
_WIDTH, _HEIGHT = 1920, 1080
_DISTINCT = 24
_BOXES = 3
_MOST_SECONDS = 60.0
_MOST_PREVIEW_MS = 300.0
_PREVIEWS = 5


def measure(frames: int = FRAMES) -> list[Target]:
    """Film, look at previews, and produce. The settings of the server are read already."""
    os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"  # nobody is to wake
    from django.core.management import call_command

    from datasets.importing import producing
    from datasets.production.choices import ProductionChoices
    from datasets.services.labeling import production

    call_command("migrate", verbosity=0)
    print(f"… {frames:,} labeled frames of 1080p", file=sys.stderr, flush=True)
    video = filmed(frames)
    choices = ProductionChoices(())
    previews = [1000 * _seconds(lambda: production.preview(video.team, [video], choices)) for _ in range(_PREVIEWS)]
    dataset = production.request(video.team, None, "bench", [video], choices)
    seconds = _seconds(lambda: producing.produce(dataset))
    if dataset.state != dataset.State.READY:
        raise RuntimeError(dataset.error)
    return [
        Target(f"seconds to produce a dataset of {frames:,} frames of 1080p", seconds, "at most", _MOST_SECONDS),
        Target(
            f"milliseconds for the preview of {frames:,} frames, usually",
            statistics.median(previews),
            "at most",
            _MOST_PREVIEW_MS,
        ),
    ]


def filmed(frames: int) -> "Video":
    """A READY video of a new team whose frames are all finished, each with some boxes."""
    from ftcml.accounts.models import Team
    from ftcml.core.files import storage
    from videos.models import Box, Frame, Label, Video

    team = Team.objects.create(number=1, name="Bench")
    labels = [Label.objects.create(team=team, name=name) for name in ("ball", "cone", "cube")]
    video = Video.objects.create(team=team, description="bench", state=Video.State.READY)
    pictures = [_picture(seed) for seed in range(_DISTINCT)]
    rows = []
    for number in range(frames):
        jpeg, fingerprint = pictures[number % _DISTINCT]
        name = video.picture_name(number)
        storage.put(name, ContentFile(jpeg))
        rows.append(
            Frame(
                video=video,
                number=number,
                seconds=number / 10,
                picture_name=name,
                width=_WIDTH,
                height=_HEIGHT,
                fingerprint=fingerprint,
                finished=True,
            )
        )
    Frame.objects.bulk_create(rows, batch_size=200)
    boxes = [
        Box(frame=row, label=labels[place % len(labels)], xmin=99 * place, ymin=60, xmax=99 * place + 90, ymax=300)
        for row in rows
        for place in range(_BOXES)
    ]
    Box.objects.bulk_create(boxes, batch_size=200)
    return video


def _picture(seed: int) -> tuple[bytes, str]:
    """A picture with soft shapes and a camera's noise, as JPEG, and its fingerprint."""
    from ftcml.core.pictures.near_duplicates import fingerprint

    chance = np.random.default_rng(seed)
    soft = Image.fromarray(chance.integers(0, 255, (27, 48, 3), dtype=np.uint8)).resize((_WIDTH, _HEIGHT))
    noisy = np.asarray(soft, dtype=np.float32) + chance.normal(0, 4, (_HEIGHT, _WIDTH, 1))
    picture = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return stream.getvalue(), fingerprint(picture)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of the video (default: %(default)s)")
    options = parser.parse_args(arguments)
    settings.use()
    report.print_machine()
    targets = measure(options.frames)
    return report.finish({"production": [asdict(target) for target in targets]}, targets)


if __name__ == "__main__":
    sys.exit(main())
