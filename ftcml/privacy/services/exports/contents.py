"""What is in an export: files, each with its pieces, made only when they are written."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.text import slugify

from datasets.formats.catalog import writer
from datasets.formats.common.samples import PixelBox, Sample
from datasets.models import Dataset
from datasets.services import downloads
from ftcml.accounts.models import Team, User
from ftcml.core.files import storage
from ftcml.privacy import messages
from ftcml.privacy.services import rows
from training.delivery import metric_files
from training.models import TrainingJob
from videos.models import Frame, Label, Video

log = logging.getLogger(__name__)

# Pictures and boxes as most programs read them, this one too.
_FORMAT = "coco"
_FRAMES_AT_ONCE = 200
_PIECE = 256 * 1024


@dataclass(frozen=True)
class File:
    """One file of an export. `is_packed`: it is a zip or a picture, so that packing it again saves nothing."""

    path: str
    pieces: Iterable[bytes]
    is_packed: bool = True


# One thing of the progress: a dataset, a video, a model or a table.
Thing = Callable[[], Iterator[File]]


def of_team(team: Team) -> Iterator[Thing]:
    """Everything of a team, also what is in its trash."""
    yield partial(_text, messages.team_readme(team))
    yield from _tables(rows.of_team(team))
    yield partial(_people, team)
    for dataset in Dataset.kept.filter(team=team):
        yield partial(_dataset, dataset)
    for video in Video.kept.filter(team=team):
        yield partial(_video, video)
    for job in TrainingJob.everything.filter(team=team):
        yield partial(_model, job)


def of_person(person: User) -> Iterator[Thing]:
    """The rows that name a person. Pictures and models are the team's."""
    yield partial(_text, messages.person_readme(person))
    yield from _tables(rows.of_person(person))


def _text(text: str) -> Iterator[File]:
    yield File("README.txt", [text.encode()], is_packed=False)


def _tables(tables: Sequence[rows.Table]) -> Iterator[Thing]:
    for table in tables:
        yield partial(_table, table)


def _table(table: rows.Table) -> Iterator[File]:
    yield File(f"data/{table.name}.jsonl", table.lines(), is_packed=False)


def _people(team: Team) -> Iterator[File]:
    """The names of who is on the team: rows have their numbers."""
    people = User.objects.filter(memberships__team=team).order_by("pk")
    yield File("data/people.jsonl", rows.names(people), is_packed=False)


def _dataset(dataset: Dataset) -> Iterator[File]:
    if dataset.state == Dataset.State.READY:
        lost = set(storage.missing(frame.picture_name for frame in dataset.frames.select_related("dataset")))
        yield File(f"datasets/{_stem(dataset)}.zip", _zip(downloads.samples(dataset, lost), dataset.labels))


def _video(video: Video) -> Iterator[File]:
    used = Label.objects.filter(boxes__frame__video=video).distinct()
    labels = list(used.order_by("name").values_list("name", flat=True))
    if video.frames.exists():
        yield File(f"videos/{_stem(video)}.zip", _zip(_samples(video), labels))
    # What was uploaded is there only until its frames are taken.
    for upload in video.uploads.exclude(completed=None):
        if storage.exists(upload.stored_name):
            yield File(f"videos/{_stem(video)}/{upload.pk}-{_plain(upload.filename)}", _stored(upload.stored_name))


def _model(job: TrainingJob) -> Iterator[File]:
    folder = f"models/{_stem(job)}"
    lines = (line.encode() for line in metric_files.csv_lines(job))
    yield File(f"{folder}/metrics.csv", lines, is_packed=False)
    for name in sorted(job.stored_names()):
        inside = name.removeprefix(f"{job.prefix}/")
        if storage.exists(name):
            yield File(f"{folder}/{inside}", _stored(name))
        else:  # a checkpoint is a folder
            for entry in storage.entries(name):
                yield File(f"{folder}/{inside}/{entry}", _stored(f"{name}/{entry}"))


def _samples(video: Video) -> Iterator[Sample]:
    """All frames of a video with their boxes, as a format writes them. Some at a time, however many there are."""
    lost = set(storage.missing(video.frames.values_list("picture_name", flat=True)))
    numbers = list(video.frames.order_by("number").values_list("number", flat=True))
    for start in range(0, len(numbers), _FRAMES_AT_ONCE):
        some = video.frames.filter(number__in=numbers[start : start + _FRAMES_AT_ONCE]).order_by("number")
        yield from (_sample(frame) for frame in some.prefetch_related("boxes__label") if frame.picture_name not in lost)


def _sample(frame: Frame) -> Sample:
    boxes = [PixelBox(box.label.name, box.xmin, box.ymin, box.xmax, box.ymax) for box in frame.boxes.all()]
    size = (frame.width, frame.height)
    return Sample(f"{frame.number:06d}.jpg", partial(downloads.read, frame.picture_name), size, boxes, len(boxes))


def _zip(samples: Iterable[Sample], labels: list[str]) -> Iterator[bytes]:
    return downloads.written(writer(_FORMAT)(samples, labels))


def _stored(name: str) -> Iterator[bytes]:
    with storage.open_file(name) as source:
        while piece := source.read(_PIECE):
            yield piece


def _stem(row: Dataset | Video | TrainingJob) -> str:
    """The name of a thing's file: two may have the same description."""
    return f"{slugify(row.description) or 'unnamed'}-{str(row.pk)[:8]}"


def _plain(filename: str) -> str:
    stem, _, ending = filename.rpartition(".")
    return f"{slugify(stem) or 'file'}.{slugify(ending) or 'bin'}"
