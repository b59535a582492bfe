"""Deleting datasets for good, and which models keep one from being deleted. People delete into the trash: trash.py."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, cast

from django.db import transaction
from django.db.models import PROTECT
from django.utils import timezone

from datasets.models import Dataset
from datasets.reasons import Code
from datasets.refusals import DatasetInUse
from ftcml.installation import removals


class Holder(Protocol):
    """What deletion needs to know about a model that was trained on a dataset."""

    @property
    def holder(self) -> str: ...


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


def holders(datasets: Sequence[Dataset]) -> dict[uuid.UUID, list[str]]:
    """Return why each dataset can't be deleted, by its key. One that can be is left out."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for relation in Dataset._meta.related_objects:
        if relation.on_delete is PROTECT:
            users = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": datasets})
            for user in users.select_related():
                found[getattr(user, relation.field.attname)].add(cast(Holder, user).holder)
    return {key: sorted(names) for key, names in found.items()}


def in_use(dataset: Dataset, names: Sequence[str]) -> DatasetInUse:
    """Return the refusal to delete a dataset that these models use."""
    return DatasetInUse(Code.IN_USE, dataset=str(dataset), models=list(names))
