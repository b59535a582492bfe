"""labelme: a JSON file for each picture, with shapes in pixels. https://github.com/wkentaro/labelme

X-AnyLabeling writes the same.
"""

import base64
import binascii
import json
import math
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings

from datasets.archive import Archive, UnreadableFile
from datasets.formats import splits
from datasets.formats.drawn import Drawing, leave_out, samples
from datasets.formats.files import MAX_BOXES, PICTURE_SUFFIXES, PictureFiles, decoded, one_line, stated_size, too_many
from datasets.formats.samples import Found, Sample
from datasets.formats.shapes import Corners, around, around_ellipse
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

_SHAPES = re.compile(r'"shapes"\s{0,20}:\s{0,20}\[')
_KEYS = ('"imagePath"', '"shape_type"', '"imageData"')
# Beside a picture, which takes a third more letters than bytes.
_MOST_TEXT = 16 * 1024 * 1024
_PLAIN = "rectangle"
_SUFFIXES = (*PICTURE_SUFFIXES, *(suffix.upper() for suffix in PICTURE_SUFFIXES))


@dataclass
class _Reader:
    """Collects what the files say of the pictures in the archive, and the pictures that lie in the files alone."""

    archive: Archive
    pictures: PictureFiles | None
    repairs: Repairs
    drawings: dict[str, Drawing | None]
    embedded: dict[str, Sample]
    taken: dict[str, str]
    objects: int = 0

    @cached_property
    def names(self) -> set[str]:
        return set(self.pictures.names) if self.pictures else set()

    def read(self, name: str) -> None:
        """Take one file in. Raises DatasetRefused for too many shapes."""
        content = _content(self.archive, name)
        if content is None:
            self.repairs.add(Kind.ANNOTATION_SKIPPED, name, "Damaged, or no JSON of labelme.")
            self._leave_out_own(name)
            return
        drawn = _drawing(content)
        self.objects += drawn.objects
        if self.objects > MAX_BOXES:
            raise too_many("shapes")
        picture = self._picture(name, content)
        if picture is None:
            self._take_embedded(name, content, drawn)
        elif picture in self.taken:
            why = f"“{self.taken[picture]}” and “{name}” are both about it. Delete the one that isn't."
            leave_out(picture, why, self.drawings, self.repairs)
        else:
            self.taken[picture] = name
            drawn.split = splits.of_path(name)
            self.drawings[picture] = drawn

    def _picture(self, name: str, content: dict[str, Any]) -> str | None:
        """The picture of the file's own name beside it, or else the one that it names."""
        if self.pictures is None:
            return None
        own = self._own(name)
        path = content.get("imagePath")
        path = path.replace("\\", "/") if isinstance(path, str) else ""
        named = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if own:
            return named if named in own else own[0] if len(own) == 1 else None
        return named if named in self.names else self.pictures.meant(path, name) if path else None

    def _take_embedded(self, name: str, content: dict[str, Any], drawn: Drawing) -> None:
        """The picture in the file itself, as labelme can save it."""
        if not isinstance(content.get("imageData"), str) or not content["imageData"]:
            self.repairs.add(Kind.ANNOTATION_SKIPPED, name, "The zip does not hold its picture.")
            return
        split = splits.of_path(name)
        picture = str(PurePosixPath(name).with_suffix(".jpg"))
        self.embedded[name] = Sample(
            picture, lambda: _embedded(self.archive, name), drawn.size, drawn.boxes, drawn.objects, split
        )

    def _own(self, name: str) -> list[str]:
        """The pictures beside a file that have its name."""
        stem = str(PurePosixPath(name).with_suffix(""))
        return [stem + suffix for suffix in _SUFFIXES if stem + suffix in self.names]

    def _leave_out_own(self, name: str) -> None:
        for picture in self._own(name):
            leave_out(picture, f"Its annotation “{name}” can't be read.", self.drawings, self.repairs)


def marks(archive: Archive) -> list[str]:
    """The .json files that list shapes of one picture."""
    return [name for name in archive.names if name.lower().endswith(".json") and _lists_shapes(name, archive)]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, and those that lie in annotation files alone.

    A picture without an annotation has no boxes. Raises DatasetRefused when there is no picture or no annotation.
    """
    names = marks(archive)
    if not names:
        raise DatasetRefused("The zip holds no annotation of labelme (a .json file with “shapes” for each picture).")
    has_files = any(name.lower().endswith(PICTURE_SUFFIXES) for name in archive.names)
    pictures = PictureFiles(archive) if has_files else None
    reader = _Reader(archive, pictures, repairs, {}, {}, {})
    for name in names:
        reader.read(name)
    found = samples(reader.drawings, pictures, repairs) if pictures else []
    found += reader.embedded.values()
    if not found:
        raise DatasetRefused(
            f"The zip holds no picture that can be used: “{names[0]}” and the others don't hold theirs either. Zip the "
            "pictures together with their .json files."
        )
    return Found(len(found), found)


def _lists_shapes(name: str, archive: Archive) -> bool:
    try:
        text = decoded(archive.head(name))
    except UnreadableFile:
        return False
    return bool(_SHAPES.search(text)) and any(key in text for key in _KEYS)


def _content(archive: Archive, name: str) -> dict[str, Any] | None:
    try:
        data = archive.read(name, settings.IMPORT_MAX_PICTURE_BYTES * 4 // 3 + _MOST_TEXT)
        content = json.loads(decoded(data))
    except (UnreadableFile, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and isinstance(content.get("shapes"), list) else None


def _embedded(archive: Archive, name: str) -> bytes:
    try:
        return base64.b64decode((_content(archive, name) or {})["imageData"])
    except (KeyError, binascii.Error, ValueError) as error:
        raise UnreadableFile(str(error)) from None


def _drawing(content: dict[str, Any]) -> Drawing:
    drawn = Drawing(stated_size(_number(content.get("imageWidth")), _number(content.get("imageHeight"))))
    for shape in content["shapes"]:
        if isinstance(shape, dict):
            label = shape.get("label")
            kind = shape.get("shape_type") or "polygon"
            drawn.add(one_line(str(label)) if label is not None else "", _corners(shape, kind), kind == _PLAIN)
        else:
            drawn.objects += 1
    return drawn


def _corners(shape: dict[str, Any], kind: Any) -> Corners | None:
    points = shape.get("points")
    pairs = (
        [point for point in points if isinstance(point, list) and len(point) == 2] if isinstance(points, list) else []
    )
    known = [(_number(x), _number(y)) for x, y in pairs]
    if kind == "circle":
        if len(known) != 2:
            return None
        (x, y), edge = known
        radius = math.dist((x, y), edge)
        return around_ellipse((x, y), (radius, radius))
    return None if kind in ("point", "points") else around(known)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else math.nan
