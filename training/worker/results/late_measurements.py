"""Publishes what a trainer measured after training: the newest checkpoint, and the parent's model.

Both were saved before, without an evaluation on this job's frames. The parent's becomes a checkpoint of this job, at
the parent's step and without files: they stay the parent's.
"""

from pathlib import Path

from django.db import transaction

from detector.contract import attempt_files
from detector.contract.checkpoints import Saved
from detector.contract.reports import StepReport
from ftcml.core.files import storage
from training.insight.accuracy import Accuracy
from training.models import Checkpoint, MetricPoint, TrainingJob
from training.worker import job_leases
from training.worker.results import publishing
from training.worker.worker_clock import Clock


def publish(job: TrainingJob, attempt: Path, clock: Clock) -> None:
    """Publish what was measured since, once. Raises LeaseLost, and StorageAway as `publish_new` does.

    The newest comes first, as the trainer compares the parent's model with the best of all others. That model may have
    been measured by an earlier attempt, and another checkpoint have been the best since.
    """
    for report in reversed(attempt_files.measurements(attempt)):
        row = _row(job, report)
        if row and (row.summary is None or (row != job.best_checkpoint and _is_best(job, row, report))):
            _publish(job, row, report, attempt, clock)


def _row(job: TrainingJob, report: StepReport) -> Checkpoint | None:
    """Return the row of the measured checkpoint; None while it isn't published."""
    known = job.checkpoints.filter(step=report.step).first()
    if known or report.step > job.first_step or not job.has_checkpoint:
        return known
    return Checkpoint(job=job, step=report.step, lease_number=job.lease_number)


def _publish(job: TrainingJob, row: Checkpoint, report: StepReport, attempt: Path, clock: Clock) -> None:
    """Store the detections under this attempt's name; then, while the lease is held, the numbers and which one is best.

    Files of a checkpoint that is no longer the best are removed.
    """
    publishing.check_storage()
    row.detections_name = publishing.store_detections(job, attempt, report, job_leases.heartbeat(job, clock))
    is_best = _is_best(job, row, report)
    row.mean_precision, row.summary = report.mean_precision, report.summary
    for name, number in Accuracy.of(report.summary).columns().items():
        setattr(row, name, number)
    lease = job_leases.of(job)
    with transaction.atomic():
        lease.write(deaths_in_a_row=0)
        row.save()
        best = row if is_best else job.best_checkpoint
        lease.write(best_checkpoint=best)
        if job.is_own(row.step):
            # An earlier version may have kept the numbers of an evaluation without a summary.
            MetricPoint.objects.bulk_create(publishing.metric_points(job, report), ignore_conflicts=True)
        kept = {job.steps_completed, best.step if best else 0}
        not_kept = job.checkpoints.with_files().exclude(step__in=kept)
        outdated = list(not_kept.values_list("folder", flat=True))
        not_kept.update(folder="")
    job.best_checkpoint = best
    for folder in outdated:
        storage.discard_tree(folder)


def _is_best(job: TrainingJob, row: Checkpoint, report: StepReport) -> bool:
    """Return whether the measured checkpoint is the best, as the trainer chooses."""
    measured = Saved(row.step, Path(), report.mean_precision)
    best = publishing.best_of(job, [measured]) if job.is_own(row.step) else publishing.best_of(job, [], measured)
    return best is not None and best.step == row.step
