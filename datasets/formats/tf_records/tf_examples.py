"""TFRecord files of tf.Example records, as the TensorFlow Object Detection API reads them, with their label map.

The boxes of a record are fractions of its picture, so a size that it states tells no more than which way up it is.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.conf import settings
from google.protobuf.message import DecodeError

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import own_splits
from datasets.formats.common.picture_files import MAX_BOXES, one_line, stated_size
from datasets.formats.common.samples import Found, PixelBox, Sample
from datasets.formats.common.written_files import FileContent
from datasets.formats.tf_records.label_maps import LabelMaps
from datasets.formats.tf_records.record_files import records, shards
from datasets.protos.tf_example_pb2 import Example, Feature
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split
from datasets.tfrecords import FRAMES_PER_SHARD, Box, Record, example, framed, label_map_text, shard_name
from ftcml.core.pictures import upright

_BORDERS = ("xmin", "ymin", "xmax", "ymax")
# Boxes reach over the border a little; larger numbers are pixels.
_LARGEST_FRACTION = 2.0
# A key that isn't there has lists without values.
_Features = Mapping[str, Feature]


marks = shards


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every record of the archive's shards, in the order of their names.

    A record that cannot be read counts as a picture that cannot be read. Raises DatasetRefused when there is no record,
    or more than a set may have.
    """
    names = shards(archive)
    total = 0
    units = _Units()
    for shard, _, data in records(archive, names, repairs):
        total += 1
        if total > settings.IMPORT_MAX_FILES:
            raise DatasetRefused(Code.TOO_MANY_RECORDS, most=settings.IMPORT_MAX_FILES)
        units.note(shard, data)
    if not total:
        if names:
            raise DatasetRefused(Code.RECORD_FILE_UNREADABLE, file=names[0])
        raise DatasetRefused(Code.NO_RECORD_FILE)
    for shard in filter(units.are_pixels, names):
        repairs.add(Kind.UNITS, shard, Reason(Note.IN_PIXELS))
    maps = LabelMaps(archive)
    return Found(total, _samples(archive, {shard: maps.nearest(shard) for shard in names}, units))


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
                part.write(record_bytes(sample, ids))
            written[split] += 1
        yield "label.pbtxt", [label_map_text(labels).encode()]
        for split, number_of_frames in written.items():
            shards = math.ceil(number_of_frames / FRAMES_PER_SHARD)
            for number in range(shards):
                yield shard_name(split, number, shards), FileContent(_part(folder, split, number))


def record_bytes(sample: Sample, ids: Mapping[str, int]) -> bytes:
    """A sample as it stands in a record file, by the ids of the labels. Its size must be known."""
    width, height = sample.size or (1, 1)
    boxes = [Box(b.label, b.ymin / height, b.xmin / width, b.ymax / height, b.xmax / width) for b in sample.boxes]
    record = Record(sample.filename, sample.read(), width, height, boxes)
    return framed(example(record, ids).SerializeToString(deterministic=True))


class _Units:
    """In what the boxes of each shard are: fractions of the picture, or pixels where nobody divided them.

    Each shard has boxes of one kind: what few of the other kind there are is a mistake, and dropped.
    """

    def __init__(self) -> None:
        self._fractions: Counter[str] = Counter()
        self._pixels: Counter[str] = Counter()

    def note(self, shard: str, data: bytes | None) -> None:
        """Count the boxes of one record."""
        try:
            feature = Example.FromString(data or b"").features.feature
        except DecodeError:
            return  # said when its turn comes
        for borders in zip(*_borders(feature), strict=False):
            (self._fractions if are_fractions(borders) else self._pixels)[shard] += 1

    def are_pixels(self, shard: str) -> bool:
        return self._pixels[shard] > self._fractions[shard]


def are_fractions(borders: Iterable[float]) -> bool:
    """Whether a box can be meant in fractions: it may reach over the picture, but not further than it is wide."""
    return not any(abs(border) > _LARGEST_FRACTION for border in borders)


def _samples(archive: Archive, maps: dict[str, dict[int, str] | None], units: _Units) -> Iterator[Sample]:
    """`maps`: shard -> its label map."""
    objects = 0
    # What is damaged was noted when the records were counted.
    for shard, number, data in records(archive, maps, Repairs()):
        sample = _sample(data, shard, number, maps[shard], units.are_pixels(shard))
        objects += sample.objects
        if objects > MAX_BOXES:
            raise DatasetRefused(Code.TOO_MANY_BOXES, most=MAX_BOXES)
        yield sample


def _sample(data: bytes | None, shard: str, number: int, names: dict[int, str] | None, are_pixels: bool) -> Sample:
    split = own_splits.of_shard(shard.removesuffix(".gz"))
    try:
        if data is None:
            raise DecodeError
        feature = Example.FromString(data).features.feature
    except DecodeError:
        return Sample(f"{shard}, record {number}", _unreadable, split=split)
    picture = next(iter(feature["image/encoded"].bytes_list.value), b"")
    size, as_stored = _size(feature, picture, are_pixels)
    unit = None if are_pixels else size or (1, 1)
    boxes, objects = _boxes(feature, unit, _labels_by(names, shard))
    filename = _text(feature, "image/filename") or _text(feature, "image/source_id")
    filename = filename or f"{PurePosixPath(shard).name}-{number:06d}.jpg"
    return Sample(filename, lambda: picture, size, boxes, objects, split, is_drawn_upright=not as_stored)


def _unreadable() -> bytes:
    raise UnreadableFile("no record")


def _size(feature: _Features, picture: bytes, are_pixels: bool) -> tuple[tuple[int, int] | None, bool]:
    """The (width, height) of what the boxes lie on, by the picture's header, and whether that is the picture as stored.

    TensorFlow does not turn a picture by its EXIF, so it is, unless the record states the size once upright. Boxes in
    pixels may be those of a smaller copy. Without a picture, the size is None.
    """
    try:
        stored, turned = upright.sizes(picture)
    except upright.UndecodablePicture:
        return None, True
    width, height = (next(iter(feature[f"image/{side}"].int64_list.value), 0) for side in ("width", "height"))
    as_stored = (width, height) != turned or stored == turned
    copy = stated_size(width, height) if are_pixels else None
    return copy or (stored if as_stored else turned), as_stored


def _borders(feature: _Features) -> list[Sequence[float]]:
    return [feature[f"image/object/bbox/{border}"].float_list.value for border in _BORDERS]


def _boxes(
    feature: _Features, unit: tuple[int, int] | None, label_of: Callable[[int], str]
) -> tuple[list[PixelBox], int]:
    """The usable boxes, and how many objects there are. Lists of differing length do not say what belongs together.

    `unit`: the size that the borders are fractions of; None for borders in pixels.
    """
    borders = _borders(feature)
    texts = [value.decode(errors="replace") for value in feature["image/object/class/text"].bytes_list.value]
    ids = feature["image/object/class/label"].int64_list.value
    objects = max(map(len, [*borders, texts, ids]))
    if any(len(border) != objects for border in borders):
        return [], objects
    texts = texts if len(texts) == objects else [""] * objects
    numbers = ids if len(ids) == objects else [None] * objects
    width, height = unit or (1, 1)
    boxes = [
        PixelBox(label, xmin * width, ymin * height, xmax * width, ymax * height)
        for text, number, xmin, ymin, xmax, ymax in zip(texts, numbers, *borders, strict=True)
        if all(map(math.isfinite, (xmin, ymin, xmax, ymax)))
        and (unit is None or are_fractions((xmin, ymin, xmax, ymax)))
        and (label := one_line(text) or (label_of(number) if number is not None else ""))
    ]
    return boxes, objects


def _labels_by(names: dict[int, str] | None, shard: str) -> Callable[[int], str]:
    """What gives the label of an id, "" for one that the map does not hold; it raises DatasetRefused without a map."""

    def label_of(number: int) -> str:
        if names is None:
            raise DatasetRefused(Code.NO_LABEL_MAP, file=shard)
        return names.get(number, "")

    return label_of


def _text(feature: _Features, key: str) -> str:
    return one_line(next(iter(feature[key].bytes_list.value), b"").decode(errors="replace"))


def _part(folder: str, split: Split, number: int) -> Path:
    return Path(folder) / f"{split}-{number}"
