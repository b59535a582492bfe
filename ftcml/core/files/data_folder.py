"""Keeps the folder of everything that the server writes to its own user."""

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# SQLite makes these with the permissions of that day. Those of an older server are corrected.
_DATABASE = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm")


def private(folder: Path) -> Path:
    """Make the folder for this process alone, or close one that others can read, and keep new files private too.

    A folder of another user, and one like /tmp that is there for everybody, stays as it is.
    """
    os.umask(_OTHERS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not folder.stat().st_mode & stat.S_ISVTX:
        for path in (folder, *(folder / name for name in _DATABASE)):
            _close(path)
    return folder


def _close(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:  # no database yet, or SQLite has just removed its log
        return
    if status.st_uid == os.geteuid() and status.st_mode & _OTHERS:
        path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
