"""Where a team's files live: a folder by default; any Django storage can stand behind it.

Names are keys with slashes, always below `team_prefix(...)`, so one team's files are never among another's.
"""

import logging
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

log = logging.getLogger(__name__)


def free_bytes() -> int:
    """What is free on the disk of the data folder."""
    return shutil.disk_usage(settings.DATA_DIR).free


def nearly_full() -> str:
    """Why nothing large should be begun, as a sentence; "" while the disk has room.

    What runs already needs the rest: checkpoints, exports, the database.
    """
    free = free_bytes()
    if free >= settings.DISK_RESERVE_BYTES:
        return ""
    return (
        f"The server's disk is nearly full: {free / 1e9:.1f} GB are left, and it keeps "
        f"{settings.DISK_RESERVE_BYTES / 1e9:.1f} GB for what is there already. Delete datasets or models that nobody "
        f"needs, or ask {settings.SUPPORT_CONTACT} to make room."
    )


def is_writable() -> bool:
    """Whether a file can be stored and removed again now."""
    probe = f"probes/{os.getpid()}"
    try:
        put(probe, ContentFile(b"probe"))
        remove(probe)
    except Exception as error:  # each kind of storage has errors of its own
        log.warning("no file can be stored: %s", error)
        return False
    return True


def team_folder(team_id: int, kind: str) -> str:
    """The folder of all the team's datasets or jobs, e.g. `teams/7/datasets`."""
    return f"teams/{team_id}/{kind}"


def team_prefix(team_id: int, kind: str, owner_id: object) -> str:
    """The folder of one dataset or job, e.g. `teams/7/datasets/0f3c…`."""
    return f"{team_folder(team_id, kind)}/{owner_id}"


def put(name: str, source: Path | File) -> None:
    """Store a file of this machine, or an upload, under `name`, replacing what was there."""
    if isinstance(source, File):
        default_storage.save(name, source)
        return
    with source.open("rb") as stream:
        default_storage.save(name, File(stream))


def move(name: str, source: Path) -> None:
    """The same for a file of this machine that is not needed any more: it leaves its place, uncopied where that can be.

    A folder as storage takes it as it takes an upload that lies on its own disk.
    """
    with _OnDisk(source.open("rb"), name=str(source)) as file:
        default_storage.save(name, file)
    source.unlink(missing_ok=True)


class _OnDisk(File):
    """What Django's storages look for in a file that may be moved."""

    def temporary_file_path(self) -> str:
        return self.name


def put_tree(prefix: str, source: Path) -> None:
    """Store every file of the flat folder `source` below `prefix`."""
    for path in sorted(source.iterdir()):
        put(f"{prefix}/{path.name}", path)


def fetch_tree(prefix: str, folder: Path) -> None:
    """Copy the files directly below `prefix` into `folder`, under their own names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in default_storage.listdir(prefix)[1]:
        with open_file(f"{prefix}/{name}") as source, (folder / name).open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)


def open_file(name: str) -> File:
    """The stored file, open for reading in binary. Raises FileNotFoundError."""
    return default_storage.open(name, "rb")


def size(name: str) -> int:
    """Bytes of the stored file. Raises FileNotFoundError."""
    return default_storage.size(name)


def tree_size(prefix: str) -> int:
    """Bytes of every file below `prefix`, 0 when there is nothing. What is removed meanwhile does not count."""
    try:
        folders, files = default_storage.listdir(prefix)
    except (FileNotFoundError, NotADirectoryError):
        return 0
    total = sum(tree_size(f"{prefix}/{folder}") for folder in folders)
    for name in files:
        with suppress(FileNotFoundError):
            total += size(f"{prefix}/{name}")
    return total


def folders(prefix: str) -> list[str]:
    """The names of the folders directly below `prefix`; none when there is nothing."""
    try:
        return default_storage.listdir(prefix)[0]
    except FileNotFoundError:
        return []


def entries(prefix: str) -> list[str]:
    """The names of the folders and files directly below `prefix`; none when there is nothing."""
    try:
        folders, files = default_storage.listdir(prefix)
    except FileNotFoundError:
        return []
    return [*folders, *files]


def missing(names: Iterable[str]) -> list[str]:
    """Which of these files and folders are not there, by one look into each folder that they should be in."""
    wanted = set(names)
    parents = {name.rpartition("/")[0] for name in wanted}
    return sorted(wanted - {f"{parent}/{entry}" for parent in parents for entry in entries(parent)})


def exists(name: str) -> bool:
    return default_storage.exists(name)


def local_path(name: str, folder: Path) -> Path:
    """A path on this machine that holds the stored file: the file itself where it is local, else a copy in `folder`."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        copy = folder / name.replace("/", "__")
        if not copy.exists():
            partial = copy.with_suffix(copy.suffix + ".partial")
            with open_file(name) as source, partial.open("wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
            partial.rename(copy)
        return copy


def remove(name: str) -> None:
    """Remove one file; nothing happens when it is not there."""
    default_storage.delete(name)


def remove_any(name: str) -> None:
    """Remove what has this name, be it a file or a folder with everything below it."""
    remove_tree(name)
    remove(name)


def remove_tree(prefix: str) -> None:
    """Remove everything below `prefix`; may be repeated, and nothing happens when there is nothing."""
    try:
        shutil.rmtree(default_storage.path(prefix), ignore_errors=True)
        return
    except NotImplementedError:
        pass
    folders, files = default_storage.listdir(prefix)
    for name in files:
        default_storage.delete(f"{prefix}/{name}")
    for folder in folders:
        remove_tree(f"{prefix}/{folder}")
