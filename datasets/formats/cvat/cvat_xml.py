"""What CVAT's two formats share: one XML file for many pictures, read element by element, and the shapes in it.

https://docs.cvat.ai/docs/manual/advanced/formats/format-cvat/
"""

import math
import re
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import xml_text
from datasets.formats.common.picture_files import MAX_BOXES, decoded, number_of, too_many
from datasets.formats.common.shapes import Corners, around, around_ellipse, around_rotated
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

# Below the root of the file, each is read as a whole.
IMAGE, TRACK, META = "image", "track", "meta"
_MAX_BYTES = 512 * 1024 * 1024
_MAX_POINTS = 100_000
# What the parser makes of damage, of letters that it doesn't know, and of those that take several bytes.
_NOT_BY_THE_BOOK = (ParseError, LookupError, ValueError)
# Tags may have the prefix of a namespace.
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?annotations[\s>]")
_KINDS = re.compile(rf"<(?:[\w.-]{{1,40}}:)?({IMAGE}|{TRACK})\s")
_ANY_ELEMENT = re.compile(r"<[A-Za-z]")


def files_with(element: str, archive: Archive) -> list[str]:
    """CVAT's XML files that hold `element`, an image or a track, first of both."""
    return [name for name in archive.names if name.lower().endswith(".xml") and _first(name, archive) == element]


def elements(name: str, archive: Archive, repairs: Repairs) -> Iterator[Element]:
    """Yield the file's images, tracks and description, one at a time. Raises DatasetRefused for a damaged file.

    A file that isn't valid XML is repaired and read again, and the elements given so far are skipped.
    """
    damaged = DatasetRefused(Code.CVAT_DAMAGED, file=name)
    given = 0
    try:
        with archive.open(name) as stream:
            try:
                for element in _parsed(name, stream):
                    given += 1
                    yield element
                return
            except _NOT_BY_THE_BOOK:
                pass
        repaired = _Pieces(xml_text.repaired(archive.pieces(name, _MAX_BYTES)))
        yield from islice(_parsed(name, repaired), given, None)
        repairs.add(Kind.ANNOTATION_REPAIRED, name, Reason(Note.XML_NOT_VALID))
    except DefusedXmlException:
        raise DatasetRefused(Code.CVAT_ENTITIES, file=name) from None
    except (*_NOT_BY_THE_BOOK, UnreadableFile):
        raise damaged from None


def corners(shape: Element) -> Corners | None:
    """The box around a shape; None for one that has none, such as a single point."""
    if shape.tag == "box":
        return around_rotated(_four(shape, "xtl", "ytl", "xbr", "ybr"), _rotation(shape))
    if shape.tag in ("polygon", "polyline"):
        return around(_points(shape))
    if shape.tag == "mask":
        left, top, width, height = _four(shape, "left", "top", "width", "height")
        return left, top, left + width, top + height
    if shape.tag == "ellipse":
        x, y, across, down = _four(shape, "cx", "cy", "rx", "ry")
        return around_ellipse((x, y), (across, down), _rotation(shape))
    if shape.tag == "cuboid":
        names = [name[1:] for name in shape.keys() if name.startswith("x")]  # noqa: SIM118 - an element, no dictionary
        return around([(number(shape, f"x{name}"), number(shape, f"y{name}")) for name in names])
    return None


def is_plain_box(shape: Element) -> bool:
    """Whether its corners are the shape itself."""
    return shape.tag == "box" and not _rotation(shape) % 360


def number(element: Element, attribute: str) -> float:
    """The number in an attribute, or NaN."""
    return number_of(element.get(attribute))


class _Pieces:
    """Pieces of a file, to be read one after the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int) -> bytes:
        """The next piece, however long it is; nothing at the end."""
        return next(self._pieces, b"")


def _parsed(name: str, stream: object) -> Iterator[Element]:
    path: list[Element] = []
    waiting = read = 0
    for event, element in SafeElementTree.iterparse(stream, events=("start", "end")):
        if event == "start":
            element.tag = element.tag.rpartition("}")[2]  # without its namespace
            path.append(element)
            waiting += 1
            if waiting > MAX_BOXES:
                raise too_many("shapes")
            read = getattr(stream, "length", 0)
            if read > _MAX_BYTES:
                raise DatasetRefused(Code.CVAT_TOO_LARGE, file=name, megabytes=_MAX_BYTES // 1024**2)
            continue
        path.pop()
        if len(path) == 1:
            yield element
            path[0].clear()
            waiting = 0


def _first(name: str, archive: Archive) -> str:
    """The first image or track of a CVAT file, by its beginning; "" for other XML."""
    try:
        text = decoded(archive.head(name))
    except UnreadableFile:
        return ""
    start = _ANY_ELEMENT.search(text)
    if not start or not _ROOT.match(text, start.start()):
        return ""
    found = _KINDS.search(text, start.start())
    return found[1] if found else ""


def _four(shape: Element, *attributes: str) -> Corners:
    one, two, three, four = (number(shape, attribute) for attribute in attributes)
    return one, two, three, four


def _rotation(shape: Element) -> float:
    rotation = number(shape, "rotation")
    return rotation if math.isfinite(rotation) else 0.0


def _points(shape: Element) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for pair in (shape.get("points") or "").split(";")[:_MAX_POINTS]:
        point = _point(pair.split(","))
        if not all(map(math.isfinite, point)):
            return []
        found.append(point)
    return found


def _point(parts: list[str]) -> tuple[float, float]:
    """The numbers between commas, which may be decimal commas as well."""
    if len(parts) == 4:
        parts = [",".join(parts[:2]), ",".join(parts[2:])]
    return (number_of(parts[0]), number_of(parts[1])) if len(parts) == 2 else (math.nan, math.nan)
