"""Copies of stored files that a machine keeps, where the storage is elsewhere: the next job needs the same ones.

What is used gets a second name (a hard link) in the folder of its user. So the copies can make room at any time, and
take nothing away from who is using it.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from ftcml.core.files import storage
from ftcml.core.files.storage import Heartbeat

_PARTIAL = ".partial"


def path_in(folder: Path, name: str, heartbeat: Heartbeat = lambda: None) -> Path:
    """Return a path on this machine to the stored file, which stays while `folder` does.

    It's the file itself if it's local, else this machine's copy under a name in `folder`. A copy of another size than
    the stored file is fetched anew. `heartbeat`: see storage.put. Raises FileNotFoundError, StorageAway.
    """
    if storage.is_on_this_disk():
        return storage.local_path(name, folder, heartbeat)
    folder.mkdir(parents=True, exist_ok=True)
    target, copy = folder / name.replace("/", "__"), _root() / name
    if target.exists():
        return target
    if not _links(copy, target, storage.size(name)):
        _fetch(name, copy, target, heartbeat)
    _make_room()
    return target


def _links(copy: Path, target: Path, size: int) -> bool:
    """Give a whole copy its second name, and return whether there was one. It now counts as used last."""
    try:
        os.link(copy, target)
    except OSError:  # there is none, or another process has just removed it
        return False
    if target.stat().st_size != size:
        target.unlink()
        return False
    with suppress(FileNotFoundError):
        os.utime(copy)
    return True


def _fetch(name: str, copy: Path, target: Path, heartbeat: Heartbeat) -> None:
    """Fetch the file to `target`, and keep a copy of it."""
    partial = target.with_name(f"{target.name}.{uuid.uuid4().hex}{_PARTIAL}")
    try:
        storage.fetch(name, partial, heartbeat)
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    # A file system without hard links, or a full disk, has no copies and works all the same.
    with suppress(OSError):
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        os.link(target, copy)


def _make_room() -> None:
    """Remove the copies that were used least recently until the others fit; all while the disk is nearly full."""
    limit = 0 if storage.nearly_full() else settings.SHARD_COPIES_BYTES
    newest_first = sorted(_copies(), key=lambda found: found[0], reverse=True)
    for _, size, path in newest_first:
        limit -= size
        if limit < 0:
            path.unlink(missing_ok=True)


def _copies() -> Iterator[tuple[float, int, Path]]:
    """Return when each copy was used last, its bytes, and where it is."""
    for path in _root().rglob("*"):
        with suppress(FileNotFoundError):
            found = path.stat()
            if path.is_file():
                yield found.st_mtime, found.st_size, path


def remove_all_but(known: Callable[[set[str]], set[str]]) -> None:
    """Remove the copies of what was deleted. `known` returns which of these ids of datasets still have a row."""
    folders = list(_root().glob("teams/*/datasets/*"))
    kept = known({folder.name for folder in folders})
    for folder in folders:
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    return Path(settings.SHARD_COPIES_DIR)
