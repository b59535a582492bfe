"""Pascal VOC: one XML file for each picture. https://host.robots.ox.ac.uk/pascal/VOC/"""

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree
from django.conf import settings

from datasets.archive import Archive, UnreadableFile
from datasets.formats.samples import PixelBox, Sample
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
# VOC's own sets lay masks there, as pictures with the names of the photographs.
_MASK_FOLDERS = {"segmentationclass", "segmentationobject"}
_MAX_ANNOTATION_BYTES = 1024 * 1024
_MAX_BOXES = 1_000_000
_MAX_SIDE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Annotation:
    """One XML file. `boxes` is None for a file that cannot be read."""

    name: str
    filename: str = ""
    size: tuple[int, int] | None = None
    boxes: list[PixelBox] | None = None
    objects: int = 0


def read(archive: Archive, repairs: Repairs) -> list[Sample]:
    """Every picture of the archive with what its annotation says, in the order of the pictures' names.

    A picture without an annotation has no boxes. Raises DatasetRefused when there is no picture, no annotation, or XML
    that no honest tool writes.
    """
    pictures = [name for name in archive.names if _is_picture(name)]
    annotations = _read_annotations(archive, repairs)
    if not pictures:
        raise DatasetRefused(f"The zip holds no picture ({', '.join(PICTURE_SUFFIXES)}).")
    if not annotations:
        raise DatasetRefused(
            "The zip holds no Pascal VOC annotation (one .xml file for each picture). Export the set as Pascal VOC."
        )
    of_picture = _match(annotations, pictures, repairs)
    samples: list[Sample] = []
    for picture in pictures:
        annotation = of_picture.get(picture)
        if annotation is None:
            samples.append(Sample(picture, _reader(archive, picture)))
        elif annotation.boxes is not None:
            samples.append(_sample(archive, picture, annotation))
    return samples


def annotation_text(sample: Sample) -> bytes:
    """The XML file of one sample, whose size must be known."""
    width, height = sample.size or (0, 0)
    root = Element("annotation")
    SubElement(root, "filename").text = PurePosixPath(sample.filename).name
    _add_numbers(SubElement(root, "size"), width=width, height=height, depth=3)
    for box in sample.boxes:
        entry = SubElement(root, "object")
        SubElement(entry, "name").text = box.label
        corners = SubElement(entry, "bndbox")
        _add_numbers(corners, xmin=box.xmin, ymin=box.ymin, xmax=box.xmax, ymax=box.ymax)
    indent(root)
    return tostring(root, encoding="utf-8")


def _add_numbers(parent: Element, **numbers: float) -> None:
    for tag, number in numbers.items():
        SubElement(parent, tag).text = f"{number:g}"


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name.lower())
    return path.suffix in PICTURE_SUFFIXES and path.parent.name not in _MASK_FOLDERS


def _reader(archive: Archive, picture: str) -> Callable[[], bytes]:
    return lambda: archive.read(picture, settings.IMPORT_MAX_PICTURE_BYTES)


def _sample(archive: Archive, picture: str, annotation: _Annotation) -> Sample:
    return Sample(
        filename=picture,
        read=_reader(archive, picture),
        size=annotation.size,
        boxes=annotation.boxes or [],
        objects=annotation.objects,
    )


def _read_annotations(archive: Archive, repairs: Repairs) -> list[_Annotation]:
    """All annotations, in the order of their names; XML files of other kinds are passed over."""
    found: list[_Annotation] = []
    boxes = 0
    for name in archive.names:
        if not name.lower().endswith(".xml"):
            continue
        annotation = _parsed(name, archive)
        if annotation is None:
            continue
        found.append(annotation)
        boxes += annotation.objects
        if boxes > _MAX_BOXES:
            raise DatasetRefused(f"The annotations hold more than {_MAX_BOXES:,} boxes. Split the set into several.")
        if annotation.boxes is None:
            repairs.add(Kind.ANNOTATION_SKIPPED, name, "This file is not whole XML. Its picture was left out as well.")
    return found


def _parsed(name: str, archive: Archive) -> _Annotation | None:
    """The annotation in one XML file; None when it is XML of another kind."""
    try:
        root = SafeElementTree.fromstring(archive.read(name, _MAX_ANNOTATION_BYTES))
    except DefusedXmlException:
        raise DatasetRefused(
            f"“{name}” defines XML entities, which annotations never need. Export the set again with a usual tool."
        ) from None
    except (ParseError, UnreadableFile, ValueError, LookupError):
        return _Annotation(name)
    if root.tag != "annotation":
        return None
    objects = root.findall("object")
    return _Annotation(
        name=name,
        filename=_words(root.findtext("filename")).replace("\\", "/").rpartition("/")[2],
        size=_size(root),
        boxes=[box for box in map(_box, objects) if box],
        objects=len(objects),
    )


def _size(root: Element) -> tuple[int, int] | None:
    """Some tools write no size, or zeros."""
    width, height = _number(root, "size/width"), _number(root, "size/height")
    is_plausible = 1 <= width <= _MAX_SIDE and 1 <= height <= _MAX_SIDE
    return (round(width), round(height)) if is_plausible else None


def _box(entry: Element) -> PixelBox | None:
    """The object's box; None for one without a name or with a corner that is no number."""
    label = _words(entry.findtext("name"))
    corners = [_number(entry, f"bndbox/{corner}") for corner in ("xmin", "ymin", "xmax", "ymax")]
    if not label or not all(map(math.isfinite, corners)):
        return None
    return PixelBox(label, *corners)


def _number(parent: Element, path: str) -> float:
    """The number at `path`, or NaN."""
    try:
        return float(parent.findtext(path) or "nan")
    except ValueError:
        return math.nan


def _words(text: str | None) -> str:
    """The text on one line, in one spelling of its letters."""
    return unicodedata.normalize("NFC", " ".join((text or "").split()))


def _match(annotations: list[_Annotation], pictures: list[str], repairs: Repairs) -> dict[str, _Annotation]:
    """Picture -> annotation.

    1. An annotation whose own name and whose <filename> lead to the same picture has it.
    2. Each of the others takes the picture of its <filename>, or else that of its own name, when no other has it.
    """
    by_name, by_stem = _index(pictures, lambda path: path.name), _index(pictures, lambda path: path.stem)
    matched: dict[str, _Annotation] = {}
    undecided: list[tuple[_Annotation, list[str]]] = []
    for annotation in annotations:
        named = _nearest(by_name, annotation.filename, annotation)
        of_own_stem = _nearest(by_stem, PurePosixPath(annotation.name).stem, annotation)
        of_named_stem = _nearest(by_stem, PurePosixPath(annotation.filename).stem, annotation)
        if named and named == of_own_stem and named not in matched:
            matched[named] = annotation
        else:
            undecided.append((annotation, [found for found in (named, of_own_stem, of_named_stem) if found]))
    for annotation, candidates in undecided:
        free = next((picture for picture in candidates if picture not in matched), None)
        if free:
            matched[free] = annotation
        else:
            why = "Its picture has another annotation." if candidates else "The zip does not hold its picture."
            repairs.add(Kind.ANNOTATION_SKIPPED, annotation.name, why)
    return matched


def _index(pictures: list[str], key: Callable[[PurePosixPath], str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for picture in pictures:
        index.setdefault(key(PurePosixPath(picture)).lower(), []).append(picture)
    return index


def _nearest(index: dict[str, list[str]], key: str, annotation: _Annotation) -> str | None:
    """Of the pictures with that key, the one that shares the most folders with the annotation.

    Sets repeat names, in train/ and valid/ for example.
    """
    folders = PurePosixPath(annotation.name).parts[:-1]

    def shared(picture: str) -> int:
        pairs = zip(folders, PurePosixPath(picture).parts, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return max(index.get(key.lower(), []), key=shared, default=None)
