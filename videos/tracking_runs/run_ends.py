"""How runs end."""

import logging
from contextlib import suppress

from ftcml.core import clock
from ftcml.core.lease import LeaseLost
from videos import messages
from videos.models import TrackedObject, Tracking
from videos.reasons import Reason
from videos.tracking_runs.run_leases import Lease

log = logging.getLogger(__name__)


def ended(lease: Lease) -> None:
    """End a run whose objects all say how they ended. Raises LeaseLost."""
    lease.release(state=Tracking.State.ENDED, ended=clock.now())


def broke_off(lease: Lease, reason: Reason) -> None:
    """End a run that can't go on, if it is still ours. Its boxes stay."""
    with suppress(LeaseLost), lease.transaction():
        open_ones = TrackedObject.objects.filter(tracking=lease.pk, ending=TrackedObject.Ending.NONE)
        open_ones.update(ending=TrackedObject.Ending.FAILED)
        lease.release(
            state=Tracking.State.ENDED, ended=clock.now(), reason_code=reason.code, reason_params=reason.params
        )
        log.error("tracking %s ended: %s", lease.pk, messages.words(reason))
