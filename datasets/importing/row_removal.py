"""Removes the rows of frames and shards, some at a time, so that no lock lasts."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import models, transaction

from datasets.models import Dataset, Frame, Shard

# As many are removed or written in a few milliseconds, for which others wait.
ROWS_AT_ONCE = 200


def remove_rows(
    dataset: Dataset, in_transaction: Callable[[], AbstractContextManager[object]] = transaction.atomic
) -> None:
    """Remove the rows of the dataset's frames and shards, some at a time, each time within `in_transaction`."""
    kinds: tuple[type[models.Model], ...] = (Frame, Shard)
    for kind in kinds:
        rows = kind._default_manager.filter(dataset=dataset).order_by()
        while some := list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
            with in_transaction():
                kind._default_manager.filter(pk__in=some).delete()
