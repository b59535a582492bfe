"""Who does a run, by the lease in its row (ftcml/core/work/attempts.py)."""

from django.db.models import QuerySet

from ftcml.celery import wake
from ftcml.core.work.attempts import AttemptLease, Work
from training.models import ModelRun

# Of the names of work folders (ftcml/core/work/work_folders.py).
WORK_PREFIX = "model-run-"


class Lease(AttemptLease):
    """The right to work on one RUNNING run."""

    work = Work(rows=ModelRun.objects.filter(state=ModelRun.State.RUNNING), every=ModelRun.objects.all())


def waiting() -> QuerySet[ModelRun]:
    """Return the runs that a worker may claim, in the order in which they are served."""
    return Lease.work.waiting()


def claim_next() -> tuple[ModelRun, Lease] | None:
    """Take the next run; None when there is none to take now."""
    return Lease.claim_next()


def wake_worker() -> None:
    """Tell an idle worker to look for runs."""
    wake("training.tasks.run_next_model")
