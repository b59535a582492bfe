"""COCO: one JSON file for many pictures. https://cocodataset.org/#format-data"""

import math
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from datasets.archive import Archive, UnreadableFile
from datasets.formats import json_entries, splits
from datasets.formats.coco_writing import write
from datasets.formats.files import MAX_BOXES, PictureFiles, one_line, stated_size, too_many
from datasets.formats.json_entries import BrokenJson
from datasets.formats.samples import Found, PixelBox, Sample
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split

__all__ = ["marks", "read", "write"]

# The largest file of COCO itself, of 118,287 pictures, has 448 MB.
_MAX_ANNOTATION_BYTES = 512 * 1024 * 1024
_MAX_ID_LETTERS = 200
_CORNERS = 4

_Id = int | float | str
_Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Object:
    """One annotation; `category` and `corners` are None where it has none that can be used."""

    image: _Id
    category: _Id | None
    corners: _Corners | None
    is_crowd: bool


@dataclass
class _File:
    """One annotation file, whose ids are its own. `pictures`: None for one that the zip does not hold."""

    name: str
    pictures: dict[_Id, str | None] = field(default_factory=dict)
    labels: dict[_Id, str] = field(default_factory=dict)
    objects: list[_Object] = field(default_factory=list)
    unusable: int = 0


@dataclass(slots=True)
class _Picture:
    """What all files say of one picture."""

    size: tuple[int, int] | None = None
    split: Split | None = None
    boxes: list[PixelBox] = field(default_factory=list)
    objects: int = 0
    crowds: int = 0
    listings: int = 0


def marks(archive: Archive) -> list[str]:
    """The .json files that list images and annotations.

    COCO lays other files about the same pictures beside its instances_….json: where there is one, only such are meant.
    """
    found = [name for name in archive.names if name.lower().endswith(".json") and _lists_images(name, archive)]
    instances = [name for name in found if PurePosixPath(name.lower()).name.startswith("instances")]
    return instances or found


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, in the order of the pictures' names.

    A picture that no file lists has no boxes. One on which only crowds are marked is left out. Raises DatasetRefused
    when there is no picture, no annotation file, or one that cannot be read to its end.
    """
    pictures = PictureFiles(archive)
    names = marks(archive)
    if not names:
        raise DatasetRefused(
            "The zip holds no COCO annotation that can be read (a .json file with “images” and “annotations”). "
            "Export the set as COCO."
        )
    reader = _Reader(archive, pictures, repairs)
    for name in names:
        reader.read(name)
    samples = [
        sample
        for picture in pictures.names
        if (sample := _sample(picture, reader.found.get(picture), pictures, repairs))
    ]
    return Found(len(samples), samples)


@dataclass
class _Reader:
    """Collects in `found` what the files say of each picture that the archive holds."""

    archive: Archive
    pictures: PictureFiles
    repairs: Repairs
    found: dict[str, _Picture] = field(default_factory=dict)
    _entries: Counter[str] = field(default_factory=Counter)

    def read(self, name: str) -> None:
        """Take one file in. Raises DatasetRefused."""
        file = _File(name)
        note = {"images": self._note_image, "categories": _note_category, "annotations": _note_object}
        try:
            for what, entry in json_entries.entries(self.archive.pieces(name, _MAX_ANNOTATION_BYTES), note):
                self._entries[what] += 1
                if self._entries[what] > MAX_BOXES:
                    raise too_many(what)
                is_usable = isinstance(entry, dict) and note[what](file, entry)
                file.unusable += not is_usable
        except BrokenJson as broken:
            raise DatasetRefused(f"“{name}” {broken}. Export the set again.") from None
        except UnreadableFile:
            raise DatasetRefused(f"“{name}” is damaged in the zip. Make the zip again.") from None
        self._give_boxes(file)

    def _note_image(self, file: _File, entry: dict[str, Any]) -> bool:
        """Find the picture; returns whether the entry names any."""
        image, path = _id(entry.get("id")), entry.get("file_name")
        if image is None or not isinstance(path, str) or not path.strip():
            return False
        # The file instances_train.json is about pictures below a folder train/, should their names not say so.
        subset = PurePosixPath(file.name).stem.partition("_")[2]
        picture = self.pictures.meant(f"{subset}/{path}", file.name)
        if file.pictures.setdefault(image, picture) != picture:
            raise DatasetRefused(
                f"“{file.name}” has the id {image} for two pictures, so that nobody can tell whose boxes are whose. "
                "Export the set again."
            )
        if not picture:
            self.repairs.add(Kind.ANNOTATION_SKIPPED, one_line(path), "The zip does not hold this picture.")
            return True
        about = self.found.setdefault(picture, _Picture())
        about.size = about.size or stated_size(_number(entry.get("width")), _number(entry.get("height")))
        about.split = about.split or splits.of_path(file.name)
        about.listings += 1
        return True

    def _give_boxes(self, file: _File) -> None:
        """Now that all of the file is known, give each picture its boxes, whatever the order of the file's parts."""
        unlisted = 0
        file.objects.reverse()
        while file.objects:  # each makes room for its box
            drawn = file.objects.pop()
            unlisted += drawn.image not in file.pictures
            picture = file.pictures.get(drawn.image)
            if picture:
                self.found[picture].crowds += drawn.is_crowd
                self.found[picture].objects += not drawn.is_crowd
                self.found[picture].boxes += _box(drawn, file.labels)
        counts = {
            "entries that are not as COCO has them": file.unusable,
            "boxes of pictures that are not listed": unlisted,
        }
        if said := ", ".join(f"{what}: {count:,}" for what, count in counts.items() if count):
            self.repairs.add(Kind.ANNOTATION_SKIPPED, file.name, f"Passed over, {said}.")


def _lists_images(name: str, archive: Archive) -> bool:
    """Whether the file is COCO's; it is read no further than it takes to know."""
    missing = {"images", "annotations"}
    try:
        for listed in json_entries.list_names(archive.pieces(name, _MAX_ANNOTATION_BYTES)):
            missing.discard(listed)
            if not missing:
                return True
    except (BrokenJson, UnreadableFile):
        pass
    return False


def _note_category(file: _File, entry: dict[str, Any]) -> bool:
    category, name = _id(entry.get("id")), entry.get("name")
    if category is None or not isinstance(name, str):
        return False
    file.labels[category] = one_line(name)
    return True


def _note_object(file: _File, entry: dict[str, Any]) -> bool:
    image = _id(entry.get("image_id"))
    if image is None:
        return False
    is_crowd = entry.get("iscrowd") in (1, True)
    file.objects.append(_Object(image, _id(entry.get("category_id")), _corners(entry), is_crowd))
    return True


def _corners(entry: dict[str, Any]) -> _Corners | None:
    """The object's box, by its `bbox`, or else around its polygons. Masks of runs without a box are not read."""
    x, y, width, height = _numbers(entry.get("bbox"), _CORNERS) or (math.nan,) * _CORNERS
    if width > 0 and height > 0:
        return x, y, x + width, y + height
    outline = entry.get("segmentation")
    polygons = outline if isinstance(outline, list) and outline and isinstance(outline[0], list) else [outline]
    points = [number for polygon in polygons for number in _numbers(polygon)]
    across, down = points[0::2], points[1::2]
    return (min(across), min(down), max(across), max(down)) if down else None


def _box(drawn: _Object, labels: dict[_Id, str]) -> list[PixelBox]:
    """The object's box, or nothing for a crowd and for an object without a label or a box."""
    label = labels.get(drawn.category) if drawn.category is not None else None
    return [PixelBox(label, *drawn.corners)] if label and drawn.corners and not drawn.is_crowd else []


def _sample(picture: str, about: _Picture | None, pictures: PictureFiles, repairs: Repairs) -> Sample | None:
    """The sample of one picture; None where only crowds are marked, so that it cannot teach "nothing is here"."""
    about = about or _Picture()
    if about.crowds and not about.objects:
        repairs.add(Kind.FRAME_SKIPPED, picture, "Only crowds are marked in it, so it was left out.")
        return None
    if about.crowds:
        repairs.add(Kind.CROWD_LEFT_OUT, picture, f"Boxes around a crowd, left out: {about.crowds:,}.")
    boxes = about.boxes
    if about.listings > 1:
        boxes = list(dict.fromkeys(about.boxes))
        repairs.add(Kind.LISTED_TWICE, picture, "Listed more than once: its boxes were put together.")
    objects = about.objects - len(about.boxes) + len(boxes)
    split = about.split or splits.of_path(picture)
    return Sample(picture, pictures.reader(picture), about.size, boxes, objects, split)


def _id(value: object) -> _Id | None:
    """The value, if it can be an id."""
    if isinstance(value, str):
        return value if len(value) <= _MAX_ID_LETTERS else None
    return value if isinstance(value, int | float) else None


def _number(value: object) -> float:
    """The value, or NaN when it is no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _numbers(values: object, count: int | None = None) -> list[float]:
    """The values; none when they are no list of numbers, or not as many as asked for."""
    numbers = [_number(value) for value in values] if isinstance(values, list) else []
    is_right = count in (None, len(numbers)) and all(map(math.isfinite, numbers))
    return numbers if is_right else []
