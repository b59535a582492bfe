"""Removes the rows of frames and shards, some at a time, so that no lock lasts."""

from django.db import transaction

from datasets.models import Dataset, Frame, Shard
from ftcml.core.work.row_removal import InTransaction, remove_some_at_a_time


def remove_rows(dataset: Dataset, in_transaction: InTransaction = transaction.atomic) -> None:
    """Remove the rows of the dataset's frames and shards, some at a time, each time within `in_transaction`."""
    remove_some_at_a_time(Frame.objects.filter(dataset=dataset), in_transaction)
    remove_some_at_a_time(Shard.objects.filter(dataset=dataset), in_transaction)
