"""One Pascal VOC file: the XML as people and programs write it, and the boxes in it."""

import math
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.coco.coco_entries import around_turned
from datasets.formats.common import xml_text
from datasets.formats.common.picture_files import number_of, one_line, stated_size, tidy
from datasets.formats.common.samples import PixelBox
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused

MAX_ANNOTATION_BYTES = 1024 * 1024
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_CENTER = ("cx", "cy", "w", "h", "angle")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One XML file. `boxes` is None for a file that cannot be read.

    Args:
        filename: the name of its picture, as the file says.
        folders: paths to its picture, as the file says them in several places, the most telling first.
        objects: how many objects it lists, also those without a usable name or box.
        repaired: what had to be repaired to read it.
        parts: how many parts of objects it lists, which are none of their own here.
    """

    name: str
    filename: str = ""
    folders: tuple[str, ...] = ()
    size: tuple[int, int] | None = None
    boxes: list[PixelBox] | None = None
    objects: int = 0
    repaired: list[Reason] = field(default_factory=list)
    parts: int = 0


def parsed(name: str, archive: Archive) -> Annotation | None:
    """The annotation in one XML file; None when it is XML of another kind.

    Raises DatasetRefused for XML that no honest tool writes.
    """
    repaired: list[Reason] = []
    try:
        root = _tree(archive.read(name, MAX_ANNOTATION_BYTES), repaired)
    except DefusedXmlException:
        raise DatasetRefused(Code.VOC_ENTITIES, file=name) from None
    except (ParseError, UnreadableFile, ValueError, LookupError):
        return Annotation(name)
    top = _annotation(root)
    if top is None:
        return None
    if top is not root:
        repaired.append(Reason(Note.IN_ANOTHER_ELEMENT, {"tag": one_line(root.tag)[:40]}))
    objects = top.findall("object")
    boxes = [box for entry in objects for box in _boxes(entry, repaired)]
    filename = tidy(one_line(top.findtext("filename")))
    return Annotation(
        name=name,
        filename=filename.rpartition("/")[2],
        folders=(filename, tidy(one_line(top.findtext("path"))), f"{tidy(one_line(top.findtext('folder')))}/x"),
        size=stated_size(_number(top, "size/width"), _number(top, "size/height")),
        boxes=[box for box in boxes if box],
        objects=len(boxes),
        repaired=list({(note.code, str(note.params)): note for note in repaired}.values()),
        parts=sum(len(entry.findall("part")) for entry in objects),
    )


def _tree(data: bytes, repaired: list[Reason]) -> Element:
    """The XML in a file, its tags without namespaces and in small letters."""
    try:
        root = SafeElementTree.fromstring(data)
    except (ParseError, ValueError, LookupError):
        root = SafeElementTree.fromstring(b"".join(xml_text.repaired([data])))
        repaired.append(Reason(Note.XML_NOT_VALID))
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2].lower()
    return root


def _annotation(root: Element) -> Element | None:
    """The element with the objects of one picture, if the file is about one picture."""
    if root.tag == "annotation":
        return root
    found = [element for element in root.iter("annotation") if element.find("object/bndbox") is not None]
    if len(found) == 1:
        return found[0]
    return root if not found and root.find("object/bndbox") is not None else None


def _boxes(entry: Element, repaired: list[Reason]) -> list[PixelBox | None]:
    """The object's boxes; None for one without a name or with a corner that is no number."""
    label = one_line(entry.findtext("name"))
    all_corners = [_corners(box) for box in entry.findall("bndbox")]
    if len(all_corners) > 1:
        repaired.append(Reason(Note.SEVERAL_BOXES_OF_OBJECT))
    if not all_corners:
        all_corners = [corners for shape in entry if (corners := _of_shape(shape))]
    degrees = _rotation(entry)
    return [
        PixelBox(label, *around_turned(corners, degrees)) if label and corners else None
        for corners in all_corners or [None]
    ]


def _corners(box: Element) -> tuple[float, float, float, float] | None:
    xmin, ymin, xmax, ymax = (_number(box, corner) for corner in _CORNERS)
    return (xmin, ymin, xmax, ymax) if all(map(math.isfinite, (xmin, ymin, xmax, ymax))) else None


def _of_shape(shape: Element) -> tuple[float, float, float, float] | None:
    """The box around what programs draw in place of a box: a turned one of roLabelImg, or a polygon."""
    if shape.tag == "robndbox":
        x, y, width, height, angle = (_number(shape, part) for part in _CENTER)
        corners = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        return around_turned(corners, math.degrees(angle)) if all(map(math.isfinite, (*corners, angle))) else None
    if shape.tag != "polygon":
        return None
    leaves = [(element.tag[0], number_of(element.text)) for element in shape.iter() if element.tag[:1] in ("x", "y")]
    across, down = ([number for axis, number in leaves if axis == wanted] for wanted in "xy")
    is_whole = across and down and all(map(math.isfinite, across + down))
    return (min(across), min(down), max(across), max(down)) if is_whole else None


def _rotation(entry: Element) -> float:
    """In degrees; as CVAT writes it beside the box that was not turned yet."""
    for attribute in entry.findall("attributes/attribute"):
        if (attribute.findtext("name") or "").strip() == "rotation":
            rotation = number_of(attribute.findtext("value"))
            return rotation if math.isfinite(rotation) else 0.0
    return 0.0


def _number(parent: Element, path: str) -> float:
    """The number at `path`, or NaN."""
    return number_of(parent.findtext(path))
