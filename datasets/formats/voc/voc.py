"""Pascal VOC: one XML file for each picture. https://host.robots.ox.ac.uk/pascal/VOC/"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import own_splits
from datasets.formats.common.picture_files import (
    MAX_BOXES,
    Match,
    PictureFiles,
    decoded,
    hints_of,
    tidy,
    too_many,
)
from datasets.formats.common.samples import Found, Sample
from datasets.formats.common.written_names import FileNames
from datasets.formats.voc.voc_matching import Matched, match
from datasets.formats.voc.voc_xml import MAX_ANNOTATION_BYTES, Annotation, parsed
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from datasets.split import Split

_LIST_NAMES = {Split.TRAINING: "train", Split.EVALUATION: "val"}
# Of a pixel, in what is written.
_DECIMALS = 4
# The list of one label says for each picture whether it shows one: 1, 0 or -1.
_OF_A_LABEL = {"-1", "0", "1"}


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
        raise DatasetRefused(Code.NO_VOC)
    matched = match(annotations, pictures, archive.written, repairs)
    listed = _image_sets(archive, pictures, repairs)
    samples = [
        _sample(annotation, picture, pictures, listed, picture in matched.of_picture)
        for picture in pictures.names
        if (annotation := _annotation(picture, matched, repairs)).boxes is not None
    ]
    return Found(len(samples), samples)


def _annotation(picture: str, matched: Matched, repairs: Repairs) -> Annotation:
    """What is said of the picture: no box where nothing is, nothing to be read where some other's may be its own."""
    if picture in matched.unclear and picture not in matched.of_picture:
        repairs.add(Kind.FRAME_SKIPPED, picture, Reason(Note.DOUBTFUL))
        return Annotation(picture)
    if picture in matched.contested:  # said already
        return Annotation(picture)
    return matched.of_picture.get(picture, Annotation(picture, boxes=[]))


def _sample(
    annotation: Annotation, picture: str, pictures: PictureFiles, listed: dict[str, Split], is_annotated: bool
) -> Sample:
    split = listed.get(picture) or own_splits.of_path(picture)
    boxes = annotation.boxes or []
    return Sample(
        picture,
        pictures.reader(picture),
        annotation.size,
        boxes,
        annotation.objects,
        split,
        is_annotated=is_annotated,
    )


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


def _image_sets(archive: Archive, pictures: PictureFiles, repairs: Repairs) -> dict[str, Split]:
    """Of the pictures, those in the lists of ImageSets/Main -> its split. trainval.txt says nothing."""
    stems = {PurePosixPath(picture).stem for picture in pictures.names}
    names = {PurePosixPath(picture).name for picture in pictures.names}
    found: dict[str, Split] = {}
    for name in archive.names:
        split = _split_of_list(PurePosixPath(name))
        if split:
            lines = own_splits.lines()
            for line in _lines(name, archive, lines):
                picture = _listed(line, pictures, stems, names)
                lines.count(line, leads_somewhere=picture is not None)
                found |= {picture: split} if picture else {}
            lines.note(name, repairs)
    return found


def _lines(name: str, archive: Archive, lines: own_splits.Entries) -> list[str]:
    """The lines of a list that hold anything; none of a damaged one."""
    try:
        text = decoded(archive.read(name, MAX_ANNOTATION_BYTES))
    except UnreadableFile:
        lines.is_damaged = True
        return []
    return [line for line in text.splitlines() if line.strip()]


def _split_of_list(path: PurePosixPath) -> Split | None:
    is_list = path.suffix.lower() == ".txt" and [part.lower() for part in path.parts[-3:-1]] == ["imagesets", "main"]
    return own_splits.named_by(path.stem) if is_list else None


def _listed(line: str, pictures: PictureFiles, stems: set[str], names: set[str]) -> str | None:
    """The picture that a line names. The list of one label says behind it whether it shows one: 1, 0 or -1."""
    words = line.split()
    shorter = line.rstrip()[: -len(words[-1])] if len(words) > 1 and words[-1] in _OF_A_LABEL else line
    for path in map(tidy, (line, shorter)):
        last = path.rpartition("/")[2]
        if last in stems or last in names:
            hints = hints_of(path, "")
            match = pictures.of_stem(last, hints) if last in stems else pictures.of_name(last, hints)
            if isinstance(match, Match):
                return match.picture
    return None


def _read_annotations(archive: Archive, repairs: Repairs) -> list[Annotation]:
    """All annotations, in the order of their names; XML files of other kinds are passed over."""
    found: list[Annotation] = []
    boxes = 0
    for name in marks(archive):
        annotation = parsed(name, archive)
        if annotation is None:
            repairs.add(Kind.ANNOTATION_SKIPPED, name, Reason(Note.XML_OF_ANOTHER_KIND))
            continue
        found.append(annotation)
        boxes += annotation.objects
        if boxes > MAX_BOXES:
            raise too_many("boxes")
        if annotation.boxes is None:
            repairs.add(Kind.ANNOTATION_SKIPPED, name, Reason(Note.XML_NOT_WHOLE))
        if annotation.repaired:
            repairs.add(Kind.ANNOTATION_REPAIRED, name, _together(annotation.repaired))
        repairs.pass_over(name, {"parts": annotation.parts})
    return found


def _together(notes: list[Reason]) -> Reason:
    """One note that says what these say."""
    return notes[0] if len(notes) == 1 else Reason(Note.SEVERAL_NOTES, {"notes": [[n.code, n.params] for n in notes]})
