"""Who works on a run, by the lease in its row (ftcml/core/work/attempts.py), and how it ends."""

import logging
from contextlib import suppress

from django.conf import settings
from django.db.models import QuerySet

from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core.lease import LeaseLost
from ftcml.core.work.attempts import AttemptLease, Work
from videos import messages
from videos.models import TrackedObject, Tracking
from videos.reasons import Reason

log = logging.getLogger(__name__)

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


def ended(lease: Lease) -> None:
    """End a run whose objects all say how they ended. Raises LeaseLost."""
    lease.release(state=Tracking.State.ENDED, ended=clock.now())


def broke_off(lease: Lease, reason: Reason) -> None:
    """End a run that can't continue, if it is still ours. Its boxes stay."""
    with suppress(LeaseLost), lease.transaction():
        open_ones = TrackedObject.objects.filter(tracking=lease.pk, ending=TrackedObject.Ending.NONE)
        open_ones.update(ending=TrackedObject.Ending.FAILED)
        lease.release(
            state=Tracking.State.ENDED, ended=clock.now(), reason_code=reason.code, reason_params=reason.params
        )
        log.error("tracking %s ended: %s", lease.pk, messages.words(reason))
