"""Copies single files, several at a time, each with its checksum: nothing is held but one piece of each."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ftcml.backups.files.file_index import FileIndex, IndexedFile
from ftcml.core.files.folder import Folder
from ftcml.core.files.storage import Backend, StoredFile

# A storage elsewhere answers late, not slowly.
_AT_ONCE = 8
_IN_A_BATCH = 256
_PIECE = 1024 * 1024
_SECONDS_BETWEEN_NOTES = 10.0

Given = TypeVar("Given")
Listed = tuple[str, StoredFile]


def folder_at(path: Path) -> Folder:
    """Return the folder of that place as a storage."""
    return Folder(location=str(path), base_url=None, allow_overwrite=True)


def folder_of(name: str) -> str:
    """Return the folder whose listing has the file of that name: of a folder's name, itself."""
    return name if name.endswith("/") else f"{name.rpartition('/')[0]}/"


def fetch(source: Backend, listed: Listed, target: Path) -> IndexedFile | None:
    """Copy a stored file to `target`, which no other name may share from then on. None where it's gone."""
    name, stored = listed
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as file:
            for piece in source.pieces(name):
                digest.update(piece)
                size += file.write(piece)
    except FileNotFoundError:
        partial.unlink()
        return None
    partial.replace(target)
    return IndexedFile(name, size, stored.modified, digest.hexdigest())


def send(source: Backend, name: str, target: Backend) -> str | None:
    """Store a file under the same name in another storage, whole. Return its checksum; None where it's gone."""
    try:
        with source.open(name, "rb") as content:
            checksum = _sha256(content.chunks(_PIECE))
            content.seek(0)
            target.store(name, content, lambda: None)
    except FileNotFoundError:
        return None
    return checksum


def sha256_of(source: Backend, name: str) -> str | None:
    """Return the checksum of a stored file as it's read now; None where it isn't there."""
    try:
        return _sha256(source.pieces(name))
    except FileNotFoundError:
        return None


def _sha256(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def several_at_once(items: Iterable[Given], do: Callable[[Given], Given | object]) -> Iterator[tuple[Given, object]]:
    """Yield each item with what `do` returns for it, in their order. Few wait at a time."""
    remaining = iter(items)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while batch := list(islice(remaining, _IN_A_BATCH)):
            yield from zip(batch, pool.map(do, batch), strict=True)


class Notes:
    """Writes down now and then what was copied, after the disk has it."""

    def __init__(self, index: FileIndex) -> None:
        self._index = index
        self._noted = time.monotonic()
        self._has_new = False

    def add(self, file: IndexedFile) -> None:
        self._index.add(file)
        self._has_new = True
        if time.monotonic() - self._noted > _SECONDS_BETWEEN_NOTES:
            self.keep()

    def keep(self) -> None:
        if self._has_new:
            os.sync()
        self._index.keep()
        self._has_new = False
        self._noted = time.monotonic()


def listed_in(source: Backend, folder: str, names: Sequence[str]) -> list[Listed]:
    """Return which of these files are in their folder now, as it lists them; for a folder's name all of them."""
    there = source.files_in(folder.rstrip("/"))
    if names == [folder]:
        return [(f"{folder}{last}", stored) for last, stored in sorted(there.items())]
    return [(name, there[last]) for name in names if (last := name.rpartition("/")[2]) in there]
