"""Models into the trash, out of it, and away for good.

A model in the trash keeps its datasets: they can't be deleted before it is. It is on no list, and no worker works on
it. What a restored model goes on from is restored with it.
"""

import logging
from collections.abc import Sequence

from django.db import transaction

from ftcml.accounts.models import User
from ftcml.audit.services import access_log
from ftcml.audit.services.access_log import Kind, Thing
from ftcml.core import clock
from ftcml.core.logging import logs
from ftcml.core.trash.moving import Moved, move_each
from training.models import TrainingJob
from training.models.training_job import JobQuerySet
from training.reasons import Refusal
from training.refusals import JobRefused
from training.services import jobs, lineage

log = logging.getLogger(__name__)


def in_trash() -> JobQuerySet:
    """Return the models that can be restored."""
    return TrainingJob.everything.exclude(trashed_at=None)


def move_to_trash(job: TrainingJob, by: User | str) -> None:
    """Hide an ended job from every list until it is restored.

    Raises JobIsAlive, and HasChildren while others go on from it that are not in the trash.
    """
    with transaction.atomic():
        rows = TrainingJob.objects.filter(pk=job.pk)
        rows.select_for_update().first()  # from here on no row of the job can be written, nor a child's
        lineage.check_deletion(job, list(job.children.all()))
        rows.update(trashed_at=clock.now(), lease_owner="", lease_until=None)
        access_log.record(Kind.TRASHED, job.team_id, str(job), Thing.MODEL)
    _log(job, "is moved to the trash", by)


def move_all(chosen: Sequence[TrainingJob], by: User | str) -> Moved[TrainingJob]:
    """Move the jobs to the trash that can go, children before their parents."""
    return move_each(lineage.children_first(chosen), lambda job: move_to_trash(job, by), JobRefused)


def restore(job: TrainingJob, by: User | str) -> None:
    """Put a job back as it was, with those that it goes on from. Raises JobRefused where it is gone."""
    with transaction.atomic():
        line = [each.pk for each in lineage.line(job)]
        rows = in_trash().select_for_update().filter(pk__in=line)
        if job.pk not in {row.pk for row in rows}:
            raise JobRefused(Refusal.NOT_IN_TRASH, job=str(job))
        TrainingJob.everything.filter(pk__in=line).update(trashed_at=None)
        access_log.record(Kind.RESTORED, job.team_id, str(job), Thing.MODEL)
        transaction.on_commit(jobs.wake_training_worker)  # its model files may not have been made yet
    _log(job, "is restored", by)


def restore_all(chosen: Sequence[TrainingJob], by: User | str) -> Moved[TrainingJob]:
    """Restore every one that can be, parents before their children."""
    return move_each(reversed(lineage.children_first(chosen)), lambda job: restore(job, by), JobRefused)


def delete_now(job: TrainingJob, by: User | str) -> None:
    """Delete a job for good that is in the trash; nothing happens to one that was restored. Raises HasChildren."""
    with transaction.atomic():
        if row := in_trash().select_for_update().filter(pk=job.pk).first():
            jobs.delete(row, by)
            access_log.record(Kind.DELETED, job.team_id, str(job), Thing.MODEL)


def _log(job: TrainingJob, what: str, by: User | str) -> None:
    with logs.about(job.team_id, job_id=job.pk):
        log.info("job %s of team %s %s by %s", job.pk, job.team_id, what, by)
