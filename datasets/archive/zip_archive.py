"""A zip file made by a stranger, read file by file within the limits of the settings.

Nothing is unpacked to a path that the archive names: a file's content goes to memory, bounded, and its name is only a
word.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings

from datasets.archive import entry_names
from datasets.reasons import Code
from datasets.refusals import DatasetRefused

HEAD_BYTES = 256 * 1024
# Room in the zip's directory for a file with a long name; a larger directory is not read at all.
_DIRECTORY_BYTES_PER_FILE = 400
_MEGABYTE = 1024 * 1024
# No picture or annotation packs better than this, of those that are large enough to matter.
_MAX_RATIO = 200
_RATIO_MATTERS_BYTES = 16 * _MEGABYTE
# What a file's own header in the zip takes at least, before the file.
_LOCAL_HEADER_BYTES = 30


# What zipfile meets in a file that is no zip, or not a whole one.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


class UnreadableFile(Exception):
    """One file of the archive is damaged; the others may be sound."""


class Archive:
    """`names` are the files in it, sorted, without what file managers leave behind.

    Raises DatasetRefused for anything that no honest tool makes. `heartbeat` is called with every piece that is read.
    """

    def __init__(self, stream: IO[bytes], heartbeat: Callable[[], None] = lambda: None) -> None:
        self._heartbeat = heartbeat
        self._unpacked = 0
        # How far into each file anybody has read: what is read twice is counted once.
        self._reached: dict[str, int] = {}
        limit = max(HEAD_BYTES, settings.IMPORT_MAX_FILES * _DIRECTORY_BYTES_PER_FILE)
        try:
            self._zip = zipfile.ZipFile(_BoundedReads(stream, limit))
        except (*_DAMAGES, OSError):
            raise DatasetRefused(Code.DAMAGED_ZIP) from None
        _check_places(self._zip)
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        _check_totals(entries)
        self._entries = entry_names.by_name(entries, self._first_bytes)
        self.names = sorted(name for name in self._entries if not _is_left_behind(name))

    def read(self, name: str, max_bytes: int) -> bytes:
        """The content of one file. Raises what `pieces` raises."""
        return b"".join(self.pieces(name, max_bytes))

    def head(self, name: str) -> bytes:
        """The content of one file, or its first 256 KB. Raises UnreadableFile when these are damaged."""
        return next(self.pieces(name, HEAD_BYTES), b"")

    def written(self, name: str) -> tuple[int, ...]:
        """When the file was written, as the zip says: year, month, day, hour, minute, second."""
        return self._entries[name].date_time

    def pieces(self, name: str, max_bytes: int) -> Iterator[bytes]:
        """The content of one file, piece by piece.

        Raises UnreadableFile when it is damaged, DatasetRefused when it or the whole archive unpacks past its limit.
        """
        with self.open(name) as stream:
            while piece := stream.read(HEAD_BYTES):
                if stream.length > max_bytes:
                    raise DatasetRefused(Code.FILE_TOO_LARGE, file=name, megabytes=max_bytes // _MEGABYTE)
                yield piece

    @contextmanager
    def open(self, name: str) -> Iterator["Member"]:
        """One file of any length, to be read piece by piece. Opening and reading it raise what `pieces` raises."""
        try:
            with self._zip.open(self._entries[name]) as stream:
                yield Member(stream, lambda length: self._count(name, length))
        except _DAMAGES as error:
            raise UnreadableFile(str(error)) from None

    def _first_bytes(self, entry: zipfile.ZipInfo) -> bytes:
        """The beginning of a file; nothing of a damaged one."""
        self._heartbeat()
        try:
            with self._zip.open(entry) as stream:
                return stream.read(HEAD_BYTES)
        except _DAMAGES:
            return b""

    def _count(self, name: str, length: int) -> None:
        self._heartbeat()
        self._unpacked += max(0, length - self._reached.get(name, 0))
        self._reached[name] = max(length, self._reached.get(name, 0))
        if self._unpacked > settings.IMPORT_MAX_UNPACKED_BYTES:
            raise too_much_unpacked()


class Member:
    """A file of the archive, being read. `length`: bytes so far. `count` is called with it after every piece."""

    def __init__(self, stream: IO[bytes], count: Callable[[int], None]) -> None:
        self._stream = stream
        self._count = count
        self.length = 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end of the file."""
        data = self._stream.read(size)
        self.length += len(data)
        self._count(self.length)
        return data


class _BoundedReads:
    """A file that refuses to give more than `limit` bytes at once.

    zipfile reads a zip's whole directory in one piece, and makes an object of each of its entries.
    """

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._limit + 1) if size >= 0 else self._limit + 1)
        if len(data) > self._limit:
            raise _too_many_files()
        return data


def _check_totals(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse by what the zip says of itself; what is really read is counted as well."""
    if len(entries) > settings.IMPORT_MAX_FILES:
        raise _too_many_files()
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if unpacked > settings.IMPORT_MAX_UNPACKED_BYTES:
        raise too_much_unpacked()
    for entry in entries:
        if _is_packed_too_well(entry.file_size, entry.compress_size):
            raise DatasetRefused(Code.FILE_PACKED_TOO_WELL, file=entry.filename[:200], times=_MAX_RATIO)
    if _is_packed_too_well(unpacked, packed):
        raise DatasetRefused(Code.ZIP_PACKED_TOO_WELL, times=_MAX_RATIO)


def _is_packed_too_well(unpacked: int, packed: int) -> bool:
    """zipfile gives no more of a file than the zip says it has, so what the zip says is enough to know."""
    return unpacked > _RATIO_MATTERS_BYTES and unpacked > packed * _MAX_RATIO


def _check_places(opened: zipfile.ZipFile) -> None:
    """Refuse files that share bytes of the zip, by which a small one unpacks to any size."""
    end = 0
    for entry in sorted(opened.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise DatasetRefused(Code.FILES_OVERLAP, file=entry.filename[:200])
        end = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
    if end > opened.start_dir:
        raise DatasetRefused(Code.NAMES_BEHIND_ITS_END)


def _is_left_behind(name: str) -> bool:
    """Hidden files, and the folder that macOS adds to every zip."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _too_many_files() -> DatasetRefused:
    return DatasetRefused(Code.TOO_MANY_FILES, most=settings.IMPORT_MAX_FILES)


def too_much_unpacked() -> DatasetRefused:
    return DatasetRefused(Code.UNPACKS_TO_TOO_MUCH, bytes=settings.IMPORT_MAX_UNPACKED_BYTES)
