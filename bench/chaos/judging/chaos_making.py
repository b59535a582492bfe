"""Has a server that is judged make frames and datasets, and reads their rows and files, in a process of that server.

bench/chaos/judging/made.py starts it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

import datasets.services.unused_files
import videos.services.stored.unused_files
from bench.chaos.judging.made import Made
from datasets.importing import producing
from datasets.models import Dataset
from datasets.production.choices import ProductionChoices
from datasets.services import lost_files
from datasets.services.labeling import production
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from videos.extraction.extraction_leases import WORK_PREFIX
from videos.labeling import labels
from videos.models import Box, Frame, Video
from videos.services import uploads
from videos.services.receiving.rules import Choice

EXTRACTING, PRODUCING = Video.State.EXTRACTING, Dataset.State.PRODUCING


def add_video(path: str, team_number: int, every_nth: int) -> None:
    """Give a team a video."""
    team, _ = Team.objects.get_or_create(number=team_number, defaults={"name": f"Team {team_number}"})
    uploads.take_file(team, Path(path), "under fire", _choice(every_nth))


def produce(every_nth: int) -> None:
    """Ask for a dataset of the oldest video of that choice, whose frames get a box each where they have none."""
    choice = _choice(every_nth)
    wanted = Video.objects.filter(extraction=choice.extraction, every_nth=choice.every_nth, state=Video.State.READY)
    video = wanted.order_by("created")[0]
    unfinished = list(video.frames.filter(finished=False))
    label = labels.named(video.team, ["duck"])["duck"]
    Box.objects.bulk_create(Box(frame=frame, label=label, xmin=1, ymin=2, xmax=100, ymax=90) for frame in unfinished)
    video.frames.update(finished=True)
    production.request(video.team, None, "under fire", [video], ProductionChoices((str(video.pk),)))


def print_attempts() -> None:
    """Print a line of JSON about what is at work."""
    extracting = Video.objects.filter(state=EXTRACTING).values_list("attempts", flat=True)
    producing = Dataset.objects.filter(state=PRODUCING).values_list("import_attempts", flat=True)
    print(json.dumps([*extracting, *producing]))


def print_all() -> None:
    """Do what is done every hour, and print a line of JSON about all videos and datasets."""
    videos.services.stored.unused_files.remove_unused_files()
    datasets.services.unused_files.remove_unused_files()
    made = [
        *(_video(video) for video in Video.objects.order_by("created")),
        *(_dataset(dataset) for dataset in Dataset.objects.order_by("created")),
    ]
    print(json.dumps([asdict(one) for one in made]))


def _choice(every_nth: int) -> Choice:
    return Choice(Video.Extraction.EVERY_NTH, every_nth) if every_nth else Choice()


def _video(video: Video) -> Made:
    is_ready = video.state == Video.State.READY
    choice = f"video {video.extraction} {video.every_nth}"
    fields = ("number", "number_in_video", "seconds", "width", "height", "fingerprint", "near_duplicate_of")
    frames = list(video.frames.order_by("number"))
    rows = [repr([getattr(frame, field) for field in fields]) for frame in frames]
    content = _digest(rows, [frame.picture_name for frame in frames]) if is_ready else ""
    wrongs = list(_wrongs_of_video(video, frames)) if is_ready else [f"it is {video.state} {video.reason_code}"]
    return Made(f"video {video.pk}", choice, is_ready, video.attempts, content, wrongs)


def _wrongs_of_video(video: Video, frames: list[Frame]) -> Iterator[str]:
    if not frames or [frame.number for frame in frames] != list(range(len(frames))):
        yield f"its {len(frames)} frames are not numbered from 0 without a gap"
    if len({frame.number_in_video for frame in frames}) != len(frames):
        yield "a frame of the video was taken twice"
    if wrong := {*storage.entries(video.frames_prefix)} ^ {frame.picture_name.rpartition("/")[2] for frame in frames}:
        yield f"{len(wrong)} pictures lack their row, or rows their picture"
    if storage.entries(video.uploads_prefix):
        yield "its uploaded file is still there"
    yield from _work_folders(f"{WORK_PREFIX}{video.pk}")


def _dataset(dataset: Dataset) -> Made:
    is_ready = dataset.state == Dataset.State.READY
    choice = f"dataset of {dataset.production['videos']}"
    fields = ("split", "number", "filename", "boxes", "stored_as", "source_id")
    rows = [repr(row) for row in dataset.frames.order_by("split", "number").values_list(*fields)]
    shards = dataset.shards.order_by("split", "number").values_list("name", flat=True)
    content = _digest([*rows, repr(dataset.counts)], list(shards)) if is_ready else ""
    wrongs = list(_wrongs_of_dataset(dataset)) if is_ready else [f"it is {dataset.state} {dataset.reason_code}"]
    return Made(f"dataset {dataset.pk}", choice, is_ready, dataset.import_attempts, content, wrongs)


def _wrongs_of_dataset(dataset: Dataset) -> Iterator[str]:
    sources = list(dataset.frames.values_list("source_id", flat=True))
    if not sources or len({*sources}) != len(sources):
        yield f"of its {len(sources)} frames one came twice"
    if lost := [names for lacking, names in lost_files.lost_files() if lacking == dataset]:
        yield f"it has lost {lost}"
    yield from _work_folders(f"{producing.WORK_PREFIX}{dataset.pk}")


def _work_folders(prefix: str) -> Iterator[str]:
    if left := list(settings.WORK_DIR.glob(f"{prefix}*")):
        yield f"{len(left)} work folders are left"


def _digest(rows: list[str], names: list[str]) -> str:
    """What identifies these rows and stored files."""
    digest = hashlib.sha256("\n".join(rows).encode())
    for name in names:
        with storage.open_file(name) as file:
            digest.update(file.read())
    return digest.hexdigest()
