"""The TFRecord files of an archive, record by record: plain, or packed as TensorFlow's options GZIP and ZLIB do."""

import re
import zlib
from collections.abc import Iterable, Iterator

from django.conf import settings

from datasets.archive.zip_archive import Archive, UnreadableFile, too_much_unpacked
from datasets.reasons import Note, Reason
from datasets.repairs import Kind, Repairs
from datasets.tfrecords import DamagedRecords, Readable, frames, is_header

HEADER_BYTES = 12
# cones.record, cones.tfrecord, cones.record-00000-of-00010, cones-00000-of-00010, cones.tfrecord.gz
_SHARD = re.compile(r"(\.(tf)?records?|-\d{5}-of-\d{5})(\.gz)?$", re.IGNORECASE)
_PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
# Both gzip's and zlib's headers are understood.
_WINDOW = zlib.MAX_WBITS | 32
_PIECE = 256 * 1024


def shards(archive: Archive) -> list[str]:
    """The files that may hold records."""
    return [name for name in archive.names if _SHARD.search(name)]


def records(archive: Archive, names: Iterable[str], repairs: Repairs) -> Iterator[tuple[str, int, bytes | None]]:
    """The records with their shard and their number in it, from 1; None for one that differs from its checksum."""
    for shard in names:
        number = 0
        try:
            with archive.open(shard) as stream:
                for number, data in enumerate(frames(_plain(stream)), start=1):
                    yield shard, number, data
        except (DamagedRecords, UnreadableFile, zlib.error):
            repairs.add(Kind.CUT_OFF, shard, Reason(Note.RECORDS_CUT_OFF, {"record": number}))


def _plain(stream: Readable) -> Readable:
    head = stream.read(HEADER_BYTES)
    begun = _Begun(head, stream)
    return _Unpacked(begun) if head.startswith(_PACKED) and not is_header(head) else begun


class _Begun:
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        data, self._head = self._head[:size], self._head[size:]
        return data + self._stream.read(size - len(data)) if size > len(data) else data


class _Unpacked:
    """What is in a packed stream, never more of it than is asked for. Reading it raises what zlib raises.

    Raises DatasetRefused when it unpacks past the limit for a whole set.
    """

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._zlib = zlib.decompressobj(_WINDOW)
        self._waiting = b""
        self._unpacked = 0

    def read(self, size: int, /) -> bytes:
        found: list[bytes] = []
        missing = size
        while missing:
            self._waiting = self._waiting or self._zlib.unused_data or self._stream.read(_PIECE)
            if self._zlib.eof:
                self._zlib = zlib.decompressobj(_WINDOW)
            if not self._waiting:
                break
            data = self._zlib.decompress(self._waiting, missing)
            self._waiting = self._zlib.unconsumed_tail
            missing -= len(data)
            found.append(data)
        self._unpacked += size - missing
        if self._unpacked > settings.IMPORT_MAX_UNPACKED_BYTES:
            raise too_much_unpacked()
        return b"".join(found)
