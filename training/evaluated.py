"""What a job's checkpoints found on its evaluation frames, as it was published."""

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from datasets.models import Frame, Shard, Split
from ftcml import storage
from training.detector import spec
from training.models import Checkpoint, CheckpointQuerySet, TrainingJob

# The order in which a trainer reads shards, and with it the order of the frames in a file of detections.
_ORDER = ("dataset__created", "dataset_id", "number")


class NotReadable(Exception):
    """The detections of a checkpoint cannot be shown; str() says why."""


def shards(job: TrainingJob, split: Split) -> QuerySet[Shard]:
    """The shards of all the job's datasets, in the order in which they are trained on and evaluated."""
    return Shard.objects.filter(dataset__training_jobs=job, split=split).order_by(*_ORDER)


def evaluation_frames(job: TrainingJob) -> QuerySet[Frame]:
    """The job's evaluation frames: the place of each is its place in "frames" of every file of detections."""
    return Frame.objects.filter(dataset__training_jobs=job, split=Split.EVALUATION).order_by(*_ORDER)


def detections(checkpoint: Checkpoint) -> dict[str, Any]:
    """The checkpoint's file of detections, read: see spec.DETECTIONS_FORMAT. Raises NotReadable."""
    if not checkpoint.detections_name:
        raise NotReadable(f"Step {checkpoint.step} was not measured on evaluation frames.")
    try:
        with storage.open_file(checkpoint.detections_name) as stream:
            read = json.loads(gzip.decompress(stream.read()))
    except FileNotFoundError:
        raise NotReadable(f"The server has lost what step {checkpoint.step} found.") from None
    except (OSError, EOFError, zlib.error, ValueError):
        raise NotReadable(f"The file with what step {checkpoint.step} found is damaged.") from None
    if not isinstance(read, dict) or read.get("format") != spec.DETECTIONS_FORMAT:
        raise NotReadable(f"An earlier version of ftcml kept what step {checkpoint.step} found in another form.")
    return read


@dataclass(frozen=True)
class SeenFrame:
    """One evaluation frame and what a checkpoint has found on it, as in spec.DETECTIONS_FORMAT.

    `place`: among all evaluation frames of the job.
    """

    place: int
    frame: Frame
    truths: list[dict[str, Any]]
    detections: list[dict[str, Any]]


def seen_frames(job: TrainingJob, found: dict[str, Any], first: int, at_most: int) -> list[SeenFrame]:
    """Of the job's evaluation frames those from the place `first` on. `found`: a file of detections."""
    seen = found["frames"][first : first + at_most]
    frames = evaluation_frames(job)[first : first + len(seen)]
    return [
        SeenFrame(place, frame, one["truths"], one["detections"])
        for place, (frame, one) in enumerate(zip(frames, seen, strict=True), first)
    ]


def chosen(job: TrainingJob, measured: CheckpointQuerySet, step: int | None) -> Checkpoint:
    """Of the checkpoints that were `measured` the one at a step; without a step the best, else the newest.

    Raises NotReadable where there is none.
    """
    if step is not None:
        checkpoint = measured.filter(step=step).first()
        lacking = f"There are no results of step {step}. Without a step you get those of the best checkpoint."
    else:
        checkpoint = measured.filter(step=job.best_step).first() or measured.last()
        lacking = "No checkpoint of this model has results on evaluation frames."
    if checkpoint is None:
        raise NotReadable(lacking)
    return checkpoint
