"""Removes rows some at a time, so that no lock lasts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

# As many are removed or written in a few milliseconds, for which others wait.
ROWS_AT_ONCE = 200

InTransaction = Callable[[], AbstractContextManager[object]]


def remove_some_at_a_time(rows: QuerySet[Any], in_transaction: InTransaction = transaction.atomic) -> None:
    """Remove all of `rows`, some at a time, each time within `in_transaction`."""
    rows = rows.order_by()
    while some := list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        with in_transaction():
            rows.model._default_manager.filter(pk__in=some).delete()
