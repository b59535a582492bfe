"""From SQLite and a folder to PostgreSQL, to S3, or to both: what the settings name is filled from the data folder.

The data folder is only read, so it's the way back until it's removed. Rows are loaded by one transaction, each time
anew; files that were stored are known from `moving.sqlite3`, so the same command resumes a move that was stopped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from ftcml.backups import messages, places
from ftcml.backups.files import sending
from ftcml.backups.files.copying import folder_at
from ftcml.backups.files.file_index import FileIndex
from ftcml.backups.places import Claim
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused, told
from ftcml.backups.rows import loading, numbering
from ftcml.backups.rows.tables import Row, Table, tables
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import identity, named_files
from training.models import TrainingWorker
from training.services.registry import SEEN_WITHIN

_SOURCE = "source"
_INDEX = "moving.sqlite3"


@dataclass(frozen=True)
class Moved:
    """What was moved and compared. `rows`, `files`: None where these stayed. `lost`: names that weren't stored."""

    rows: int | None
    files: int | None
    file_bytes: int
    lost: list[str]


class _SourceRows:
    """The rows in the data folder's database."""

    def of(self, table: Table) -> Iterator[Row]:
        return table.rows(_SOURCE)

    def last_number(self, table: Table) -> int:
        return numbering.last(table, _SOURCE)


def move(progress: Progress) -> Moved:
    """Move the rows to the database of the settings, and the files to their storage. Raises BackupRefused."""
    moves_rows, moves_files = connection.vendor != "sqlite", not storage.backend().is_on_this_disk
    if not (moves_rows or moves_files):
        raise BackupRefused(messages.NOWHERE_TO_MOVE)
    with told(), places.without_server(), _source():
        _check_source()
        return _move(moves_rows, moves_files, progress)


def _move(moves_rows: bool, moves_files: bool, progress: Progress) -> Moved:
    index_path, claim = Path(settings.DATA_DIR) / _INDEX, Claim(False, "")
    if moves_files:
        claim = places.claim(messages.name_of_move(settings.DATA_DIR), takes_rows=moves_rows)
    else:
        places.check_empty_database()
    if not claim.resumes:
        index_path.unlink(missing_ok=True)
    rows = _move_rows(claim, progress) if moves_rows else None
    moved = _move_files(index_path, progress) if moves_files else Moved(None, None, 0, [])
    identity.adopt()
    index_path.unlink(missing_ok=True)
    return replace(moved, rows=rows)


def _move_rows(claim: Claim, progress: Progress) -> int:
    loading.make_tables(MigrationExecutor(connection).loader.graph.leaf_nodes())
    ours = tables(apps)
    total = sum(table.model._base_manager.using(_SOURCE).count() for table in ours)
    with progress.stage(messages.LOADING_ROWS, total, "rows"):
        sums = loading.load(ours, _SourceRows(), progress.advance, claim.database)
    return sum(checksum.rows for checksum in sums.values())


def _move_files(index_path: Path, progress: Progress) -> Moved:
    """Store the files that rows name, and read them back."""
    source, target = folder_at(Path(settings.DATA_DIR) / "files"), storage.backend()
    with FileIndex(index_path) as index:
        index.want(named_files.in_turn())
        with progress.stage(messages.STORING, index.count_wanted(), "files"):
            sending.send_wanted(index, source, target, progress)
        with progress.stage(messages.READING_BACK, index.total()[0], "files"):
            sending.set_right(index, source, target, progress)
        files, size = index.total()
        return Moved(None, files, size, index.missing())


@contextmanager
def _source() -> Iterator[None]:
    """Have the data folder's database as another one. Raises BackupRefused where there is none."""
    database = Path(settings.DATA_DIR) / "db.sqlite3"
    if not database.is_file():
        raise BackupRefused(messages.no_source(database))
    connections.settings[_SOURCE] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(database),
        "OPTIONS": {"timeout": 20, "init_command": "PRAGMA query_only = ON"},
    }
    try:
        yield
    finally:
        connections[_SOURCE].close()
        del connections[_SOURCE], connections.settings[_SOURCE]


def _check_source() -> None:
    """Raise BackupRefused where the rows are of another version, or may change meanwhile."""
    executor = MigrationExecutor(connections[_SOURCE])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupRefused(messages.OTHER_VERSION)
    now = clock.now()
    seen = TrainingWorker.objects.using(_SOURCE).filter(last_seen__range=(now - SEEN_WITHIN, now + SEEN_WITHIN))
    if seen.exists():
        raise BackupRefused(messages.WORKERS_LIVE)
