"""Training jobs whose files are not all in the storage any more, and those whose lost files are there again."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from detector.contract import attempt_files
from ftcml.core import clock
from ftcml.core.files import storage
from training.models import Checkpoint, TrainingJob
from training.reasons import Code, Reason
from training.services import queue
from training.services.jobs import LostRace
from training.states import TERMINAL, JobState
from training.worker import job_leases
from training.worker.results import outcomes

CHECK = "check_storage"


def lost_files() -> Iterator[tuple[TrainingJob, list[str]]]:
    """Return each job that lacks files, with their names in the storage, but no job under a lease."""
    for job in TrainingJob.everything.filter(_without_worker()):
        if lost := storage.missing(job.stored_names()):
            yield job, lost


def with_files() -> int:
    """Return how many jobs refer to files."""
    kept = Checkpoint.objects.exclude(folder="", detections_name="").filter(job=OuterRef("pk"))
    return TrainingJob.everything.filter(Exists(kept) | ~Q(default_file=None)).count()


def try_exports_again() -> None:
    """Let a worker try three more times to make the model files that were given up."""
    queue.given_up().update(deaths_in_a_row=0)


def irreplaceable(job: TrainingJob, lost: Collection[str]) -> list[str]:
    """Return those of the job's lost model files without a checkpoint to make them from."""
    if job.state not in TERMINAL or job.checkpoints.with_files().exclude(folder__in=lost).exists():
        return []
    return sorted(job.model_files.filter(name__in=lost).values_list("name", flat=True))


def give_up(job: TrainingJob, lost: Collection[str]) -> None:
    """Stop referring to the lost files, and note their names for take_up_again.

    A model file is made again where a checkpoint is left (leases.waiting_for_export); else the job keeps referring to
    it. A job that was to go on from a lost checkpoint contradicts itself: STATE_UNSPECIFIED, for a person to look at,
    unless it is in that state already.
    """
    newest = job.checkpoints.last()
    given_up = set(lost) - set(irreplaceable(job, lost))
    lost_models = job.model_files.filter(name__in=given_up)
    with suppress(LostRace), transaction.atomic():  # who has just claimed it finds out about the checkpoint
        noted = sorted(given_up | set(job.lost_names))
        TrainingJob.everything.filter(pk=job.pk).update(lost_names=noted)
        if lost_models.exists():
            TrainingJob.everything.filter(pk=job.pk).update(wants_model_again=True)
        lost_models.delete()
        job.checkpoints.filter(detections_name__in=given_up).update(detections_name="")
        job.checkpoints.filter(folder__in=given_up).update(folder="")
        if newest and newest.folder in lost and job.state not in {*TERMINAL, JobState.STATE_UNSPECIFIED}:
            outcomes.unspecified(job, CHECK, Reason(Code.LOST_CHECKPOINT))


def found_again() -> Iterator[tuple[TrainingJob, list[str]]]:
    """Return each job with given-up files that are there again, with their names in the storage."""
    for job in TrainingJob.everything.filter(_without_worker()).exclude(lost_names=[]):
        if found := sorted(set(job.lost_names).difference(storage.missing(job.lost_names))):
            yield job, found


@transaction.atomic
def take_up_again(job: TrainingJob, found: Collection[str]) -> None:
    """Refer to the found files again: to those of the newest and the best checkpoint, and to detections.

    A model file isn't needed any more: it is made again, or was.
    """
    for checkpoint in job.checkpoints.all():
        folder = _named(attempt_files.checkpoint_name(checkpoint.step), found)
        if folder and not checkpoint.folder and checkpoint.step in (job.steps_completed, job.best_step):
            checkpoint.folder = folder
        detections = _named(attempt_files.detections_name(checkpoint.step), found)
        checkpoint.detections_name = checkpoint.detections_name or detections
        checkpoint.save(update_fields=["folder", "detections_name"])
    left = [name for name in job.lost_names if name not in found]
    TrainingJob.everything.filter(pk=job.pk).update(lost_names=left)


def _named(last: str, names: Collection[str]) -> str:
    """Return the name with this last part, or ""."""
    return next((name for name in names if name.endswith(f"/{last}")), "")


def _without_worker() -> Q:
    return Q(lease_until=None) | job_leases.run_out(clock.now())
