"""Whether the server can take one more training into its queue now, and whether it takes one more of this team."""

from django.conf import settings

from ftcml.accounts.models import Team
from training.models import TrainingJob, TrainingSwitch
from training.reasons import Code, Reason, Refusal
from training.refusals import JobRefused
from training.services import registry
from training.states import ON_ITS_WAY, JobState


def one_start_at_a_time() -> None:
    """Have others that call this wait until this transaction ends, so that what is counted in it stays true."""
    TrainingSwitch.objects.get_or_create(pk=1)
    TrainingSwitch.objects.select_for_update().get(pk=1)


def check_team(team: Team) -> None:
    """Raise JobRefused while the team has as many jobs on their way as one team may have."""
    count = TrainingJob.objects.for_team(team).filter(state__in=ON_ITS_WAY).count()
    if count >= settings.TEAM_MAX_JOBS:
        raise JobRefused(Refusal.TEAM_IS_FULL, jobs=count, most=settings.TEAM_MAX_JOBS)


def refusal(is_trained_here: bool = False) -> Reason:
    """Why a job cannot be queued now and has to wait in TRY_AGAIN_LATER; no reason when it can.

    `is_trained_here`: by the process that asks, so that it needs no training worker.
    """
    switch = TrainingSwitch.now()
    if not switch.is_on:
        return Reason(Code.SWITCHED_OFF, {"because": switch.reason})
    waiting = TrainingJob.objects.filter(state=JobState.QUEUED).count()
    if waiting >= settings.QUEUE_LIMIT:
        return Reason(Code.QUEUE_IS_FULL, {"waiting": waiting})
    if not is_trained_here and not registry.live_workers().exists():
        return Reason(Code.NO_WORKER, {"minutes": registry.SEEN_WITHIN.seconds // 60})
    return Reason()
