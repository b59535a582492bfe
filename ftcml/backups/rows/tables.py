"""The tables of one version of the server, and a row of them in a form that no database changes."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.models.query import QuerySet

Row = tuple[Any, ...]
# Rows that are read from the database at once.
AT_ONCE = 2000
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(frozen=True)
class Table:
    """One table. `model` is of the version whose rows these are."""

    model: type[models.Model]

    @property
    def label(self) -> str:
        """Return its name in a backup, e.g. `training.checkpoint`."""
        return self.model._meta.label_lower

    @property
    def name(self) -> str:
        """Return its name in a database."""
        return self.model._meta.db_table

    @property
    def fields(self) -> "list[models.Field[Any, Any]]":
        """Return its fields by column: a model of an earlier version has them in another order."""
        fields = (field for field in self.model._meta.local_concrete_fields if not field.generated)
        return sorted(fields, key=lambda field: str(field.column))

    @property
    def columns(self) -> list[str]:
        """Return the names of its columns in a database."""
        return [str(field.column) for field in self.fields]

    @property
    def counted(self) -> str | None:
        """Return the column that the database counts up by itself, None if there is none."""
        key = self.model._meta.pk
        return key.column if isinstance(key, models.AutoField) else None

    def rows(self, database: str) -> Iterator[Row]:
        """Yield every row, in no order."""
        found: QuerySet[Any] = QuerySet(self.model, using=database).order_by()
        yield from found.values_list(*(field.attname for field in self.fields)).iterator(AT_ONCE)

    def written(self, row: Row) -> str:
        """Return the row as one line of JSON."""
        return _json([_plain(value) for value in row])

    def read(self, line: str) -> Row:
        """Return the row that was written so."""
        values = json.loads(line)
        return tuple(field.to_python(value) for field, value in zip(self.fields, values, strict=True))


def tables(apps: Apps) -> list[Table]:
    """Return the tables of these models, by name."""
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.can_migrate("default")]
    return sorted((Table(model) for model in ours if not model._meta.proxy), key=lambda table: table.label)


class Checksum:
    """Counts rows and sums them up. The order of the rows doesn't change the sum, as each database has its own."""

    def __init__(self, table: Table) -> None:
        self._has_json = [isinstance(field, models.JSONField) for field in table.fields]
        self.rows, self._sum = 0, 0

    def add(self, row: Row) -> None:
        values = [
            _alike(value) if is_json else _plain(value) for is_json, value in zip(self._has_json, row, strict=True)
        ]
        digest = hashlib.sha256(_json(values).encode()).digest()
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(digest)) % 2**256

    def over(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the same rows, and add each."""
        for row in rows:
            self.add(row)
            yield row

    @property
    def sum(self) -> str:
        return f"{self._sum:064x}"


def _plain(value: Any) -> Any:
    """Return what JSON can hold of a value, from which the field makes the same value again."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _alike(value: Any) -> Any:
    """Return a value of JSON as every database gives it back: PostgreSQL keeps 1e16 as a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_alike(one) for one in value]
    return {key: _alike(one) for key, one in value.items()} if isinstance(value, dict) else value
