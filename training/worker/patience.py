"""Waits for a storage or database that doesn't respond for a while, so that no job fails for it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.conf import settings
from django.db import OperationalError, connection

from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.installation import identity
from training.models import TrainingJob
from training.worker import job_leases
from training.worker.worker_clock import TURN_SECONDS, Clock

log = logging.getLogger(__name__)

Done = TypeVar("Done")


def patiently(job: TrainingJob, clock: Clock, do: Callable[[], Done]) -> Done:
    """Call `do` and return its result. While the database or storage is away, try again and renew the lease.

    Raises what `do` raises, outages too after the length of a lease, and LeaseLost.
    """
    failed_first: float | None = None
    while True:
        try:
            return do()
        except (OperationalError, StorageAway) as error:
            failed_first = clock.monotonic() if failed_first is None else failed_first
            if clock.monotonic() - failed_first > settings.LEASE_SECONDS:
                raise
            log.warning("job %s: trying again: %s", job.pk, error)
            if isinstance(error, OperationalError):
                connection.close()
        clock.sleep(TURN_SECONDS)
        with suppress(OperationalError):
            job_leases.renew(job, clock.now())


def is_outage(error: Exception) -> bool:
    """Return whether the storage is away for all, so that the failure isn't counted against the job."""
    if not isinstance(error, StorageAway):
        return False
    try:
        # An empty mount point can be written, so whose files these are is asked first.
        return bool(identity.why_not()) or not storage.is_writable()
    except OperationalError:
        connection.close()
        return True  # the database is away as well
