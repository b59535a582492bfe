"""Training jobs whose files are not all in the storage any more."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import Q

from ftcml import clock, storage
from training import endings, leases
from training.jobs import LostRace
from training.models import TrainingJob
from training.reasons import Reason
from training.states import TERMINAL, JobState

CHECK = "check_storage"


def lost_files() -> Iterator[tuple[TrainingJob, list[str]]]:
    """Each job that lacks files, with their names in the storage; without those that a worker has a lease on."""
    for job in TrainingJob.objects.filter(Q(lease_until=None) | Q(lease_until__lt=clock.now())):
        if lost := storage.missing(job.stored_names()):
            yield job, lost


def try_exports_again() -> None:
    """Have a worker try three times more to make the model files that were given up (leases.given_up)."""
    leases.given_up().update(deaths_in_a_row=0)


def give_up(job: TrainingJob, lost: Sequence[str]) -> None:
    """Refer to the lost files no more.

    A model file is made again where a checkpoint is left (leases.waiting_for_export). A job that was to go on from a
    lost checkpoint contradicts itself: STATE_UNSPECIFIED, for a person to look at, unless it is in that state already.
    """
    newest = job.checkpoints.last()
    with suppress(LostRace), transaction.atomic():  # who has just claimed it finds out about the checkpoint
        job.model_files.filter(name__in=lost).delete()
        job.checkpoints.filter(detections_name__in=lost).update(detections_name="")
        job.checkpoints.filter(folder__in=lost).update(folder="")
        if job.model_name in lost:
            TrainingJob.objects.filter(pk=job.pk).update(model_name="", model_step=0)
        if newest and newest.folder in lost and job.state not in {*TERMINAL, JobState.STATE_UNSPECIFIED}:
            endings.unspecified(job, CHECK, Reason.LOST_CHECKPOINT)
