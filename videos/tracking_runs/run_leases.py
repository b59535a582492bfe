"""Who works on a run, by the lease in its row (ftcml/core/work/attempts.py)."""

from django.conf import settings
from django.db.models import QuerySet

from ftcml.celery import wake
from ftcml.core.work.attempts import AttemptLease, Work
from videos.models import Tracking

_TASK = "videos.tasks.track_next"


class Lease(AttemptLease):
    """The right to work on one RUNNING run."""

    work = Work(
        rows=Tracking.objects.filter(state=Tracking.State.RUNNING),
        every=Tracking.objects.all(),
        at_once=settings.TEAM_MAX_TRACKINGS,
    )


def waiting() -> QuerySet[Tracking]:
    """Return the runs that a worker may claim, in the order in which they are served."""
    return Lease.work.waiting()


def claim_next() -> tuple[Tracking, Lease] | None:
    """Take the next run; None when there is none to take now."""
    return Lease.claim_next()


def wake_worker() -> None:
    """Tell an idle worker to look for runs."""
    wake(_TASK)
