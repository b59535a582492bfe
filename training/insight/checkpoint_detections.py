"""What a job's checkpoints found on its evaluation frames, as it was published."""

import gzip
import json
import re
import zlib
from dataclasses import dataclass

from django.db.models import QuerySet

from datasets.models import Frame, Shard
from datasets.split import Split
from detector.contract import stored
from detector.contract.spec import JobSpec
from detector.contract.stored import StoredDetection, StoredDetections, StoredTruth
from ftcml.core.files import storage
from training.messages import result_words as messages
from training.models import Checkpoint, CheckpointQuerySet, TrainingJob
from training.services import progress
from training.states import ALIVE

# The order in which a trainer reads shards, and with it the order of the frames in a file of detections.
_ORDER = ("dataset__created", "dataset_id", "number")
# How a file of today's form begins.
_IN_FORM = re.compile(rb'\{"format":\s*%d\b' % stored.DETECTIONS_FORMAT)
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


def detections(checkpoint: Checkpoint) -> StoredDetections:
    """The checkpoint's file of detections, read. Raises NotReadable."""
    content = detections_file(checkpoint)
    try:
        return json.loads(gzip.decompress(content))
    except (OSError, EOFError, zlib.error, ValueError):
        raise _damaged(checkpoint) from None


def detections_file(checkpoint: Checkpoint) -> bytes:
    """The checkpoint's file of detections as it is stored: compressed, in today's form. Raises NotReadable."""
    if not checkpoint.detections_name:
        raise NotReadable(messages.step_not_measured(checkpoint.step))
    try:
        with storage.open_file(checkpoint.detections_name) as stream:
            content = stream.read()
        beginning = zlib.decompressobj(zlib.MAX_WBITS | _GZIP).decompress(content, _BEGINNING)
    except FileNotFoundError:
        raise NotReadable(messages.step_lost(checkpoint.step)) from None
    except (OSError, zlib.error):
        raise _damaged(checkpoint) from None
    if not _IN_FORM.match(beginning):
        raise NotReadable(messages.step_of_another_version(checkpoint.step))
    return content


def _damaged(checkpoint: Checkpoint) -> NotReadable:
    return NotReadable(messages.step_damaged(checkpoint.step))


@dataclass(frozen=True)
class SeenFrame:
    """One evaluation frame and what a checkpoint has found on it.

    `place`: among all evaluation frames of the job.
    """

    place: int
    frame: Frame
    truths: list[StoredTruth]
    detections: list[StoredDetection]


def seen_frames(job: TrainingJob, found: StoredDetections, first: int, at_most: int) -> list[SeenFrame]:
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
        lacking = messages.no_results(step)
    else:
        checkpoint = best_or_newest(job, measured)
        lacking = messages.NONE_MEASURED
    if checkpoint is None:
        raise NotReadable(lacking)
    return checkpoint


def best_or_newest(job: TrainingJob, measured: CheckpointQuerySet) -> Checkpoint | None:
    """Of the checkpoints that were `measured` the best, where that is not there the newest."""
    return measured.best_of(job) or measured.last()


def why_none(job: TrainingJob) -> str:
    """Why no checkpoint of the job can be looked at, and what to do; "" where one was measured."""
    if job.checkpoints.with_detections().exists():
        return ""
    if not evaluation_frames(job).exists():
        return messages.NO_EVALUATION_FRAMES
    if job.state in ALIVE:
        return messages.first_checkpoint(JobSpec.checkpoint_interval)
    if progress.packaged([job]):
        return messages.BEING_MEASURED
    if job.has_checkpoint:
        return messages.NOTHING_MEASURED
    return messages.ENDED_BEFORE_CHECKPOINT
