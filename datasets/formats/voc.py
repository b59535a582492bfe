"""Pascal VOC: one XML file for each picture. https://host.robots.ox.ac.uk/pascal/VOC/"""

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeElementTree

from datasets.archive import Archive, UnreadableFile
from datasets.formats import splits
from datasets.formats.files import MAX_BOXES, PictureFiles, one_line, stated_size, too_many
from datasets.formats.names import FileNames
from datasets.formats.samples import Found, PixelBox, Sample
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split

_LIST_NAMES = {Split.TRAINING: "train", Split.EVALUATION: "val"}
_MAX_ANNOTATION_BYTES = 1024 * 1024
# Of a pixel, in what is written.
_DECIMALS = 4
# The list of one label says for each picture whether it shows one: 1, 0 or -1.
_OF_A_LABEL = re.compile(r"\s+-?[01]$")


@dataclass(frozen=True, slots=True)
class _Annotation:
    """One XML file. `boxes` is None for a file that cannot be read."""

    name: str
    filename: str = ""
    size: tuple[int, int] | None = None
    boxes: list[PixelBox] | None = None
    objects: int = 0


def marks(archive: Archive) -> list[str]:
    """The files that may be annotations of this format."""
    return [name for name in archive.names if name.lower().endswith(".xml")]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with what its annotation says, in the order of the pictures' names.

    A picture without an annotation has no boxes. Raises DatasetRefused when there is no picture, no annotation, or XML
    that no honest tool writes.
    """
    pictures = PictureFiles(archive)
    annotations = _read_annotations(archive, repairs)
    if not annotations:
        raise DatasetRefused(
            "The zip holds no Pascal VOC annotation (one .xml file for each picture). Export the set as Pascal VOC."
        )
    of_picture = _match(annotations, pictures, repairs)
    listed = _image_sets(archive, {PurePosixPath(picture).stem for picture in pictures.names})
    samples: list[Sample] = []
    for picture in pictures.names:
        annotation = of_picture.get(picture, _Annotation(picture, boxes=[]))
        if annotation.boxes is not None:
            samples.append(
                Sample(
                    picture,
                    pictures.reader(picture),
                    annotation.size,
                    annotation.boxes,
                    annotation.objects,
                    listed.get(PurePosixPath(picture).stem) or splits.of_path(picture),
                )
            )
    return Found(len(samples), samples)


def write(samples: Iterable[Sample], labels: list[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of a set: pictures in JPEGImages, annotations in Annotations, and the split in ImageSets/Main."""
    names = FileNames()
    stems: dict[Split, list[str]] = {}
    for sample in samples:
        name = names.of(sample.filename)
        stem = PurePosixPath(name).stem
        yield f"JPEGImages/{name}", [sample.read()]
        yield f"Annotations/{stem}.xml", [annotation_text(replace(sample, filename=name))]
        stems.setdefault(sample.split or Split.TRAINING, []).append(stem)
    for split, listed in stems.items():
        yield f"ImageSets/Main/{_LIST_NAMES[split]}.txt", ["".join(f"{stem}\n" for stem in listed).encode()]


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
        SubElement(parent, tag).text = f"{round(number, _DECIMALS):.12g}"


def _image_sets(archive: Archive, stems: set[str]) -> dict[str, Split]:
    """Of the stems of pictures, those in the lists of ImageSets/Main -> its split. trainval.txt says nothing."""
    found: dict[str, Split] = {}
    for name in archive.names:
        path = PurePosixPath(name)
        split = splits.named_by(path.stem)
        if split and path.suffix.lower() == ".txt" and path.parts[-3:-1] == ("ImageSets", "Main"):
            with suppress(UnreadableFile):
                text = archive.read(name, _MAX_ANNOTATION_BYTES).decode(errors="replace")
                lines = {line.strip() for line in text.splitlines()}
                named = lines | {_OF_A_LABEL.sub("", line) for line in lines}
                found |= dict.fromkeys(named & stems, split)
    return found


def _read_annotations(archive: Archive, repairs: Repairs) -> list[_Annotation]:
    """All annotations, in the order of their names; XML files of other kinds are passed over."""
    found: list[_Annotation] = []
    boxes = 0
    for name in marks(archive):
        annotation = _parsed(name, archive)
        if annotation is None:
            continue
        found.append(annotation)
        boxes += annotation.objects
        if boxes > MAX_BOXES:
            raise too_many("boxes")
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
        filename=one_line(root.findtext("filename")).replace("\\", "/").rpartition("/")[2],
        size=_size(root),
        boxes=[box for box in map(_box, objects) if box],
        objects=len(objects),
    )


def _size(root: Element) -> tuple[int, int] | None:
    """Some tools write no size, or zeros."""
    return stated_size(_number(root, "size/width"), _number(root, "size/height"))


def _box(entry: Element) -> PixelBox | None:
    """The object's box; None for one without a name or with a corner that is no number."""
    label = one_line(entry.findtext("name"))
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


def _match(annotations: list[_Annotation], pictures: PictureFiles, repairs: Repairs) -> dict[str, _Annotation]:
    """Picture -> annotation.

    1. An annotation whose own name and whose <filename> lead to the same picture has it.
    2. Each of the others takes the picture of its <filename>, or else that of its own name, when no other has it.
    """
    matched: dict[str, _Annotation] = {}
    undecided: list[tuple[_Annotation, list[str]]] = []
    for annotation in annotations:
        named = pictures.named(annotation.filename, annotation.name)
        of_own_stem = pictures.with_stem(annotation.name, annotation.name)
        of_named_stem = pictures.with_stem(annotation.filename, annotation.name)
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
