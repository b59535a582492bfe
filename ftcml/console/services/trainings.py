"""Trainings of all teams: the table's rows, and what an operator may do with one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from ftcml.accounts.models import User
from ftcml.console import messages
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused
from training.messages import words
from training.models import TrainerLog, TrainingJob
from training.refusals import JobRefused
from training.services import jobs
from training.services.progress import Live, live
from training.services.selection import retry_refusal, stop_refusal
from training.states import JobState


@dataclass(frozen=True)
class JobRow:
    """A refusal says why the button cannot be used, "" where it can. Reading a row asks the database nothing."""

    job: TrainingJob

    @property
    def live(self) -> Live | None:
        return live(self.job)

    @property
    def stop_refusal(self) -> str:
        return words(stop_refusal([self.job]))

    @property
    def retry_refusal(self) -> str:
        return words(retry_refusal(self.job))


def of_all_teams(team_number: int | None, state: str) -> QuerySet[TrainingJob]:
    """The newest first; None and "" stand for all."""
    found = TrainingJob.objects.select_related("team")
    if team_number is not None:
        found = found.filter(team__number=team_number)
    return found.filter(state=state) if state else found


def any_team_job(job_id: UUID | str) -> TrainingJob:
    """The job, whichever team's. For operators alone. Raises Http404."""
    job = TrainingJob.objects.select_related("team", "created_by").filter(pk=job_id).first()
    if job is None:
        raise Http404(messages.NO_SUCH_MODEL)
    return job


def log_of(job: TrainingJob) -> TrainerLog | None:
    """The end of its trainers' logs; None while none has written anything."""
    return TrainerLog.objects.filter(job=job).first()


@transaction.atomic
def stop(operator: User, job: TrainingJob) -> None:
    """Stop the training as its team would. Raises ActionRefused when there is nothing to stop any more."""
    job.refresh_from_db()
    if refusal := stop_refusal([job]):
        raise ActionRefused(words(refusal))
    before = job.state
    jobs.request_stop(job, operator)
    audit.record(operator, audit.Kind.STOP, _name(job), f"{before} → {job.state}")


@transaction.atomic
def retry(operator: User, job: TrainingJob) -> str:
    """Queue a training that could not be queued. Returns why it still cannot, "" when it waits now.

    Raises ActionRefused when there is nothing to try again, or when the team has too little time left.
    """
    job.refresh_from_db()
    if refusal := retry_refusal(job):
        raise ActionRefused(words(refusal))
    try:
        job = jobs.retry(job, operator)
    except JobRefused as refused:
        raise ActionRefused(str(refused)) from None
    why_not = job.state_reason if job.state == JobState.TRY_AGAIN_LATER else ""
    audit.record(operator, audit.Kind.RETRY, _name(job), f"now {job.state}. {why_not}".strip())
    return why_not


def _name(job: TrainingJob) -> str:
    return f"“{job}” of {job.team.full_number} ({job.pk})"
