"""Which checkpoints of a job are worth their place: the newest, and the best on the evaluation frames. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.contract import attempt_files, reports
from detector.contract.spec import JobSpec
from detector.contract.suppression import DEFAULT_IOU

# In mAP, where 1 is everything right: checkpoints that differ by no more count as equally good.
# docs/contributors/evaluation.md tells how it was chosen.
MAY_BE_NOISE = 0.01
# What decimal fractions do not say exactly, so that a difference of just that much is no more than that.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Saved:
    """A whole checkpoint. `folder` holds its files. `mean_precision`, `nms_iou`: see StepReport."""

    step: int
    folder: Path
    mean_precision: float | None
    nms_iou: float = DEFAULT_IOU


def is_as_good(mean_precision: float, highest: float) -> bool:
    """Whether an mAP is as high as the highest one, but for what may be noise."""
    return mean_precision >= highest - MAY_BE_NOISE - _ROUNDING


def best(checkpoints: Sequence[Saved], highest: float = 0.0) -> Saved | None:
    """The newest that is as good as the one with the highest mAP; None where none has an mAP.

    `highest`: the highest mAP that was ever seen, also of checkpoints whose files are gone. So small steps down do not
    add up. Where all that are left are clearly below it, because files were lost, it is the one with the highest mAP.

    One checkpoint more makes that one the best or changes nothing. So who knows only the best, the highest mAP and what
    came since chooses like one who knows them all, and never a checkpoint whose files were dropped.
    """
    chosen, value = None, 0.0
    for checkpoint in sorted(checkpoints, key=lambda checkpoint: checkpoint.step):
        if checkpoint.mean_precision is None:
            continue
        highest = max(highest, checkpoint.mean_precision)
        if chosen is None or checkpoint.mean_precision >= value or is_as_good(checkpoint.mean_precision, highest):
            chosen, value = checkpoint, checkpoint.mean_precision
    return chosen


def best_with_parents(own: Saved | None, parents: Saved | None) -> Saved | None:
    """The best one of a job, or the one of its parent's model, measured on the same frames, where it's clearly better.

    The parent's is the older one, whatever is known besides. None where neither has an mAP.
    """
    return best([checkpoint for checkpoint in (parents, own) if checkpoint])


def to_export(checkpoints: Sequence[Saved], highest: float, parents: Saved | None = None) -> Saved | None:
    """The one that becomes the model: the best, or the newest where none was measured; None without any."""
    return best_with_parents(best(checkpoints, highest), parents) or (checkpoints[-1] if checkpoints else None)


def saved(attempt: Path, job: JobSpec) -> list[Saved]:
    """The checkpoints of earlier attempts that `job` names, then this attempt's own. Oldest first.

    Of its own only those that are `wanted` still have their files.
    """
    earlier = []
    if job.best_from:
        earlier.append(Saved(job.best_step, Path(job.best_from), job.best_map, job.best_iou))
    if job.resume_from and job.resume_step != job.best_step:
        earlier.append(Saved(job.resume_step, Path(job.resume_from), job.resume_map, job.resume_iou))
    return [*earlier, *(of_report(attempt, report) for report in attempt_files.reports(attempt))]


def of_parent(job: JobSpec) -> Saved | None:
    """The checkpoint that the parent's model is of; None without a parent."""
    if not job.parent_best_from:
        return None
    return Saved(job.parent_best_step, Path(job.parent_best_from), job.parent_best_map, job.parent_best_iou)


def of_report(attempt: Path, report: reports.StepReport) -> Saved:
    return Saved(report.step, attempt / report.checkpoint, report.mean_precision, report.nms_iou)


def wanted(checkpoints: Sequence[Saved], highest: float) -> set[Path]:
    """The folders to keep: of the newest and the best, and of those that were it one checkpoint ago.

    Those may still be being copied by the supervisor.
    """
    return {
        checkpoint.folder
        for known in (checkpoints, checkpoints[:-1])
        for checkpoint in (*known[-1:], best(known, highest))
        if checkpoint
    }
