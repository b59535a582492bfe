"""Removes a deleted dataset's rows bit by bit, so that no lock lasts. The same worker then removes its files."""

import logging

from datasets.importing.row_removal import remove_rows
from datasets.models import Dataset
from ftcml.core.logging import logs
from ftcml.installation.removals import InTransaction

log = logging.getLogger(__name__)


def remove_rows_of(prefix: str, in_transaction: InTransaction) -> None:
    """Remove the rows of the deleted dataset whose files are below `prefix`, its own last: for removals.before_each.

    Raises LeaseLost.
    """
    kind, dataset_id = prefix.split("/")[-2:]
    deleted = Dataset.everything.filter(deleted__isnull=False)
    if kind == "datasets" and (dataset := deleted.filter(pk=dataset_id).first()):
        with logs.about(dataset.team_id, dataset_id=dataset.pk):
            remove_rows(dataset, in_transaction)
            dataset.delete()
            log.info("the rows of dataset %s of team %s are removed", dataset_id, dataset.team_id)
