"""Writes YOLO as Ultralytics reads it: images/, labels/, and data.yaml."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import yaml

from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.common.written_names import FileNames
from datasets.split import Split

_FOLDERS = {Split.TRAINING: "train", Split.EVALUATION: "val"}
# So wide is no name: YAML would break it at its spaces.
_NEVER_BREAK = 1_000_000


def write(samples: Iterable[Sample], labels: list[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of a set: pictures in images/train and images/val, their labels likewise, then data.yaml."""
    names = FileNames()
    numbers = {label: number for number, label in enumerate(labels)}
    used: set[str] = set()
    for sample in samples:
        name, folder = names.of(sample.filename), _FOLDERS[sample.split or Split.TRAINING]
        used.add(folder)
        yield f"images/{folder}/{name}", [sample.read()]
        yield f"labels/{folder}/{PurePosixPath(name).stem}.txt", [_label_text(sample, numbers).encode()]
    yield "data.yaml", [_data_yaml(used, labels).encode()]


def _label_text(sample: Sample, numbers: dict[str, int]) -> str:
    width, height = sample.size or (1, 1)
    return "".join(_line(box, numbers[box.label], width, height) for box in sample.boxes)


def _line(box: PixelBox, number: int, width: int, height: int) -> str:
    center = (box.xmin + box.xmax) / 2 / width, (box.ymin + box.ymax) / 2 / height
    sides = (box.xmax - box.xmin) / width, (box.ymax - box.ymin) / height
    return " ".join([str(number), *(f"{value:.10f}" for value in (*center, *sides))]) + "\n"


def _data_yaml(used: set[str], labels: list[str]) -> str:
    """Without frames for evaluation YOLO wants to have some named all the same, so those to train on are.

    Without a `path`, the folders are looked for beside the file itself.
    """
    places = {"train": "images/train", "val": f"images/{'val' if 'val' in used else 'train'}"}
    there = {split: place for split, place in places.items() if PurePosixPath(place).name in used}
    content = there | {"names": dict(enumerate(labels))}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=_NEVER_BREAK)
