"""What to know about the model that a job gives: of which step it is, and what could not be measured."""

from dataclasses import dataclass

from django.db.models import Count, Q

from datasets.split import Split
from detector.contract import checkpoints
from training.models import TrainingJob
from training.reasons import Note, Reason
from training.services import lineage
from training.services.starting import checks


@dataclass(frozen=True)
class Measured:
    """How many of a job's checkpoints have detections to show, and whether its last step was measured."""

    checkpoints: int
    is_last: bool


def measured(job: TrainingJob) -> Measured:
    """Return what was measured of a job, in one query. A last step without a row counts as measured."""
    missing = Q(step=job.steps_completed, summary__isnull=True, mean_precision=None)
    found = job.checkpoints.aggregate(
        shown=Count("pk", filter=~Q(detections_name="")), missing=Count("pk", filter=missing)
    )
    return Measured(found["shown"], not found["missing"])


def model_note(job: TrainingJob, is_last_measured: bool) -> Reason:
    """Return why the model is not of the job's last step, or what was not measured; no reason where all is said."""
    if not job.model_step:
        return Reason()
    if not is_last_measured:
        return _not_measured(job)
    if job.model_step != job.best_step:
        return Reason()
    if job.parent_id and job.model_step <= job.first_step:
        own_steps = job.steps_completed - job.first_step
        return Reason(Note.NOT_IMPROVED, {"steps": own_steps, "model_step": job.model_step})
    if job.parent and _may_be_better(job.parent, job):
        return Reason(Note.PARENT_NOT_MEASURED, {"parent": str(job.parent)})
    if job.model_step == job.steps_completed:
        return Reason()
    return Reason(Note.EARLIER_IS_BETTER, {"last_step": job.steps_completed, "model_step": job.model_step})


def _not_measured(job: TrainingJob) -> Reason:
    if job.model_step != job.steps_completed:
        return Reason(Note.LAST_NOT_MEASURED, {"last_step": job.steps_completed, "model_step": job.model_step})
    has_frames = checks.frames(list(job.datasets.all()), Split.EVALUATION)
    return Reason(Note.NOT_MEASURED) if has_frames else Reason()


def _may_be_better(parent: TrainingJob, job: TrainingJob) -> bool:
    """Whether the parent's model may be clearly better than the job's, and was not measured on its frames."""
    model = lineage.model_checkpoint(parent)
    if model is None or job.checkpoints.filter(step=model.step).exists():
        return False
    is_comparable = set(parent.datasets.all()) == set(job.datasets.all())
    known, own = parent.best_map if is_comparable else None, job.best_map
    return known is None or (own is not None and not checkpoints.is_as_good(own, known))
