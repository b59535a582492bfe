"""A copy of the database before an upgrade changes it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ftcml.core.files import storage
from ftcml.installation.version import version
from ftcml.launcher.refusals import CannotStart

KEPT = 5
_FOLDER = "backups"


def before_migrations() -> Path | None:
    """Copy an SQLite database with content that `migrate` is about to change. Return the copy.

    Return None if there is nothing to do, or if the database is a server with backups of its own. The newest KEPT
    copies stay. Raises CannotStart when the disk has no room for one.
    """
    if connection.vendor != "sqlite" or not _would_be_changed():
        return None
    database = Path(connection.settings_dict["NAME"])
    _check_room(database)
    folder = Path(settings.DATA_DIR) / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{timezone.now():%Y%m%d-%H%M%S}-before-{version()}.sqlite3"
    _copy(database, copy)
    for outdated in sorted(folder.glob("*.sqlite3"))[:-KEPT]:
        outdated.unlink()
    return copy


def _would_be_changed() -> bool:
    executor = MigrationExecutor(connection)
    is_new = not executor.loader.applied_migrations
    return not is_new and bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _check_room(database: Path) -> None:
    size = database.stat().st_size
    if storage.free_bytes() < 2 * size:
        raise CannotStart(
            f"This version changes the database, and the disk has no room for a backup first ({size / 1e6:.0f} MB). "
            f"Free some space on the disk of {settings.DATA_DIR}, then start again."
        )


def _copy(database: Path, copy: Path) -> None:
    """Copy by SQLite's online backup, which is complete even while another process writes.

    An unfinished copy has another name."""
    partial = copy.with_suffix(".partial")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.chmod(0o600)
    partial.rename(copy)
