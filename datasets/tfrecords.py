"""TFRecord shards of tf.Example records and their label map, in the form of the TensorFlow Object Detection API.

Written without TensorFlow. The features are those of the Object Detection API's `TfExampleDecoder`; the messages are
described in protos/tf_example.proto.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import google_crc32c

from datasets.protos.tf_example_pb2 import Example
from datasets.reasons import Code
from datasets.refusals import DatasetRefused

FRAMES_PER_SHARD = 50
# In memory, a message made to harm takes up to sixteen times its length.
MAX_RECORD_BYTES = 16 * 1024 * 1024
_LENGTH_BYTES = 8
_CHECKSUM_BYTES = 4


class DamagedRecords(Exception):
    """A TFRecord file that says no more where its next record is."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Box:
    """One labeled object. The borders are fractions of the picture's height (y) and width (x), 0 to 1."""

    label: str
    ymin: float
    xmin: float
    ymax: float
    xmax: float

    def named(self, label: str) -> "Box":
        """The same box under a label."""
        return self if label == self.label else replace(self, label=label)


@dataclass(frozen=True, slots=True)
class Record:
    """One frame as it goes into a shard: an upright JPEG and its boxes; none for a negative frame.

    `fingerprint`: how it looks, see ftcml/core/pictures/near_duplicates.py; it stays out of the shard.
    """

    filename: str
    jpeg: bytes
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    fingerprint: str = ""


def write_shard(path: Path, records: Iterable[Record], labels: list[str]) -> int:
    """Write one TFRecord file and return how many records it holds.

    `labels` is the sorted list of the whole dataset: a label's id is its place there, counted from 1.
    Raises KeyError for a box whose label is not among them.
    """
    ids = {label: number for number, label in enumerate(labels, start=1)}
    written = 0
    with path.open("wb") as stream:
        for record in records:
            stream.write(framed(example(record, ids).SerializeToString(deterministic=True)))
            written += 1
    return written


def label_map_text(labels: list[str]) -> str:
    """The text of label.pbtxt for a sorted list of names; ids count from 1."""
    return "\n".join(
        f'item {{\n  id: {number}\n  name: "{_escaped(label)}"\n}}\n' for number, label in enumerate(labels, start=1)
    )


def shard_name(split: str, number: int, of: int) -> str:
    """The usual name of a sharded record file, e.g. `training-00000-of-00004.record`."""
    return f"{split}-{number:05d}-of-{of:05d}.record"


def example(record: Record, ids: Mapping[str, int]) -> Example:
    """The tf.Example message of one record."""
    message = Example()
    feature = message.features.feature

    def put_bytes(key: str, values: list[bytes]) -> None:
        feature[key].bytes_list.value.extend(values)

    def put_floats(key: str, values: list[float]) -> None:
        feature[key].float_list.value.extend(values)

    def put_integers(key: str, values: list[int]) -> None:
        feature[key].int64_list.value.extend(values)

    filename = record.filename.encode()
    put_bytes("image/encoded", [record.jpeg])
    put_bytes("image/format", [b"jpeg"])
    put_bytes("image/filename", [filename])
    put_bytes("image/source_id", [filename])
    put_bytes("image/key/sha256", [hashlib.sha256(record.jpeg).hexdigest().encode()])
    put_integers("image/height", [record.height])
    put_integers("image/width", [record.width])
    for border in ("ymin", "xmin", "ymax", "xmax"):
        put_floats(f"image/object/bbox/{border}", [getattr(box, border) for box in record.boxes])
    put_bytes("image/object/class/text", [box.label.encode() for box in record.boxes])
    put_integers("image/object/class/label", [ids[box.label] for box in record.boxes])
    return message


def framed(data: bytes) -> bytes:
    """A record of a TFRecord file: length, checksum of the length, data, checksum of the data."""
    length = struct.pack("<Q", len(data))
    return b"".join((length, _masked_checksum(length), data, _masked_checksum(data)))


def frames(stream: Readable) -> Iterator[bytes | None]:
    """The records of a TFRecord file, one at a time; None for one that differs from its checksum.

    Raises DamagedRecords after the last record that can be found, DatasetRefused for one above MAX_RECORD_BYTES.
    """
    while header := stream.read(_LENGTH_BYTES + _CHECKSUM_BYTES):
        size = header[:_LENGTH_BYTES]
        if not is_header(header):
            raise DamagedRecords
        (length,) = struct.unpack("<Q", size)
        if length > MAX_RECORD_BYTES:
            raise DatasetRefused(Code.RECORD_TOO_LARGE, megabytes=MAX_RECORD_BYTES // 1024**2)
        data, checksum = stream.read(length), stream.read(_CHECKSUM_BYTES)
        if len(checksum) < _CHECKSUM_BYTES:
            raise DamagedRecords
        yield data if checksum == _masked_checksum(data) else None


def is_header(data: bytes) -> bool:
    """Whether these are a record's length and the checksum of that, as each record begins with."""
    return len(data) == _LENGTH_BYTES + _CHECKSUM_BYTES and data[_LENGTH_BYTES:] == _masked_checksum(
        data[:_LENGTH_BYTES]
    )


def _masked_checksum(data: bytes) -> bytes:
    """TFRecord rotates and shifts its checksums, so that a file of checksums does not checksum to a constant."""
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
