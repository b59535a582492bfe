"""What a job's checkpoints found on its evaluation frames, as it was published."""

import gzip
import json
import re
import zlib
from typing import Any

from django.db.models import QuerySet

from datasets.models import Frame, Shard, Split
from ftcml import storage
from training.detector import spec
from training.detector.spec import JobSpec
from training.models import Checkpoint, TrainingJob
from training.states import ALIVE

# The order in which a trainer reads shards, and with it the order of the frames in a file of detections.
_ORDER = ("dataset__created", "dataset_id", "number")
# How a file of today's form begins.
_IN_FORM = re.compile(rb'\{"format":\s*%d\b' % spec.DETECTIONS_FORMAT)
_BEGINNING = 64
# Added to zlib's window, it makes zlib read the format of gzip.
_GZIP = 16


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
    return json.loads(gzip.decompress(detections_file(checkpoint)))


def detections_file(checkpoint: Checkpoint) -> bytes:
    """The checkpoint's file of detections as it is stored: compressed, in today's form. Raises NotReadable."""
    if not checkpoint.detections_name:
        raise NotReadable(f"Step {checkpoint.step} was not measured on evaluation frames.")
    try:
        with storage.open_file(checkpoint.detections_name) as stream:
            content = stream.read()
    except FileNotFoundError:
        raise NotReadable(f"The server has lost what step {checkpoint.step} found.") from None
    if not _IN_FORM.match(_beginning(content)):
        raise NotReadable(f"An earlier version of ftcml kept what step {checkpoint.step} found in another form.")
    return content


def _beginning(content: bytes) -> bytes:
    """The first characters of what is compressed; nothing where that cannot be told."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | _GZIP).decompress(content, _BEGINNING)
    except zlib.error:
        return b""


def why_none(job: TrainingJob) -> str:
    """Why no checkpoint of the job can be looked at, and what to do; "" where one was measured."""
    if job.checkpoints.exclude(detections_name="").exists():
        return ""
    if not evaluation_frames(job).exists():
        return (
            "This model's datasets keep no frames for evaluation, so nobody has looked at what it finds. Import a "
            "dataset again and keep a part of its frames for evaluation, 20 % for instance; then train on that one."
        )
    if job.state in ALIVE:
        return f"The first results come with the first checkpoint, after {JobSpec.checkpoint_interval} steps."
    if job.steps_completed > job.first_step:
        return "This training ended before a checkpoint was measured on evaluation frames. Train for longer next time."
    return "This training ended before its first checkpoint, so there is nothing to see. Start another one."
