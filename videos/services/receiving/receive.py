"""Take in the bytes of a file as they come, from whoever sends them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from django.http import UnreadablePostError

from ftcml.core import clock
from ftcml.core.files import storage
from videos.models import Upload
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import completion, first_bytes, received_file, rules

# Bytes in memory, and between two looks at the file. A part with a checksum may not be larger: it's checked before it
# is written.
PIECE = 4 * 1024 * 1024
# So often, at least, the row is told how far the file is.
_SECONDS_BETWEEN_NOTES = 0.5


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class WrongChecksum(Exception):
    """A part isn't what its sender sent."""


class MoreThanAnnounced(Exception):
    """A part reaches over the end of the file that its sender announced."""


@dataclass(frozen=True)
class Checksum:
    """`algorithm`: sha1 or sha256."""

    algorithm: str
    digest: bytes

    def check(self, data: bytes) -> None:
        """Raise WrongChecksum unless these are the bytes."""
        if hashlib.new(self.algorithm, data).digest() != self.digest:
            raise WrongChecksum


@dataclass(frozen=True)
class Part:
    """`length`: how many bytes the sender says come. `total`: of the whole file, where it is known only now."""

    offset: int
    length: int
    stream: Stream
    checksum: Checksum | None = None
    total: int | None = None


def receive(upload: Upload, part: Part) -> int:
    """Append a part to the file, and return how many bytes of it there are now.

    What came of a part that breaks off stays. Raises VideoRefused after removing the upload, where the file can't be
    what it should be; WrongChecksum; MoreThanAnnounced; and what received_file raises.
    """
    uploads.check_not_refused(upload)
    if upload.completed or received_file.size(upload.pk) != part.offset:
        raise received_file.OtherOffset
    _learn_size(upload, part)
    most = rules.limit(upload.video) if upload.size is None else upload.size
    if part.offset + part.length > most:
        if upload.size is not None:
            raise MoreThanAnnounced
        with _refused(upload):
            raise rules.too_large(upload.video, upload.filename)
    offset, left = part.offset, part.length
    with _refused(upload):
        while True:
            if storage.nearly_full():
                raise VideoRefused(Code.DISK_IS_FULL)
            piece, is_over = _read(part.stream, min(left, PIECE))
            if part.checksum:
                part.checksum.check(piece)
            offset = received_file.append(upload.pk, offset, piece)
            left -= len(piece)
            _look(upload, offset)
            if is_over or not left:
                return offset


def come(upload: Upload) -> int:
    """Return how many bytes of the file there are, and store it where that's all. Raises VideoRefused as `receive`."""
    uploads.check_not_refused(upload)
    with _refused(upload):
        return completion.settle(upload)


@contextmanager
def _refused(upload: Upload) -> Iterator[None]:
    """Remove the file where it can't be what it should be. Raises VideoRefused."""
    try:
        yield
    except VideoRefused as refusal:
        uploads.refuse(upload, refusal.reason)
        raise


def _look(upload: Upload, offset: int) -> None:
    """Look at what has come: whether it's of the right kind, whether it's all. Raises VideoRefused."""
    is_all = offset == upload.size
    if offset >= first_bytes.LENGTH or is_all:
        _check_kind(upload)
    if is_all:
        completion.complete(upload)
        return
    now = clock.now()
    if (now - upload.touched).total_seconds() >= _SECONDS_BETWEEN_NOTES or upload.offset == 0:
        Upload.objects.filter(pk=upload.pk, offset__lt=offset).update(offset=offset, touched=now)
        upload.offset, upload.touched = offset, now


def _check_kind(upload: Upload) -> None:
    if upload.offset >= first_bytes.LENGTH:
        return  # seen before
    head = received_file.head(upload.pk, first_bytes.LENGTH)
    if not first_bytes.fits(upload.video.kind, head):
        raise rules.wrong_kind(upload.video, upload.filename)


def _learn_size(upload: Upload, part: Part) -> None:
    """Note the length of a file that only now has one. Raises VideoRefused, MoreThanAnnounced."""
    if part.total is None or upload.size is not None:
        return
    if part.total < part.offset + part.length:
        raise MoreThanAnnounced
    with _refused(upload):
        rules.check_size(upload.video, upload.filename, part.total)
        rules.take_room(upload.video.team, part.total)
    Upload.objects.filter(pk=upload.pk, size=None).update(size=part.total)
    upload.size = part.total


def _read(stream: Stream, size: int) -> tuple[bytes, bool]:
    """Read so many bytes, or those that come before the sender is gone. Returns whether it is."""
    pieces, left = [], size
    while left:
        try:
            piece = stream.read(left)
        except (UnreadablePostError, OSError):
            piece = b""
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces), bool(left)
