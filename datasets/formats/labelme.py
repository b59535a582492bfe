"""labelme: a JSON file for each picture, with shapes in pixels. https://github.com/wkentaro/labelme

X-AnyLabeling writes the same.
"""

import base64
import binascii
import json
import math
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import own_splits
from datasets.formats.common.drawings import Drawing, Drawings
from datasets.formats.common.picture_files import (
    MAX_BOXES,
    PICTURE_SUFFIXES,
    Match,
    PictureFiles,
    Unclear,
    decoded,
    number_of,
    one_line,
    stated_size,
    tidy,
    too_many,
)
from datasets.formats.common.samples import Found, Sample
from datasets.formats.common.shapes import Corners, around, around_ellipse
from datasets.reasons import Code, Note, Reason
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
    names: set[str]
    drawings: Drawings
    repairs: Repairs
    embedded: dict[str, Sample] = field(default_factory=dict)
    objects: int = 0

    def read(self, name: str) -> None:
        """Take one file in. Raises DatasetRefused for too many shapes."""
        content = _content(self.archive, name)
        if content is None:
            self.skip(name)
            return
        drawn = _drawing(content)
        self.objects += drawn.objects
        if self.objects > MAX_BOXES:
            raise too_many("shapes")
        path = content.get("imagePath")
        path = tidy(path) if isinstance(path, str) else ""
        picture = self._picture(name, path)
        if isinstance(picture, Match):
            drawn.split = own_splits.of_path(name)
            self.drawings.take(picture, drawn, name)
        elif isinstance(content.get("imageData"), str) and content["imageData"]:
            self.drawings.doubt(picture, drawn.objects)
            self._embed(name, drawn)
        else:
            self.drawings.miss(path or name, picture, drawn.objects)

    def skip(self, name: str) -> None:
        """Leave a file out that can't be read, and the pictures that it may be about."""
        self.repairs.add(Kind.ANNOTATION_SKIPPED, name, Reason(Note.NO_LABELME_JSON))
        found = self._own(name) or self.drawings.found(PurePosixPath(name).stem, name)
        why = Reason(Note.ANNOTATION_UNREADABLE, {"file": name})
        for picture in [found.picture] if isinstance(found, Match) else found.names:
            self.drawings.leave_out(picture, why)

    def has_own_picture(self, name: str) -> bool:
        """Whether a picture of its name lies beside a file."""
        return self._own(name) is not None

    def _picture(self, name: str, path: str) -> Match | Unclear:
        """The picture of the file's own name beside it, or else the one that it names."""
        named = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        own = self._own(name)
        if own is None:
            return Match(named, ()) if named in self.names else self.drawings.found(path, name)
        return Match(named, ()) if isinstance(own, Unclear) and named in own.names else own

    def _embed(self, name: str, drawn: Drawing) -> None:
        """Take the picture in the file itself, as labelme can save it."""
        picture = str(PurePosixPath(name).with_suffix(".jpg"))
        split = own_splits.of_path(name)
        self.embedded[name] = Sample(
            picture, lambda: _embedded(self.archive, name), drawn.size, drawn.boxes, drawn.objects, split
        )

    def _own(self, name: str) -> Match | Unclear | None:
        """The picture beside a file that has its name; None where there is none."""
        stem = str(PurePosixPath(name).with_suffix(""))
        own = [stem + suffix for suffix in _SUFFIXES if stem + suffix in self.names]
        if len(own) == 1:
            return Match(own[0], ())
        return Unclear(tuple(own)) if own else None


def marks(archive: Archive) -> list[str]:
    """The .json files that list shapes of one picture."""
    return [name for name in archive.names if name.lower().endswith(".json") and _lists_shapes(name, archive)]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, and those that lie in annotation files alone.

    A picture without an annotation has no boxes. Raises DatasetRefused when there is no picture or no annotation.
    """
    names = dict.fromkeys(marks(archive))
    if not names:
        raise DatasetRefused(Code.NO_LABELME)
    has_files = any(name.lower().endswith(PICTURE_SUFFIXES) for name in archive.names)
    pictures = PictureFiles(archive) if has_files else None
    reader = _Reader(archive, set(pictures.names if pictures else ()), Drawings(pictures, repairs), repairs)
    for name in archive.names:
        if name in names or (name.lower().endswith(".json") and reader.has_own_picture(name)):
            reader.read(name)
    found = [*reader.drawings.samples(), *reader.embedded.values()]
    if not pictures and not found:
        raise DatasetRefused(Code.NO_LABELME_PICTURE, file=next(iter(names)))
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
    drawn = Drawing(stated_size(number_of(content.get("imageWidth")), number_of(content.get("imageHeight"))))
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
    known = [(number_of(x), number_of(y)) for x, y in pairs]
    if kind == "circle":
        if len(known) != 2:
            return None
        (x, y), edge = known
        radius = math.dist((x, y), edge)
        return around_ellipse((x, y), (radius, radius))
    return None if kind in ("point", "points") else around(known)
