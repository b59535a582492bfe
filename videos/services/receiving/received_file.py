"""What has come of a file, on the disk of the web server. Its length alone says how far the upload is."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

_PIECE = 1024 * 1024


class Busy(Exception):
    """Another request is writing to the file at this moment."""


class OtherOffset(Exception):
    """The file ends elsewhere than the sender thinks."""


class Missing(Exception):
    """There is no such file: the upload is over, or was given up."""


def path_of(upload_id: Any) -> Path:
    """Return where the bytes of an upload are received."""
    return settings.RECEIVING_DIR / str(upload_id)


def make(upload_id: Any) -> None:
    """Make the file, empty, unless it's there. Its row comes first, so a file without a row is never needed."""
    settings.RECEIVING_DIR.mkdir(exist_ok=True, parents=True)
    path_of(upload_id).touch(mode=0o600)


def size(upload_id: Any) -> int | None:
    """Return how many bytes have come, None where there is no file."""
    with suppress(FileNotFoundError):
        return path_of(upload_id).stat().st_size
    return None


def remove(upload_id: Any) -> None:
    """Remove the file, if it's there."""
    path_of(upload_id).unlink(missing_ok=True)


@contextmanager
def held(upload_id: Any) -> Iterator[int]:
    """Keep every other request from the file meanwhile. Yields its descriptor. Raises Busy, Missing.

    The file is never made here: one that was removed stays removed.
    """
    try:
        descriptor = os.open(path_of(upload_id), os.O_RDWR)
    except FileNotFoundError:
        raise Missing from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        if not _is_still_there(descriptor, path_of(upload_id)):
            raise Missing
        yield descriptor
    finally:
        os.close(descriptor)


def append(upload_id: Any, offset: int, data: bytes) -> int:
    """Write `data` at the file's end, which must be at `offset`, and return where the file ends now.

    It's on the disk then, and not only in memory. Raises OtherOffset, Busy, Missing, and OSError on a full disk, after
    which the file is as it was.
    """
    with held(upload_id) as descriptor:
        if os.fstat(descriptor).st_size != offset:
            raise OtherOffset
        try:
            rest = memoryview(data)
            at = offset
            while rest:
                written = os.pwrite(descriptor, rest, at)
                rest, at = rest[written:], at + written
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, offset)
            raise
    return offset + len(data)


def head(upload_id: Any, length: int) -> bytes:
    """Return the first bytes that have come, at most `length`. Raises FileNotFoundError."""
    with path_of(upload_id).open("rb") as stream:
        return stream.read(length)


def sha256(upload_id: Any) -> str:
    """Return the checksum of what has come, in hexadecimal. Raises FileNotFoundError."""
    digest = hashlib.sha256()
    with path_of(upload_id).open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _is_still_there(descriptor: int, path: Path) -> bool:
    """Return whether the file wasn't removed between opening and locking it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False
