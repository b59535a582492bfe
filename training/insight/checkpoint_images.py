"""What the Images page starts from: the evaluation frames, and the checkpoints that its sliders move over."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import Q

from datasets.services.gallery import COLORS
from detector.contract import reports
from training.insight import checkpoint_detections
from training.models import TrainingJob

# A page has so many evaluation frames at most, the first ones: every picture of the page moves with the slider.
MOST_FRAMES = 1000


@dataclass(frozen=True)
class EvaluationFrame:
    """One picture; its place in the list is its place in "frames" of every file of detections."""

    dataset_id: str
    frame_id: int
    name: str
    width: int
    height: int


@dataclass(frozen=True)
class MeasuredCheckpoint:
    """A checkpoint with a file of detections. `mean_precision`: None where no frame has an object.

    `threshold`: the suggested minimum confidence, None without one.
    """

    step: int
    mean_precision: float | None
    threshold: float | None


def frames(job: TrainingJob) -> list[EvaluationFrame]:
    """The first MOST_FRAMES of the job's evaluation frames."""
    rows = checkpoint_detections.evaluation_frames(job).values_list("dataset_id", "pk", "filename", "width", "height")
    return [
        EvaluationFrame(str(dataset_id), pk, PurePosixPath(filename).name, width, height)
        for dataset_id, pk, filename, width, height in rows[:MOST_FRAMES]
    ]


def checkpoints(job: TrainingJob, after: int = 0) -> list[MeasuredCheckpoint]:
    """The checkpoints beyond the step `after` that have a file of detections, by their steps.

    The one that the parent's model is of is always among them: it has an early step, and is measured last.
    """
    of_metrics = job.metric_points.filter(split="eval", tag=reports.MEAN_PRECISION, step__gt=after, value__gte=0)
    precisions = dict(of_metrics.values_list("step", "value"))
    rows = job.checkpoints.with_detections().filter(Q(step__gt=after) | Q(step__lte=job.first_step)).order_by("step")
    return [
        MeasuredCheckpoint(step, precisions.get(step, precision), threshold)
        for step, precision, threshold in rows.values_list("step", "mean_precision", "summary__threshold")
    ]


def colors(labels: list[str]) -> dict[str, int]:
    """Label -> number of its CSS class, the same as in the gallery of a dataset."""
    return {label: number % COLORS for number, label in enumerate(labels)}
