"""The trash for datasets: what people delete stays there for some days, and can be restored as it was.

A dataset in the trash is used by no model, not even by one in the trash, so that it can go for good at any time. It is
on no list, it counts for no limit, and its import waits until it is restored.
"""

import logging
from collections.abc import Sequence

from django.db import transaction

from datasets.models import Dataset
from datasets.reasons import Code
from datasets.refusals import DatasetInUse, DatasetRefused
from datasets.services import deletion, imports
from ftcml.accounts.models import Team
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.audit.services import access_log
from ftcml.audit.services.access_log import Kind, Thing
from ftcml.core import clock
from ftcml.core.trash.moving import Moved, move_each

log = logging.getLogger(__name__)


def in_trash() -> TeamQuerySet[Dataset]:
    """Return the datasets that can be restored."""
    return Dataset.kept.exclude(trashed_at=None)


def move_to_trash(dataset: Dataset) -> None:
    """Take a dataset off every list at once, until it is restored. Raises DatasetInUse."""
    with transaction.atomic():
        deletion.check_unused(dataset)
        Dataset.objects.filter(pk=dataset.pk).update(trashed_at=clock.now(), import_lease_until=None)
        access_log.record(Kind.TRASHED, dataset.team_id, str(dataset), Thing.DATASET)
    log.info("dataset %s of team %s is moved to the trash", dataset.pk, dataset.team_id)


def move_all(datasets: Sequence[Dataset]) -> Moved[Dataset]:
    """Move every dataset to the trash that no model uses."""
    return move_each(datasets, move_to_trash, DatasetInUse)


def restore(dataset: Dataset) -> None:
    """Put a dataset back as it was. Raises DatasetRefused where the team has as many as it may, or it is gone."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=dataset.team_id)
        if dataset.state != Dataset.State.FAILED:
            imports.check_limit(dataset.team)
        if not in_trash().filter(pk=dataset.pk).update(trashed_at=None):
            raise DatasetRefused(Code.NOT_IN_TRASH, dataset=str(dataset))
        access_log.record(Kind.RESTORED, dataset.team_id, str(dataset), Thing.DATASET)
        if dataset.state == Dataset.State.PRODUCING:
            transaction.on_commit(imports.wake_import_worker)
    log.info("dataset %s of team %s is restored", dataset.pk, dataset.team_id)


def restore_all(datasets: Sequence[Dataset]) -> Moved[Dataset]:
    """Restore every dataset that can be."""
    return move_each(datasets, restore, DatasetRefused)


def delete_now(dataset: Dataset) -> None:
    """Delete a dataset for good that is in the trash; nothing happens to one that was restored."""
    with transaction.atomic():
        if row := in_trash().select_for_update().filter(pk=dataset.pk).first():
            deletion.delete_dataset(row)
            access_log.record(Kind.DELETED, dataset.team_id, str(dataset), Thing.DATASET)
