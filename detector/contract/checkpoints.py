"""Which checkpoints of a job are worth their place: the newest, and the best on the evaluation frames. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.contract import spec
from detector.contract.spec import JobSpec
from detector.contract.suppression import DEFAULT_IOU


@dataclass(frozen=True)
class Saved:
    """A whole checkpoint. `folder` holds its files. `mean_precision`, `nms_iou`: see StepReport."""

    step: int
    folder: Path
    mean_precision: float | None
    nms_iou: float = DEFAULT_IOU


def best(checkpoints: Sequence[Saved]) -> Saved | None:
    """The one with the highest mAP, of equal ones the newer; None where none has an mAP."""
    measured = [checkpoint for checkpoint in checkpoints if checkpoint.mean_precision is not None]
    return max(measured, key=lambda checkpoint: (checkpoint.mean_precision, checkpoint.step), default=None)


def to_export(checkpoints: Sequence[Saved]) -> Saved | None:
    """The one that becomes the model: the best, or the newest where none was measured; None without any."""
    return best(checkpoints) or (checkpoints[-1] if checkpoints else None)


def saved(attempt: Path, job: JobSpec) -> list[Saved]:
    """The checkpoints of earlier attempts that `job` names, then this attempt's own. Oldest first.

    Of its own only those that are `wanted` still have their files.
    """
    earlier = []
    if job.best_from:
        earlier.append(Saved(job.best_step, Path(job.best_from), job.best_map, job.best_iou))
    if job.resume_from and job.resume_step != job.best_step:
        earlier.append(Saved(job.resume_step, Path(job.resume_from), job.resume_map, job.resume_iou))
    return [*earlier, *(of_report(attempt, report) for report in spec.reports(attempt))]


def of_parent(job: JobSpec) -> Saved | None:
    """The checkpoint that the parent's model is of; None without a parent."""
    if not job.parent_best_from:
        return None
    return Saved(job.parent_best_step, Path(job.parent_best_from), job.parent_best_map, job.parent_best_iou)


def of_report(attempt: Path, report: spec.StepReport) -> Saved:
    return Saved(report.step, attempt / report.checkpoint, report.mean_precision, report.nms_iou)


def wanted(checkpoints: Sequence[Saved]) -> set[Path]:
    """The folders to keep: of the newest and the best, and of those that were it one checkpoint ago.

    Those may still be being copied by the supervisor.
    """
    return {
        checkpoint.folder
        for known in (checkpoints, checkpoints[:-1])
        for checkpoint in (*known[-1:], best(known))
        if checkpoint
    }
