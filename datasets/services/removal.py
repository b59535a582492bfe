"""What a deleted dataset consists of goes bit by bit, in a worker: nobody waits for it, and no lock lasts.

The row goes last, so a removal that is cut off is taken up by the next sweep.
"""

import logging
from contextlib import AbstractContextManager

from django.db import transaction
from django.db.models import QuerySet

from datasets.importing import import_leases
from datasets.importing.row_removal import remove_rows
from datasets.models import Dataset
from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.logging import logs

log = logging.getLogger(__name__)


def due() -> QuerySet[Dataset]:
    """The deleted datasets that no worker is at."""
    return _free().order_by("deleted")


def is_at_work() -> bool:
    """Whether a worker removes a deleted dataset now."""
    return Dataset.everything.filter(import_leases.in_force(clock.now()), deleted__isnull=False).exists()


def wake_remover() -> None:
    """Tell an idle worker to remove what was deleted."""
    wake("datasets.tasks.remove_deleted")


def remove_deleted() -> None:
    """Remove the rows and files of every deleted dataset. May be repeated, and cut off."""
    for dataset in due():
        if _free().filter(pk=dataset.pk).update(import_lease_until=import_leases.lease_end()):
            with logs.about(dataset.team_id, dataset_id=dataset.pk):
                _remove(dataset)


def _remove(dataset: Dataset) -> None:
    try:
        remove_rows(dataset, lambda: _renewed(dataset))
        storage.remove_tree(dataset.prefix)
    except storage.StorageAway:
        log.warning("the files of dataset %s, which was deleted, will be removed later", dataset.pk)
        return
    log.info("the rows and files of dataset %s of team %s are removed", dataset.pk, dataset.team_id)
    dataset.delete()


def _renewed(dataset: Dataset) -> AbstractContextManager[object]:
    Dataset.everything.filter(pk=dataset.pk).update(import_lease_until=import_leases.lease_end())
    return transaction.atomic()


def _free() -> QuerySet[Dataset]:
    return Dataset.everything.filter(deleted__isnull=False).exclude(import_leases.in_force(clock.now()))
