"""The place that a restore or a move fills: empty before, and nobody's until it's complete."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ftcml.backups import messages
from ftcml.backups.refusals import BackupRefused
from ftcml.backups.rows import loading
from ftcml.core.files import storage
from ftcml.installation import reserved
from ftcml.installation.models import Installation
from ftcml.installation.reserved import Reservation


@dataclass(frozen=True)
class Claim:
    """The right to fill a place. `resumes`: the same has begun here before. `database`: see Reservation."""

    resumes: bool
    database: str


def claim(by: str, takes_rows: bool = True) -> Claim:
    """Keep this empty place for what fills it. Raises BackupRefused, as `check` does."""
    reservation = check(by, takes_rows)
    return Claim(reservation is not None, (reservation or reserved.reserve(by)).database)


def check(by: str, takes_rows: bool = True) -> Reservation | None:
    """Raise BackupRefused unless this place is empty, or `by` has begun to fill it: then return how it's kept.

    `takes_rows`: whether its database is filled too. Then it's empty, or `by` has loaded its rows.
    """
    reservation = reserved.current()
    if reservation is None:
        if takes_rows:
            check_empty_database()
        if storage.entries(""):
            raise BackupRefused(messages.files_not_empty(_files()))
        return None
    if reservation.filled_by != by:
        raise BackupRefused(messages.filled_by_another(reservation.filled_by))
    if takes_rows and loading.has_rows() and not _is_of(reservation):
        raise BackupRefused(messages.another_database(by))
    return reservation


def check_empty_database() -> None:
    """Raise BackupRefused if the database has rows."""
    if loading.has_rows():
        raise BackupRefused(messages.database_not_empty())


def _is_of(reservation: Reservation) -> bool:
    """Return whether the rows are those that what fills this place has loaded."""
    return Installation.objects.filter(identity=reservation.database).exists()


def unfinished() -> str:
    """Return why no server should start here, as a sentence; "" where nothing is unfinished."""
    reservation = reserved.current()
    return messages.unfinished(reservation.filled_by) if reservation else ""


@contextmanager
def without_server() -> Iterator[None]:
    """Keep `make run` from starting with this data folder meanwhile. Raises BackupRefused where it runs."""
    lock = Path(settings.DATA_DIR) / "run" / "lock"
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(messages.server_runs(settings.DATA_DIR)) from None
        yield


def _files() -> str:
    """Return where the stored files are, for an operator."""
    options = settings.STORAGES["default"]["OPTIONS"]
    return options.get("location") if storage.backend().is_on_this_disk else options["bucket_name"]
