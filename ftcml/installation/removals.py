"""Removes the files of deleted rows. A worker does it after the deletion, so that no request waits for it.

Each removal has a row until its files are removed, so the next sweep resumes one that was interrupted.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import Lease, LeaseLost
from ftcml.installation import identity
from ftcml.installation.models import Installation, Removal

log = logging.getLogger(__name__)

TASK = "ftcml.installation.tasks.remove_deleted"

# Longer than removing the files of one job or dataset takes, from a slow bucket too.
_LEASE = timedelta(minutes=10)

# Makes a transaction that renews the removal's lease. It raises LeaseLost.
InTransaction = Callable[[], AbstractContextManager[None]]
Remove = Callable[[str, InTransaction], None]

# Called with a prefix before the files below it are removed.
_before_each: list[Remove] = []


def before_each(remove: Remove) -> None:
    """Have `remove` called with each prefix before its files are removed, as for files on this machine.

    Its second argument makes a transaction. Long work needs several of them.
    """
    _before_each.append(remove)


def after_commit(prefix: str) -> None:
    """Remove everything below `prefix` after this transaction, which deletes its row, is committed."""
    Removal.objects.get_or_create(name=prefix)
    transaction.on_commit(wake_remover)


def is_due(prefix: str) -> bool:
    """Return whether files below `prefix` wait to be removed, so that nothing new may be stored there."""
    return Removal.objects.filter(name=prefix).exists()


def due() -> QuerySet[Removal]:
    """Return the removals that no worker does now. Those that were never tried come first."""
    return Removal.objects.exclude(_leased(clock.now())).order_by(F("lease_until").asc(nulls_first=True), "pk")


def wake_remover() -> None:
    """Tell an idle worker to remove what was deleted."""
    wake(TASK)


def remove_deleted() -> None:
    """Remove the files of everything that was deleted, while they are this database's. May be repeated or interrupted.

    A removal is claimed before the storage is asked. If the storage hangs, only one worker waits for it.
    """
    while removal := _claim():
        name, lease = removal
        if identity.work_must_wait():
            lease.release()
            return
        try:
            _remove(name, lease)
        except LeaseLost as loss:
            log.warning("%s", loss)
            return
        except StorageAway:
            log.warning("%s is not needed any more and could not be removed; a later sweep does it", name)
            with suppress(LeaseLost):  # the others need not wait for as long as for a worker that is gone
                lease.renew(leases.lease_end())
            return
        lease.held().delete()


def _claim() -> tuple[str, Lease] | None:
    """Claim the next removal and return its prefix; None while another worker does one.

    The sweeps take the others.
    """
    with transaction.atomic():
        Installation.objects.select_for_update().first()  # one claim at a time
        now = clock.now()
        removal = None if Removal.objects.filter(_leased(now)).exists() else due().first()
        lease = leases.claim(Removal.objects.all(), removal, "lease_until", now + _LEASE) if removal else None
        return (removal.name, lease) if removal and lease else None


def _remove(prefix: str, lease: Lease) -> None:
    for remove in _before_each:
        remove(prefix, lambda: lease.transaction(clock.now() + _LEASE))
    storage.remove_tree(prefix)
    log.info("what was below %s is removed", prefix)


def _leased(moment: datetime) -> Q:
    return leases.in_force("lease_until", moment, _LEASE)
