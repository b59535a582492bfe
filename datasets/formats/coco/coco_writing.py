"""Writes COCO: training/, evaluation/, and a JSON file for each of them, which waits in temporary files meanwhile."""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO

from datasets.formats.common.samples import Sample
from datasets.formats.common.written_names import FileNames
from datasets.split import Split

_IN_MEMORY_BYTES = 1024 * 1024
_PIECE = 256 * 1024
# Of a pixel.
_DECIMALS = 4


def write(samples: Iterable[Sample], labels: list[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of a set: pictures by their split, then annotations/instances_training.json and _evaluation.json."""
    names = FileNames()
    with ExitStack() as files:
        written = {
            split: _Annotations(
                files.enter_context(SpooledTemporaryFile(_IN_MEMORY_BYTES)),
                files.enter_context(SpooledTemporaryFile(_IN_MEMORY_BYTES)),
                labels,
            )
            for split in Split
        }
        for sample in samples:
            name, split = names.of(sample.filename), sample.split or Split.TRAINING
            yield f"{split.value}/{name}", [sample.read()]
            written[split].add(name, sample)
        for split, annotations in written.items():
            if annotations.images:
                yield f"annotations/instances_{split.value}.json", annotations.pieces()


class _Annotations:
    """The annotation file of one split as it grows, its two long lists in files. `images`: how many it lists."""

    def __init__(self, images: IO[bytes], boxes: IO[bytes], labels: list[str]) -> None:
        self._categories = [{"id": number, "name": label} for number, label in enumerate(labels, start=1)]
        self._category = {label: number for number, label in enumerate(labels, start=1)}
        self._images, self._boxes = images, boxes
        self.images = self._written_boxes = 0

    def add(self, name: str, sample: Sample) -> None:
        """Take in one sample, whose size must be known."""
        width, height = sample.size or (0, 0)
        image = {"id": self.images + 1, "file_name": name, "width": width, "height": height}
        _append(self._images, image, is_first=self.images == 0)
        self.images += 1
        for box in sample.boxes:
            sides = box.xmax - box.xmin, box.ymax - box.ymin
            entry = {
                "id": self._written_boxes + 1,
                "image_id": self.images,
                "category_id": self._category[box.label],
                "bbox": [round(number, _DECIMALS) for number in (box.xmin, box.ymin, *sides)],
                "area": round(sides[0] * sides[1], _DECIMALS),
                "segmentation": [],
                "iscrowd": 0,
            }
            _append(self._boxes, entry, is_first=self._written_boxes == 0)
            self._written_boxes += 1

    def pieces(self) -> Iterator[bytes]:
        """The whole file."""
        yield b'{"images": ['
        yield from _content(self._images)
        yield b'],\n"annotations": ['
        yield from _content(self._boxes)
        yield b'],\n"categories": ' + json.dumps(self._categories).encode() + b"}\n"


def _append(file: IO[bytes], entry: dict[str, object], is_first: bool) -> None:
    file.write((b"\n" if is_first else b",\n") + json.dumps(entry).encode())


def _content(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
