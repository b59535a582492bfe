"""Who does a run, by the lease in its row (ftcml/core/work/attempts.py)."""

from django.db.models import F, Q, QuerySet

from ftcml.celery import wake
from ftcml.core.work.attempts import AttemptLease, Work
from training.models import ModelRun

# Of the names of work folders (ftcml/core/work/work_folders.py).
WORK_PREFIX = "model-run-"


# One over more frames takes minutes. By the numbers of its frames, which never change.
SHORT = 50
_IS_SHORT = Q(last__lt=F("first") + SHORT)
_RUNNING, _EVERY = ModelRun.objects.filter(state=ModelRun.State.RUNNING), ModelRun.objects.all()


class Lease(AttemptLease):
    """The right to work on one RUNNING run. A team has a short one and a long one at work."""

    work = Work(rows=_RUNNING, every=_EVERY, at_once=2)


class ShortLease(Lease):
    """Of a run over few frames, for which a person waits."""

    work = Work(rows=_RUNNING.filter(_IS_SHORT), every=_EVERY)


class LongLease(Lease):
    """Of any other run."""

    work = Work(rows=_RUNNING.exclude(_IS_SHORT), every=_EVERY)


def waiting() -> QuerySet[ModelRun]:
    """Return the runs that wait, some of them perhaps for another one of their team."""
    return Lease.work.waiting()


def claim_next(may_be_long: bool = True) -> tuple[ModelRun, Lease] | None:
    """Take the next run, a short one where there is any; None when there is none to take now."""
    return ShortLease.claim_next() or (LongLease.claim_next() if may_be_long else None)


def wake_worker() -> None:
    """Tell an idle worker to look for runs."""
    wake("training.tasks.run_next_model")
