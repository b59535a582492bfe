"""What an operator asks of a training worker: to come to rest, and to take jobs again."""

from django.db import transaction
from django.http import Http404

from ftcml.accounts.models import User
from ftcml.console import messages
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused
from training.models import Drain, TrainingWorker
from training.services import queue, registry
from training.services.jobs import wake_training_worker


def worker(worker_id: int) -> TrainingWorker:
    """Return the worker. Raises Http404."""
    found = TrainingWorker.objects.filter(pk=worker_id).first()
    if found is None:
        raise Http404(messages.NO_SUCH_WORKER)
    return found


def takes_over(drained: TrainingWorker) -> bool:
    """Return whether another live worker takes the next trainings while this one rests."""
    return registry.taking_jobs().exclude(pk=drained.pk).exists()


@transaction.atomic
def drain(operator: User, chosen: TrainingWorker, how: Drain) -> None:
    """Have a worker take no new training. It hears of a change within a few seconds. Raises ActionRefused."""
    if not TrainingWorker.objects.filter(pk=chosen.pk).update(drain=how):
        raise ActionRefused(messages.NO_SUCH_WORKER)
    audit.record(operator, audit.Kind.DRAIN, chosen.name, how.label)
    if queue.something_waits():  # its message may be on the way to the one that rests now
        transaction.on_commit(wake_training_worker)


@transaction.atomic
def take_jobs_again(operator: User, chosen: TrainingWorker) -> None:
    """Have a drained worker take trainings again."""
    if TrainingWorker.objects.filter(pk=chosen.pk).exclude(drain="").update(drain=""):
        audit.record(operator, audit.Kind.UNDRAIN, chosen.name)
        transaction.on_commit(wake_training_worker)
