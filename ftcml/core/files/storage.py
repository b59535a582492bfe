"""Where a team's files live: in a folder (folder.py), or in a bucket of an S3 server (bucket.py).

Names are keys with slashes, always below `team_prefix(...)`, so one team's files are never among another's. Whatever
stands behind it, the promises are those of this module; every function may raise StorageAway.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ftcml.core import messages

log = logging.getLogger(__name__)

Heartbeat = Callable[[], object]


class StoredFile(NamedTuple):
    """A file as its folder lists it. `modified`: nanoseconds since 1970; a file that was replaced has another."""

    size: int
    modified: int


class Backend(Protocol):
    """Does the storage's work: folder.py or bucket.py, as the settings say."""

    is_on_this_disk: bool

    def store(self, name: str, content: "File[bytes]", heartbeat: Heartbeat) -> None: ...
    def move(self, name: str, source: Path) -> None: ...
    def open(self, name: str, mode: str) -> "File[bytes]": ...
    def pieces(self, name: str) -> Iterator[bytes]: ...
    def local_path(self, name: str, folder: Path, heartbeat: Heartbeat) -> Path: ...
    def exists(self, name: str) -> bool: ...
    def size(self, name: str) -> int: ...
    def tree_size(self, prefix: str) -> int: ...
    def listdir(self, prefix: str) -> tuple[list[str], list[str]]: ...
    def files_in(self, prefix: str) -> dict[str, StoredFile]: ...
    def delete(self, name: str) -> None: ...
    def remove_tree(self, prefix: str) -> None: ...


# Django finds out which one only when it is first asked.
_backend = cast(Backend, default_storage)


def backend() -> Backend:
    """Return what stores the teams' files, for who copies them from one storage to another."""
    return _backend


# Of the reserve: so much is free before something is refused.
_ROOM_AHEAD = 1.5


class StorageAway(Exception):
    """The storage isn't responding, or refuses a request. str() is the sentence for the user."""

    def __init__(self) -> None:
        super().__init__(messages.STORAGE_AWAY.format(support=settings.SUPPORT_CONTACT))


def free_bytes() -> int:
    """Return what is free on the disk of the data folder."""
    return shutil.disk_usage(settings.DATA_DIR).free


def nearly_full() -> str:
    """Return why nothing large should start, as a sentence; "" while the disk has room.

    What runs already needs the rest: checkpoints, exports, the database.
    """
    free = free_bytes()
    if free >= settings.DISK_RESERVE_BYTES:
        return ""
    return messages.nearly_full(free, can_delete=_backend.is_on_this_disk, support=settings.SUPPORT_CONTACT)


def is_short_of_room() -> bool:
    """Return whether unneeded files should be deleted now, before nearly_full() refuses anything."""
    return _backend.is_on_this_disk and free_bytes() < _ROOM_AHEAD * settings.DISK_RESERVE_BYTES


def is_on_this_disk() -> bool:
    """Return whether the stored files are in a folder of this machine, or of one that it mounts."""
    return _backend.is_on_this_disk


def is_writable() -> bool:
    """Return whether a file can be stored and removed again now."""
    probe = f"probes/{os.getpid()}"
    try:
        put(probe, ContentFile(b"probe"))
        remove(probe)
    except Exception as error:  # each kind of storage has errors of its own
        log.warning("no file can be stored: %s", error)
        return False
    return True


def team_folder(team_id: int, kind: str) -> str:
    """Return the folder of all the team's datasets or jobs, e.g. `teams/7/datasets`."""
    return f"teams/{team_id}/{kind}"


def team_prefix(team_id: int, kind: str, owner_id: object) -> str:
    """Return the folder of one dataset or job, e.g. `teams/7/datasets/0f3c…`."""
    return f"{team_folder(team_id, kind)}/{owner_id}"


def put(name: str, source: "Path | File[bytes]", heartbeat: Heartbeat = lambda: None) -> None:
    """Store a file of this machine, or an upload, under `name`, replacing what was there.

    `heartbeat` is called now and then while bytes move. What it raises ends that, and what was there before stays.
    """
    if isinstance(source, File):
        _backend.store(name, source, heartbeat)
        return
    with source.open("rb") as stream:
        _backend.store(name, File(stream), heartbeat)


def move(name: str, source: Path) -> None:
    """Store a file of this machine and remove it from its place. It isn't copied where that's possible."""
    _backend.move(name, source)


def put_tree(prefix: str, source: Path, heartbeat: Heartbeat = lambda: None) -> None:
    """Store every file of the flat folder `source` below `prefix`. `heartbeat`: see put."""
    for path in sorted(source.iterdir()):
        heartbeat()
        put(f"{prefix}/{path.name}", path, heartbeat)


def fetch_tree(prefix: str, folder: Path, heartbeat: Heartbeat = lambda: None) -> None:
    """Copy the files directly below `prefix` into `folder`, under their own names. `heartbeat`: see put.

    Raises FileNotFoundError where there are none.
    """
    _, files = _listed(prefix)
    if not files:
        raise FileNotFoundError(prefix)
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        fetch(f"{prefix}/{name}", folder / name, heartbeat)


def fetch(name: str, target: Path, heartbeat: Heartbeat = lambda: None) -> None:
    """Copy one stored file to `target`. `heartbeat`: see put. Raises FileNotFoundError."""
    with target.open("wb") as copy:
        for piece in _backend.pieces(name):
            heartbeat()
            copy.write(piece)


def open_file(name: str) -> "File[bytes]":
    """Open the stored file for reading in binary. It can seek. Raises FileNotFoundError."""
    return _backend.open(name, "rb")


def size(name: str) -> int:
    """Return the bytes of the stored file. Raises FileNotFoundError."""
    return _backend.size(name)


def tree_size(prefix: str) -> int:
    """Return the bytes of every file below `prefix`. Files that are removed meanwhile don't count."""
    return _backend.tree_size(prefix)


def folders(prefix: str) -> list[str]:
    """Return the names of the folders directly below `prefix`."""
    return _listed(prefix)[0]


def folders_of_teams(kind: str) -> dict[str, str]:
    """Return the stored folders of all teams' videos or datasets, as team_prefix has them, by the last part."""
    return {
        owner: f"teams/{team}/{kind}/{owner}" for team in folders("teams") for owner in folders(f"teams/{team}/{kind}")
    }


def entries(prefix: str) -> list[str]:
    """Return the names of the folders and files directly below `prefix`."""
    folders, files = _listed(prefix)
    return [*folders, *files]


def _listed(prefix: str) -> tuple[list[str], list[str]]:
    """Return the names of the folders, and those of the files, directly below `prefix`."""
    try:
        return _backend.listdir(prefix)
    except (FileNotFoundError, NotADirectoryError):
        return [], []


def missing(names: Iterable[str]) -> list[str]:
    """Return which of these files and folders are missing, by one look into each of their folders."""
    wanted = set(names)
    parents = {name.rpartition("/")[0] for name in wanted}
    return sorted(wanted - {f"{parent}/{entry}" for parent in parents for entry in entries(parent)})


def exists(name: str) -> bool:
    """Return whether there is a file of this name."""
    return _backend.exists(name)


def local_path(name: str, folder: Path, heartbeat: Heartbeat = lambda: None) -> Path:
    """Return a path on this machine to the stored file: the file itself if it's local, else a copy in `folder`.

    `heartbeat` is called now and then while it is copied. Raises FileNotFoundError.
    """
    return _backend.local_path(name, folder, heartbeat)


def remove(name: str) -> None:
    """Remove one file, if it's there."""
    _backend.delete(name)


def remove_any(name: str) -> None:
    """Remove the file of this name, or the folder with everything below it."""
    remove_tree(name)
    remove(name)


def remove_tree(prefix: str) -> None:
    """Remove everything below `prefix`, if there is anything. May be repeated."""
    _backend.remove_tree(prefix)


def discard(name: str) -> None:
    """Remove one file that no row refers to anymore. While the storage is away, the hourly tidying does it later."""
    with _later_if_away(name):
        remove(name)


def discard_tree(prefix: str) -> None:
    """Remove everything below `prefix` in the same way."""
    with _later_if_away(prefix):
        remove_tree(prefix)


@contextmanager
def _later_if_away(name: str) -> Iterator[None]:
    try:
        yield
    except StorageAway:
        log.warning("%s is not needed any more and could not be removed; the next tidying does it", name)
