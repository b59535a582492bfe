"""What a trainer wrote into its attempt's folder becomes rows and stored files: each checkpoint once, by its lease."""

import math
from pathlib import Path

from django.db import transaction

from ftcml import storage
from training.detector import spec
from training.detector.spec import StepReport
from training.leases import LeaseLost, held
from training.models import Checkpoint, MetricPoint, TrainingJob


def publish_new(job: TrainingJob, attempt: Path) -> None:
    """Publish the checkpoints that are newer than the job's newest. Raises LeaseLost.

    1. Store the newest one's files, under a name of this attempt alone, which nothing refers to yet.
    2. In one transaction, only while the lease is held: the steps, the checkpoints, their metrics.
    3. Remove the files of the checkpoint before.
    """
    new = [report for report in spec.reports(attempt) if report.step > job.steps_completed]
    if not new:
        return
    checkpoints = [_checkpoint(job, attempt, report) for report in new]
    newest = checkpoints[-1]
    newest.folder = f"{_stored(job, attempt)}/{new[-1].checkpoint}"
    storage.put_tree(newest.folder, attempt / new[-1].checkpoint)
    with transaction.atomic():
        if not held(job).update(steps_completed=newest.step, deaths_in_a_row=0):
            raise LeaseLost(str(job.pk))
        outdated = list(job.checkpoints.exclude(folder="").values_list("folder", flat=True))
        job.checkpoints.update(folder="")
        Checkpoint.objects.bulk_create(checkpoints)
        MetricPoint.objects.bulk_create(point for report in new for point in _metric_points(job, report))
    job.steps_completed, job.deaths_in_a_row = newest.step, 0
    for folder in outdated:
        storage.remove_tree(folder)


def _stored(job: TrainingJob, attempt: Path) -> str:
    return f"{job.prefix}/{attempt.name}"


def _checkpoint(job: TrainingJob, attempt: Path, report: StepReport) -> Checkpoint:
    """The row for a report, with its detections stored, and not yet the checkpoint's own files."""
    checkpoint = Checkpoint(job=job, step=report.step, lease_number=job.lease_number)
    if report.detections:
        checkpoint.detections_name = f"{_stored(job, attempt)}/{report.detections}"
        storage.put(checkpoint.detections_name, attempt / report.detections)
    return checkpoint


def _metric_points(job: TrainingJob, report: StepReport) -> list[MetricPoint]:
    splits = {MetricPoint.Split.TRAIN: report.training_metrics, MetricPoint.Split.EVAL: report.evaluation_metrics}
    return [
        MetricPoint(job=job, split=split, tag=tag, step=report.step, value=value)
        for split, metrics in splits.items()
        for tag, value in metrics.items()
        if math.isfinite(value)
    ]


def store_model(job: TrainingJob, attempt: Path) -> str:
    """Store the exported model and return its name, for the caller to write into the row; "" when there is none."""
    exported = attempt / spec.MODEL
    if not exported.exists():
        return ""
    name = f"{_stored(job, attempt)}/{spec.MODEL}"
    storage.put(name, exported)
    return name
