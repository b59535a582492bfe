"""Rows that contradict themselves. No correct program writes such a row; what became of it a person must find out."""

from collections.abc import Iterator

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from training.models import TrainingJob
from training.reasons import Code, Reason
from training.states import LEASED, JobState

_WAITING = (JobState.QUEUED, JobState.TRY_AGAIN_LATER)
_NOBODY = Q(lease_owner="") | Q(lease_until=None)


def contradictory() -> Iterator[tuple[TrainingJob, Reason]]:
    """Return each unfinished job whose row contradicts itself, and how. One query."""
    under_way: QuerySet[TrainingJob] = TrainingJob.objects.filter(state__in=(*LEASED, *_WAITING))
    jobs = under_way.annotate(newest=Coalesce(Max("checkpoints__step"), F("first_step")))
    without_worker = Q(state__in=LEASED) & _NOBODY
    with_worker = Q(state__in=_WAITING) & ~_NOBODY
    other_step = ~Q(steps_completed=F("newest"))
    for job in jobs.filter(without_worker | with_worker | other_step):
        yield job, _how(job, job.newest)


def _how(job: TrainingJob, newest: int) -> Reason:
    has_worker = bool(job.lease_owner and job.lease_until)
    if has_worker != (job.state in LEASED):
        code = Code.A_WORKER_HAS_IT if has_worker else Code.NO_WORKER_HAS_IT
        return Reason(code, {"state": job.state})
    return Reason(Code.OTHER_STEP, {"steps": job.steps_completed, "newest": newest})
