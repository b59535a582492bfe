"""TFRecord files of tf.Example records, as the TensorFlow Object Detection API reads them, with their label map.

The boxes of a record are fractions of its picture, so a size that it states tells no more than which way up it is.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from google.protobuf.message import DecodeError

from datasets import pictures
from datasets.archive import Archive, UnreadableFile
from datasets.formats import splits
from datasets.formats.files import MAX_BOXES, one_line
from datasets.formats.label_maps import LabelMaps
from datasets.formats.samples import Found, PixelBox, Sample
from datasets.records import (
    FRAMES_PER_SHARD,
    Box,
    DamagedRecords,
    Example,
    Record,
    example,
    framed,
    frames,
    label_map_text,
    shard_name,
)
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split

# cones.record, cones.tfrecord, cones.record-00000-of-00010, cones-00000-of-00010
_SHARD = re.compile(r"(\.(tf)?records?|-\d{5}-of-\d{5})$", re.IGNORECASE)
_BORDERS = ("xmin", "ymin", "xmax", "ymax")
_PIECE = 256 * 1024


def marks(archive: Archive) -> list[str]:
    """The files that may be shards of this format."""
    return [name for name in archive.names if _SHARD.search(name)]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every record of the archive's shards, in the order of their names.

    A record that cannot be read counts as a picture that cannot be read. Raises DatasetRefused when there is no record,
    or more than a set may have.
    """
    shards = marks(archive)
    total = 0
    for _ in _records(archive, shards, repairs):
        total += 1
        if total > settings.IMPORT_MAX_FILES:
            raise DatasetRefused(
                f"The set holds more than {settings.IMPORT_MAX_FILES:,} records. Split it into several datasets."
            )
    if not total:
        found = f"“{shards[0]}” is none, or it is empty or damaged" if shards else "there is no .record file in it"
        raise DatasetRefused(f"The zip holds no TFRecord file that can be read: {found}. Export the set again.")
    maps = LabelMaps(archive)
    return Found(total, _samples(archive, {shard: maps.nearest(shard) for shard in shards}))


def write(samples: Iterable[Sample], labels: list[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The label map and the shards of a set. The pictures must be JPEG.

    The name of a shard says how many there are, so all of them are written to a folder first.
    """
    ids = {label: number for number, label in enumerate(labels, start=1)}
    written: Counter[Split] = Counter()
    with TemporaryDirectory() as folder:
        for sample in samples:
            split = sample.split or Split.TRAINING
            with _part(folder, split, written[split] // FRAMES_PER_SHARD).open("ab") as part:
                part.write(framed(example(_record(sample), ids).SerializeToString(deterministic=True)))
            written[split] += 1
        yield "label.pbtxt", [label_map_text(labels).encode()]
        for split, number_of_frames in written.items():
            shards = math.ceil(number_of_frames / FRAMES_PER_SHARD)
            for number in range(shards):
                yield shard_name(split, number, shards), _pieces(_part(folder, split, number))


def _records(archive: Archive, shards: Iterable[str], repairs: Repairs) -> Iterator[tuple[str, int, bytes | None]]:
    """The records with their shard and their number in it, from 1; None for one that differs from its checksum."""
    for shard in shards:
        number = 0
        try:
            with archive.open(shard) as stream:
                for number, data in enumerate(frames(stream), start=1):
                    yield shard, number, data
        except (DamagedRecords, UnreadableFile):
            repairs.add(Kind.CUT_OFF, shard, f"Damaged or cut off after record {number}: what follows was left out.")


def _samples(archive: Archive, maps: dict[str, dict[int, str] | None]) -> Iterator[Sample]:
    """`maps`: shard -> its label map."""
    objects = 0
    # What is damaged was noted when the records were counted.
    for shard, number, data in _records(archive, maps, Repairs()):
        sample = _sample(data, shard, number, maps[shard])
        objects += sample.objects
        if objects > MAX_BOXES:
            raise DatasetRefused(f"The records hold more than {MAX_BOXES:,} boxes. Split the set into several.")
        yield sample


def _sample(data: bytes | None, shard: str, number: int, names: dict[int, str] | None) -> Sample:
    split = splits.of_shard(shard)
    try:
        if data is None:
            raise DecodeError
        feature = Example.FromString(data).features.feature
    except DecodeError:
        return Sample(f"{shard}, record {number}", _unreadable, split=split)
    picture = next(iter(feature["image/encoded"].bytes_list.value), b"")
    size = _size(feature, picture)
    boxes, objects = _boxes(feature, size or (1, 1), _labels_by(names, shard))
    filename = _text(feature, "image/filename") or _text(feature, "image/source_id")
    return Sample(
        filename or f"{PurePosixPath(shard).name}-{number:06d}.jpg", lambda: picture, size, boxes, objects, split
    )


def _unreadable() -> bytes:
    raise UnreadableFile("no record")


def _size(feature: Any, picture: bytes) -> tuple[int, int] | None:
    """The (width, height) that the boxes are fractions of, by the picture's header; None for no picture.

    TensorFlow does not turn a picture by its EXIF, so that is the size as stored, unless the record states the other.
    """
    try:
        stored, upright = pictures.sizes(picture)
    except pictures.UndecodablePicture:
        return None
    stated = tuple(next(iter(feature[f"image/{side}"].int64_list.value), 0) for side in ("width", "height"))
    return upright if stated == upright else stored


def _boxes(feature: Any, size: tuple[int, int], label_of: Callable[[int], str]) -> tuple[list[PixelBox], int]:
    """The usable boxes, and how many objects there are. Lists of differing length do not say what belongs together."""
    borders = [feature[f"image/object/bbox/{border}"].float_list.value for border in _BORDERS]
    texts = [value.decode(errors="replace") for value in feature["image/object/class/text"].bytes_list.value]
    ids = feature["image/object/class/label"].int64_list.value
    objects = max(map(len, [*borders, texts, ids]))
    if any(len(border) != objects for border in borders):
        return [], objects
    texts = texts if len(texts) == objects else [""] * objects
    numbers = ids if len(ids) == objects else [None] * objects
    width, height = size
    boxes = [
        PixelBox(label, xmin * width, ymin * height, xmax * width, ymax * height)
        for text, number, xmin, ymin, xmax, ymax in zip(texts, numbers, *borders, strict=True)
        if all(map(math.isfinite, (xmin, ymin, xmax, ymax)))
        and (label := one_line(text) or (label_of(number) if number is not None else ""))
    ]
    return boxes, objects


def _labels_by(names: dict[int, str] | None, shard: str) -> Callable[[int], str]:
    """What gives the label of an id, "" for one that the map does not hold; it raises DatasetRefused without a map."""

    def label_of(number: int) -> str:
        if names is None:
            raise DatasetRefused(
                f"The boxes in “{shard}” have numbers instead of labels, and the zip holds no label map that names "
                "them. Put the set's label.pbtxt into the zip."
            )
        return names.get(number, "")

    return label_of


def _text(feature: Any, key: str) -> str:
    return one_line(next(iter(feature[key].bytes_list.value), b"").decode(errors="replace"))


def _record(sample: Sample) -> Record:
    width, height = sample.size or (1, 1)
    boxes = [Box(b.label, b.ymin / height, b.xmin / width, b.ymax / height, b.xmax / width) for b in sample.boxes]
    return Record(sample.filename, sample.read(), width, height, boxes)


def _part(folder: str, split: Split, number: int) -> Path:
    return Path(folder) / f"{split}-{number}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece
