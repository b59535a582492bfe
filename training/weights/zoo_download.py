"""The checkpoint inside an archive of the TF2 Detection Zoo, from the network or a file, without trusting the archive.

The archive is read once, from front to end, and never extracted: two of its members are copied to names of our own.
"""

import gzip
import hashlib
import http.client
import tarfile
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from training.messages import operator_words

INDEX, DATA = "ckpt-0.index", "ckpt-0.data-00000-of-00001"
PREFIX = "ckpt-0"

# The largest of the four is about 130 MB unpacked, and some hundreds packed with its frozen graph.
MAX_ARCHIVE_BYTES = 1024**3
MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_MEMBER_BYTES = {INDEX: 16 * 1024**2, DATA: 512 * 1024**2}
_CHUNK = 1024**2
_SILENCE_SECONDS = 60

# Called with the bytes read so far and all there are, or None where the server does not say.
Progress = Callable[[int, int | None], None]


class ArchiveRefused(Exception):
    """An archive that cannot be had or used; the message is a sentence for a person."""


def take_checkpoint(source: str | Path, folder: Path, progress: Progress) -> str:
    """Copy the checkpoint's two files out of an archive (an address or a file) into a folder.

    Returns git's id of the data file: SHA-1 of "blob SIZE", a zero byte and the file. Raises ArchiveRefused.
    """
    with _sentences(source), _opened(source, progress) as stream:
        return _copy_members(stream, folder, str(source))


@contextmanager
def _sentences(source: str | Path) -> Iterator[None]:
    """What can go wrong on the way, as sentences."""
    try:
        yield
    except EOFError:
        raise ArchiveRefused(operator_words.ends_too_early(source)) from None
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error) as error:
        raise ArchiveRefused(operator_words.no_archive(source, error)) from None
    except (OSError, http.client.HTTPException) as error:
        raise ArchiveRefused(operator_words.unreadable(source, getattr(error, "reason", error))) from None


@contextmanager
def _opened(source: str | Path, progress: Progress) -> Iterator["_Counted"]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield _Counted(file, source.stat().st_size, progress)
    else:
        with urllib.request.urlopen(source, timeout=_SILENCE_SECONDS) as answer:  # noqa: S310 (our own addresses)
            length = answer.headers.get("Content-Length")
            yield _Counted(answer, int(length) if length else None, progress)


class _Counted:
    """A stream that tells how much of it was read, and ends in an error when it is too long."""

    def __init__(self, stream: IO[bytes], length: int | None, progress: Progress) -> None:
        self._stream, self._length, self._progress, self._done = stream, length, progress, 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, _CHUNK) if size >= 0 else _CHUNK)
        self._done += len(data)
        if self._done > MAX_ARCHIVE_BYTES:
            raise tarfile.TarError("it is too large")
        self._progress(self._done, self._length)
        return data


class _Unpacked(gzip.GzipFile):
    """What a .gz unpacks to. tarfile reads some headers in one piece, of a size that the archive itself names."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= 2 * _CHUNK:
            raise tarfile.TarError("one of its headers is too large")
        return super().read(size)


def _copy_members(stream: _Counted, folder: Path, source: str) -> str:
    missing, blob_id, unpacked = [INDEX, DATA], "", 0
    # Reading is all that gzip does with it.
    with (
        _Unpacked(fileobj=cast(IO[bytes], stream), mode="rb") as plain,
        tarfile.open(fileobj=plain, mode="r:") as archive,
    ):
        for member in archive:
            unpacked += member.size
            if member.size < 0 or unpacked > MAX_UNPACKED_BYTES:
                raise tarfile.TarError("its sizes are not sensible")
            name = _wanted_name(member)
            if name not in missing:
                continue
            if not member.isreg() or member.issparse() or member.size > MAX_MEMBER_BYTES[name]:
                raise ArchiveRefused(operator_words.not_plain(member.name, source))
            digest = _copy(archive, member, folder / name)
            if name == DATA:
                blob_id = digest
            missing.remove(name)
            if not missing:
                return blob_id
    raise ArchiveRefused(operator_words.incomplete(source, missing[0]))


def _wanted_name(member: tarfile.TarInfo) -> str | None:
    """The name of a checkpoint's file that the member is, as NAME/checkpoint/ckpt-0.index."""
    parts = PurePosixPath(member.name).parts
    return parts[2] if len(parts) == 3 and parts[1] == "checkpoint" else None


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    """Copy a plain file's contents, and return git's id of them."""
    digest = hashlib.sha1(b"blob %d\0" % member.size, usedforsecurity=False)
    contents = archive.extractfile(member)
    assert contents  # a plain file has some
    with target.open("wb") as file:
        while data := contents.read(_CHUNK):
            digest.update(data)
            file.write(data)
    return digest.hexdigest()
