"""Prepares the folder of one attempt at a job for the trainer, and tidies it afterwards."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from datasets.models import Dataset
from datasets.split import Split
from detector.contract import attempt_files, spec
from detector.contract.suppression import DEFAULT_IOU
from ftcml.core.files import local_copies, storage
from ftcml.core.lease import Heartbeat
from training.insight import checkpoint_detections
from training.models import Checkpoint, TrainingJob
from training.reasons import Code, Reason
from training.services import lineage
from training.services.jobs import attempt_folder
from training.services.starting import checks
from training.weights import starting_weights
from training.worker import job_leases
from training.worker.worker_clock import Clock

# So many trainers may die when nothing is left but to measure and export; the next one measures nothing.
_DEATHS_OF_MEASURING = 2
_KEPT = {attempt_files.JOB, attempt_files.RECIPE, attempt_files.RESULT, attempt_files.LOG}


class FilesLost(Exception):
    """Files that the job's row refers to are lost. `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def prepare(job: TrainingJob, until_step: int, clock: Clock) -> Path:
    """Make the attempt's folder with its job.json.

    The order is to train to `until_step`, from the newest checkpoint, or from the parent's while the job has none. The
    trainer gets the best checkpoint too, and exports it unless it reaches a better one. The lease is renewed while
    files are fetched. Raises FilesLost, and LeaseLost.
    """
    heartbeat = job_leases.heartbeat(job, clock)
    attempt = attempt_folder(job)
    attempt.mkdir(parents=True, exist_ok=True)
    newest = job.checkpoints.with_files().last()
    best = job.checkpoints.with_files().best_of(job)
    datasets = list(job.datasets.all())
    measures = not _is_measuring_deadly(job, until_step)
    job_spec = spec.JobSpec(
        starting_model=job.starting_model,
        label_names=job.labels,
        training_shards=_local_shards(job, Split.TRAINING, attempt, heartbeat),
        evaluation_shards=_local_shards(job, Split.EVALUATION, attempt, heartbeat),
        training_frames=checks.frames(datasets, Split.TRAINING),
        evaluation_frames=checks.frames(datasets, Split.EVALUATION),
        batch_size=job.batch_size,
        steps=until_step,
        first_step=job.first_step,
        resume_from=_fetched(newest, attempt, heartbeat),
        resume_step=newest.step if newest else 0,
        resume_map=newest.mean_precision if newest else None,
        resume_iou=newest.nms_iou if newest else DEFAULT_IOU,
        best_from=_fetched(best, attempt, heartbeat),
        best_step=best.step if best else 0,
        best_map=job.best_map or 0.0,
        best_iou=best.nms_iou if best else DEFAULT_IOU,
        highest_map=job.checkpoints.highest_map(),
        parent_from="" if newest else _fetched_from_parent(job, attempt, heartbeat),
        parent=job.started_from if job.parent else "",
        **_parents_model(job, datasets, attempt, heartbeat, measures),
        measures_at_end=measures,
        measures_last_apart=job.deaths_in_a_row > 0,
        weights_folder=str(starting_weights.folder()),
        starting_weights=lineage.line(job)[0].started_from,
        device=settings.TRAINING_DEVICE,
        description=job.description,
        max_detections=job.max_detections,
    )
    attempt_files.write(attempt / attempt_files.JOB, job_spec)
    return attempt


def _is_measuring_deadly(job: TrainingJob, until_step: int) -> bool:
    """Whether trainers died again and again with all steps done: most likely measuring takes more memory than there
    is. Each new checkpoint and each measurement begins the count anew."""
    return job.steps_completed >= until_step and job.deaths_in_a_row >= _DEATHS_OF_MEASURING


def _fetched(checkpoint: Checkpoint | None, attempt: Path, heartbeat: Heartbeat) -> str:
    """Return a folder of the attempt with the checkpoint's files; "" without a checkpoint."""
    if checkpoint is None:
        return ""
    folder = attempt / f"earlier-{attempt_files.checkpoint_name(checkpoint.step)}"
    _fetch(checkpoint, folder, Reason(Code.LOST_CHECKPOINT), heartbeat)
    return str(folder)


def _fetched_from_parent(job: TrainingJob, attempt: Path, heartbeat: Heartbeat) -> str:
    """Return the same for the parent's newest checkpoint; "" without a parent."""
    if job.parent is None:
        return ""
    lost = Reason(Code.LOST_PARENT, {"parent": job.started_from})
    checkpoint = lineage.newest_checkpoint(job.parent)
    if checkpoint is None:
        raise FilesLost(lost)
    folder = attempt / "parent"
    _fetch(checkpoint, folder, lost, heartbeat)
    return str(folder)


def _parents_model(
    job: TrainingJob, datasets: list[Dataset], attempt: Path, heartbeat: Heartbeat, measures: bool
) -> dict[str, Any]:
    """Return the checkpoint of the parent's model as fields of a JobSpec; none if its files are lost.

    Its mAP counts for this job if both have the same evaluation frames. A trainer that measures nothing can't report
    it as this job's own, so for that one only what an earlier attempt measured counts.
    """
    checkpoint = lineage.model_checkpoint(job.parent) if job.parent else None
    if checkpoint is None or job.parent is None:
        return {}
    folder = attempt / "parents-model"
    try:
        _fetch(checkpoint, folder, Reason(Code.LOST_PARENT, {"parent": job.started_from}), heartbeat)
    except FilesLost:  # the job is none the worse for it
        return {}
    if measures:
        is_comparable = set(job.parent.datasets.all()) == set(datasets)
        # The parent's own number: its model may be of a checkpoint that was first measured on other frames.
        known = job.parent.best_map if is_comparable else None
    else:
        measured = job.checkpoints.filter(step=checkpoint.step).first()
        known = measured.mean_precision if measured else None
    return {
        "parent_best_from": str(folder),
        "parent_best_step": checkpoint.step,
        "parent_best_map": known,
        "parent_best_iou": checkpoint.nms_iou,
    }


def _fetch(checkpoint: Checkpoint, folder: Path, lost: Reason, heartbeat: Heartbeat) -> None:
    """Fetch all files of a checkpoint, or none, unless they are there already. Raises FilesLost(lost)."""
    if folder.exists():
        return
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        storage.fetch_tree(checkpoint.folder, partial, heartbeat)
    except FileNotFoundError:
        raise FilesLost(lost) from None
    partial.rename(folder)


def check(attempt: Path) -> None:
    """Raise FilesLost if the attempt's folder was removed."""
    if not attempt.is_dir():
        raise FilesLost(Reason(Code.LOST_FOLDER))


def _local_shards(job: TrainingJob, split: Split, attempt: Path, heartbeat: Heartbeat) -> list[str]:
    """Return paths on this machine of the shards of all the job's datasets.

    If the storage is elsewhere, they are this machine's copies, under names that are removed with the attempt."""
    copies = attempt / "shards"
    copies.mkdir(exist_ok=True)
    names = checkpoint_detections.shards(job, split).values_list("name", flat=True)
    return [str(local_copies.path_in(copies, name, heartbeat)) for name in names]


def tidy(attempt: Path) -> None:
    """Remove everything but the log, the order and the result. Checkpoints and models were published."""
    for path in attempt.iterdir() if attempt.exists() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in _KEPT:
            path.unlink(missing_ok=True)
