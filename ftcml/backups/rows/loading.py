"""Rows into a database that has none: all of them or nothing, compared with what they were, and numbered on."""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol

from django.apps import apps
from django.apps.registry import Apps
from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.query import QuerySet

from ftcml.backups import messages
from ftcml.backups.refusals import BackupRefused
from ftcml.backups.rows import numbering
from ftcml.backups.rows.tables import AT_ONCE, Checksum, Row, Table
from ftcml.backups.rows.tables import tables as tables_of

Leaves = Sequence[tuple[str, str]]
# Whose rows come with the tables themselves.
_MADE = ("auth", "contenttypes")


class Rows(Protocol):
    """Where rows come from: a backup's files, or a database."""

    def of(self, table: Table) -> Iterator[Row]: ...
    def last_number(self, table: Table) -> int: ...


def has_rows() -> bool:
    """Return whether the database holds anything but what its migrations have made."""
    there = set(connection.introspection.table_names())
    ours = [table for table in tables_of(apps) if table.name in there and table.model._meta.app_label not in _MADE]
    return any(QuerySet(table.model).exists() for table in ours)


def make_tables(leaves: Leaves) -> Apps:
    """Make the tables of that version in a database without rows, which may have those of another.

    Return the models of that version.
    """
    executor = MigrationExecutor(connection)
    of_then = executor.loader.project_state(list(leaves))
    if set(executor.loader.applied_migrations) != set(_up_to(executor, leaves)):
        _remove_tables({table.name for of in (apps, of_then.apps) for table in tables_of(of)})
        executor = MigrationExecutor(connection)
        executor.migrate(list(leaves))
    return of_then.apps


def _up_to(executor: MigrationExecutor, leaves: Leaves) -> Iterator[tuple[str, str]]:
    """Yield the migrations that make the tables of that version."""
    for leaf in leaves:
        yield from executor.loader.graph.forwards_plan(leaf)


def _remove_tables(names: Set[str]) -> None:
    """Remove those of these tables that there are, and what is known of migrations. They have no rows of worth."""
    there = set(connection.introspection.table_names())
    cascade = "" if connection.vendor == "sqlite" else " CASCADE"
    with connection.schema_editor() as editor:
        for name in sorted(there & {*names, MigrationRecorder.Migration._meta.db_table}):
            editor.execute(f"DROP TABLE {editor.quote_name(name)}{cascade}")


def load(
    tables: Sequence[Table], source: Rows, loaded: Callable[[int], object], identity: str = ""
) -> dict[str, Checksum]:
    """Put the rows of `source` into these tables, by one transaction. Return what they sum up to, by table.

    `loaded` hears of rows now and then. `identity`: the one that the database has from then on, "" for the rows' own.
    Raises BackupRefused where this database can't hold a row, or gives it back changed.
    """
    sums = {}
    with _unchecked(), transaction.atomic(), _checked_at_the_end():
        for table in tables:
            _empty(table)
        for table in tables:
            sums[table.label] = _load(table, source, loaded)
            if table.counted:
                numbering.resume_after(table, source.last_number(table))
            if identity and table.label == "installation.installation":
                QuerySet(table.model).update(identity=identity)
    return sums


def _load(table: Table, source: Rows, loaded: Callable[[int], object]) -> Checksum:
    given, kept = Checksum(table), Checksum(table)
    try:
        _insert(table, given.over(source.of(table)), loaded)
    except (DataError, IntegrityError) as error:
        raise BackupRefused(messages.row_refused(table.label, str(error))) from error
    for row in table.rows("default"):
        kept.add(row)
    if (given.rows, given.sum) != (kept.rows, kept.sum):
        raise BackupRefused(messages.rows_changed(table.label, given.rows, kept.rows))
    return given


def _insert(table: Table, rows: Iterator[Row], loaded: Callable[[int], object]) -> None:
    prepared = (_prepared(table, row) for row in rows)
    columns = ", ".join(map(connection.ops.quote_name, table.columns))
    name = connection.ops.quote_name(table.name)
    while batch := list(islice(prepared, AT_ONCE)):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with connection.wrap_database_errors, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                    for row in batch:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(table.columns))
                cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({places})", batch)  # noqa: S608
        loaded(len(batch))


def _prepared(table: Table, row: Row) -> Sequence[Any]:
    return [field.get_db_prep_save(value, connection) for field, value in zip(table.fields, row, strict=True)]


def _empty(table: Table) -> None:
    """Remove what migrations have put there."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608


@contextmanager
def _unchecked() -> Iterator[None]:
    """Let SQLite take rows whose references come later. It looks for broken ones when asked."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.constraint_checks_disabled():
        yield


@contextmanager
def _checked_at_the_end() -> Iterator[None]:
    """Check all references once, at the end. PostgreSQL would otherwise note every row until then."""
    constraints = _constraints() if connection.vendor == "postgresql" else []
    with connection.cursor() as cursor:
        for table, name, _ in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {connection.ops.quote_name(name)}")
    yield
    try:
        with connection.cursor() as cursor:
            for table, name, definition in constraints:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {connection.ops.quote_name(name)} {definition}")
        if connection.vendor == "sqlite":
            connection.check_constraints()
    except IntegrityError as error:
        raise BackupRefused(messages.reference_broken(str(error))) from error


def _constraints() -> list[tuple[str, str, str]]:
    """Return PostgreSQL's references between tables: the table, the name, and what it says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
        return cursor.fetchall()
