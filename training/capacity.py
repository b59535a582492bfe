"""Whether the server can take one more training into its queue now."""

from django.conf import settings

from training import workers
from training.models import TrainingJob, TrainingSwitch
from training.reasons import Reason
from training.states import JobState


def refusal(is_trained_here: bool = False) -> str:
    """Why a job cannot be queued now, as a sentence for TRY_AGAIN_LATER; "" when it can.

    `is_trained_here`: by the process that asks, so that it needs no training worker.
    """
    switch = TrainingSwitch.now()
    if not switch.is_on:
        why = f" ({switch.reason})" if switch.reason else ""
        return Reason.SWITCHED_OFF.with_words(why=why, support=settings.SUPPORT_CONTACT)
    waiting = TrainingJob.objects.filter(state=JobState.QUEUED).count()
    if waiting >= settings.QUEUE_LIMIT:
        wait = "training waits" if waiting == 1 else "trainings wait"
        return Reason.QUEUE_IS_FULL.with_words(waiting=f"{waiting} {wait}")
    if not is_trained_here and not workers.live_workers().exists():
        minutes = workers.SEEN_WITHIN.seconds // 60
        return Reason.NO_WORKER.with_words(minutes=minutes, support=settings.SUPPORT_CONTACT)
    return ""
