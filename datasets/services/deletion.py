"""Deleting datasets for good, and which models keep one from being deleted. People delete into the trash: trash.py."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from datasets.models import Dataset, FixedLabels
from datasets.reasons import Code
from datasets.refusals import DatasetInUse
from ftcml.core.trash.holders import holders
from ftcml.installation import removals


def delete_dataset(dataset: Dataset) -> None:
    """Delete a dataset for good; a worker removes its rows and files. Raises DatasetInUse.

    One short update, however large the dataset is. A job that starts now waits for it, and then finds no dataset.
    """
    with transaction.atomic():
        check_unused(dataset)
        Dataset.kept.filter(pk=dataset.pk).update(deleted=timezone.now(), import_lease_until=None)
        removals.after_commit(dataset.prefix)


def check_unused(dataset: Dataset) -> None:
    """Raise DatasetInUse while a model uses it. Until the transaction ends, no job starts on it."""
    Dataset.kept.select_for_update().filter(pk=dataset.pk).first()
    if names := holders([dataset]).get(dataset.pk):
        raise in_use(dataset, names)


def in_use(dataset: Dataset, names: Sequence[str]) -> DatasetInUse:
    """Return the refusal to delete a dataset that these models use, or the video that shows its frames."""
    fixed = FixedLabels.objects.select_related("video").filter(dataset=dataset).first()
    if fixed is None:
        return DatasetInUse(Code.IN_USE, dataset=str(dataset), models=list(names))
    if models := holders([dataset], but=FixedLabels).get(dataset.pk):
        return DatasetInUse(Code.IN_USE, dataset=str(dataset), models=models)
    return DatasetInUse(Code.LABELS_FIXED_IN, dataset=str(dataset), video=str(fixed.video))
