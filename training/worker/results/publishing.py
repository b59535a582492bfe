"""Publishes what a trainer wrote into its attempt's folder, as rows and stored files: each checkpoint once."""

import logging
import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from detector.contract import attempt_files, checkpoints
from detector.contract.checkpoints import Saved
from detector.contract.model_variants import FLOAT32, Variant
from detector.contract.reports import StepReport
from detector.contract.suppression import DEFAULT_IOU
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import Heartbeat, LeaseLost
from ftcml.installation import identity
from training.insight.accuracy import Accuracy
from training.models import Checkpoint, MetricPoint, ModelFile, TrainingJob
from training.services.jobs import wake_assistants
from training.worker import job_leases
from training.worker.worker_clock import Clock

log = logging.getLogger(__name__)


def publish_new(job: TrainingJob, attempt: Path, clock: Clock) -> None:
    """Publish the checkpoints that are newer than the job's newest.

    Raises LeaseLost, and StorageAway if this isn't the storage of the job's files. The lease is renewed while files are
    stored, and nothing more is stored once it's lost.

    1. Store the files of the newest one, and of the best one if it is among them, under names of this attempt alone,
       which nothing refers to yet.
    2. In one transaction, only while the lease is held: the steps, the best, the checkpoints, their metrics.
    3. Remove the files of the checkpoints that are neither newest nor best any more.
    """
    new = [report for report in attempt_files.reports(attempt) if report.step > job.steps_completed]
    if not new:
        return
    check_storage()
    best = best_of(job, [checkpoints.of_report(attempt, report) for report in new])
    kept = {new[-1].step, best.step if best else 0}
    heartbeat = job_leases.heartbeat(job, clock)
    created = clock.now()  # by the one clock of all machines
    rows = [_checkpoint(job, attempt, report, created, heartbeat) for report in new]
    for row, report in zip(rows, new, strict=True):
        if row.step in kept:
            row.folder = _store_files(job, attempt, report, heartbeat)
    now: dict[str, Any] = {"steps_completed": new[-1].step, "deaths_in_a_row": 0}
    if job.has_model:  # an earlier attempt's, made before this checkpoint
        now["wants_model_again"] = True
    lease = job_leases.of(job)
    with transaction.atomic():
        lease.write(**now)
        not_kept = job.checkpoints.with_files().exclude(step__in=kept)
        outdated = list(not_kept.values_list("folder", flat=True))
        not_kept.update(folder="")
        Checkpoint.objects.bulk_create(rows)
        if best:
            now["best_checkpoint"] = job.checkpoints.get(step=best.step)
            lease.write(best_checkpoint=now["best_checkpoint"])
        MetricPoint.objects.bulk_create(point for report in new for point in metric_points(job, report))
    for name, value in now.items():
        setattr(job, name, value)
    for folder in outdated:
        storage.discard_tree(folder)


def check_storage() -> None:
    """Raise StorageAway if stored files would be lost, because a drive isn't mounted anymore."""
    if sentence := identity.problem():
        log.error("nothing is published: %s", sentence)
        raise StorageAway


def best_of(job: TrainingJob, new: Sequence[Saved], parents: Saved | None = None) -> Saved | None:
    """Return the best of the published and the new checkpoints, as the trainer chooses; None if none was measured.

    One whose files are lost doesn't count: the best must be one that can be exported. `parents`: the parent's model,
    measured on this job's frames. Without it, it's the published one where that was the best so far.
    """
    before, own = job.best_checkpoint, [saved(row) for row in job.checkpoints.with_files()]
    if before and not job.is_own(before.step):
        parents = parents or saved(before)
    return checkpoints.best_with_parents(checkpoints.best([*own, *new], job.checkpoints.highest_map()), parents)


def saved(row: Checkpoint) -> Saved:
    """Return a published checkpoint as the trainer's rules take it."""
    return Saved(row.step, Path(), row.mean_precision)


def _stored(job: TrainingJob, attempt: Path) -> str:
    return f"{job.prefix}/{attempt.name}"


def _checkpoint(
    job: TrainingJob, attempt: Path, report: StepReport, created: datetime, heartbeat: Heartbeat
) -> Checkpoint:
    """Return the row for a report. Its detections are stored, but not yet the checkpoint's own files."""
    checkpoint = Checkpoint(
        job=job,
        step=report.step,
        created=created,
        lease_number=job.lease_number,
        mean_precision=checkpoints.of_report(attempt, report).mean_precision,
        summary=report.summary,
        **Accuracy.of(report.summary).columns(),
    )
    checkpoint.detections_name = store_detections(job, attempt, report, heartbeat)
    return checkpoint


def store_detections(job: TrainingJob, attempt: Path, report: StepReport, heartbeat: Heartbeat) -> str:
    """Store a report's detections and return their name, "" without any."""
    if not report.detections:
        return ""
    name = f"{_stored(job, attempt)}/{report.detections}"
    storage.put(name, attempt / report.detections, heartbeat)
    return name


def _store_files(job: TrainingJob, attempt: Path, report: StepReport, heartbeat: Heartbeat) -> str:
    """Store the files of a checkpoint and return their folder. If that fails, as on a full disk, none stays."""
    folder = f"{_stored(job, attempt)}/{report.checkpoint}"
    try:
        storage.put_tree(folder, attempt / report.checkpoint, heartbeat)
    except (OSError, LeaseLost):
        storage.discard_tree(folder)
        raise
    return folder


def metric_points(job: TrainingJob, report: StepReport) -> list[MetricPoint]:
    """Return the rows for a report's numbers, without those that weren't measured."""
    splits = {MetricPoint.Split.TRAIN: report.training_metrics, MetricPoint.Split.EVAL: report.evaluation_metrics}
    return [
        MetricPoint(job=job, split=split, tag=tag, step=report.step, value=value)
        for split, metrics in splits.items()
        for tag, value in metrics.items()
        if math.isfinite(value)
    ]


def publish_models(job: TrainingJob, attempt: Path, step: int, clock: Clock) -> bool:
    """Publish the exported files in place of an earlier attempt's. Return whether there are any.

    `step`: the checkpoint that they are made from, 0 without one. If the trainer made nothing, the job keeps the files
    that it has.

    1. Store the files, under names of this attempt alone, which nothing refers to yet.
    2. In one transaction, only while the lease is held: a row for each, and which one is the default.
    3. Remove what nothing refers to any more. Raises LeaseLost when the job was taken away.
    """
    files = _models(job, attempt, step) if step and job.has_checkpoint else []
    if not files:
        job_leases.read_again(job)  # who has lost the job hears of it here too
        return False
    check_storage()
    names = {file.name for file in files}
    heartbeat = job_leases.heartbeat(job, clock)
    try:
        for file in files:
            _store_model(file.name, attempt, heartbeat)
        outdated = _refer_to(job, files, _default_variant(attempt))
    except LeaseLost:
        _remove(names - _referred_to(job))
        raise
    _remove(outdated - names)
    return True


def _refer_to(job: TrainingJob, files: list[ModelFile], variant: str) -> set[str]:
    """Make `files` the job's model, with that variant as the default. Return the names of the earlier files.

    Raises LeaseLost."""
    lease = job_leases.of(job)
    with transaction.atomic():
        lease.write(wants_model_again=False)
        outdated = _referred_to(job)
        job.model_files.all().delete()
        ModelFile.objects.bulk_create(files)
        default = job.model_files.filter(variant=variant).first()
        lease.write(default_file=default)
        transaction.on_commit(wake_assistants)
    job.default_file, job.wants_model_again = default, False
    return outdated


def _default_variant(attempt: Path) -> str:
    return next((variant.name for variant in attempt_files.read_variants(attempt) if variant.is_default), FLOAT32)


def _referred_to(job: TrainingJob) -> set[str]:
    """Return the names of the files of the job's model."""
    return set(job.model_files.values_list("name", flat=True))


def _remove(names: set[str]) -> None:
    for name in names:
        storage.discard(name)


def _models(job: TrainingJob, attempt: Path, step: int) -> list[ModelFile]:
    """Return the rows of the exported files, by the names to store them under.

    Without other variants it's the model itself alone.
    """
    files = [_model_file(job, variant) for variant in attempt_files.read_variants(attempt)]
    if not files and (attempt / attempt_files.MODEL).exists():
        size = (attempt / attempt_files.MODEL).stat().st_size
        files = [ModelFile(job=job, variant=FLOAT32, name=attempt_files.MODEL, size=size)]
    for file in files:
        file.step = step
    if files and (attempt / attempt_files.NEWEST_MODEL).exists():
        size = (attempt / attempt_files.NEWEST_MODEL).stat().st_size
        newest = {"name": attempt_files.NEWEST_MODEL, "step": job.steps_completed, "size": size}
        files.append(ModelFile(job=job, variant=ModelFile.NEWEST, **newest))
    overlaps = _overlaps(job, files)
    for file in files:
        file.name = f"{_stored(job, attempt)}/{file.name}"
        file.nms_iou = overlaps.get(file.step, DEFAULT_IOU)
    return files


def _overlaps(job: TrainingJob, files: list[ModelFile]) -> dict[int, float]:
    """Return what the trainer was told of each file's checkpoint, or told itself: its `nms_iou`, by step."""
    checkpoints_of_files = job.checkpoints.filter(step__in={file.step for file in files})
    return {checkpoint.step: checkpoint.nms_iou for checkpoint in checkpoints_of_files}


def _store_model(name: str, attempt: Path, heartbeat: Heartbeat) -> None:
    """Store an exported file. If that fails, as on a full disk, nothing of it stays."""
    heartbeat()
    try:
        storage.put(name, attempt / Path(name).name, heartbeat)
    except OSError:
        storage.discard(name)
        raise


def _model_file(job: TrainingJob, variant: Variant) -> ModelFile:
    """Return the row, named like the file in the attempt's folder."""
    return ModelFile(
        job=job,
        variant=variant.name,
        name=variant.file,
        size=variant.size,
        latency_ms=variant.latency_ms,
        ap50=variant.ap50,
        ap50_low=variant.ap50_low,
        ap50_high=variant.ap50_high,
        ap=variant.ap,
        compared_on=variant.compared_on,
        frames=variant.frames,
        objects_of_float32=variant.agreement.objects,
        same=variant.agreement.same,
        near=variant.agreement.near,
        extra=variant.agreement.extra,
        less_accurate=variant.less_accurate,
    )
