"""What keeps rows from being deleted: the rows of other parts that the database protects them for."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol, cast

from django.db.models import PROTECT, Model


class Holder(Protocol):
    """A row that protects another. `holder`: what people call it."""

    @property
    def holder(self) -> str: ...


def holders(rows: Sequence[Model], but: type[Model] | None = None) -> dict[Any, list[str]]:
    """Return what keeps each row, all of one kind, from being deleted, by its key. One that can be is left out.

    `but`: a kind of holders that doesn't count.
    """
    found: dict[Any, set[str]] = defaultdict(set)
    for relation in rows[0]._meta.related_objects if rows else []:
        if relation.on_delete is PROTECT and relation.related_model is not but:
            users = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows})
            for user in users.select_related():
                found[getattr(user, relation.field.attname)].add(cast(Holder, user).holder)
    return {key: sorted(names) for key, names in found.items()}
