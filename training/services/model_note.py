"""What to know about the model that a job gives: of which step it is where that is not the last one."""

from training.models import TrainingJob
from training.reasons import Note, Reason


def model_note(job: TrainingJob) -> Reason:
    """Return why the model is not of the job's last step; no reason where it is, or where nothing was measured."""
    if not job.model_step or job.model_step != job.best_step or job.model_step == job.steps_completed:
        return Reason()
    if job.parent_id and job.model_step <= job.first_step:
        own_steps = job.steps_completed - job.first_step
        return Reason(Note.NOT_IMPROVED, {"steps": own_steps, "model_step": job.model_step})
    return Reason(Note.EARLIER_IS_BETTER, {"last_step": job.steps_completed, "model_step": job.model_step})
