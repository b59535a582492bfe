"""What a job's checkpoints found on its evaluation frames, as it was published."""

import gzip
import json
from typing import Any

from django.db.models import QuerySet

from datasets.models import Frame, Shard, Split
from ftcml import storage
from training.detector import spec
from training.models import Checkpoint, TrainingJob

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
    if not isinstance(read, dict) or read["format"] != spec.DETECTIONS_FORMAT:
        raise NotReadable(f"An earlier version of ftcml kept what step {checkpoint.step} found in another form.")
    return read
