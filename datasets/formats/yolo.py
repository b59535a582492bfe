"""YOLO: for each picture a .txt file with a line for each box, in fractions of the picture as it is shown.

https://docs.ultralytics.com/datasets/detect/ for today's, https://github.com/AlexeyAB/darknet for the older layout.
"""

import math
from collections.abc import Iterator
from pathlib import PurePosixPath

from datasets.archive import Archive, UnreadableFile
from datasets.formats import splits
from datasets.formats.files import MAX_BOXES, PictureFiles, decoded, too_many, without_upload_mark
from datasets.formats.samples import Found, PixelBox, Sample
from datasets.formats.yolo_set import YoloSet, is_beside
from datasets.formats.yolo_writing import write
from datasets.pictures import UndecodablePicture, sizes
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

__all__ = ["marks", "read", "write"]

_MAX_LABEL_BYTES = 1024 * 1024
_LINES_TRIED = 20
# A label's number and a box; with the certainty of a model that drew it; at least three corners.
_BOX, _CERTAIN_BOX, _POLYGON = 5, 6, 7
# Boxes reach over the border a little; numbers that are no fractions belong to another format.
_FRACTIONS = (-1.0, 2.0)


def marks(archive: Archive) -> list[str]:
    """The .txt files with a line that can be a box of this format."""
    return [name for name in archive.names if name.lower().endswith(".txt") and _holds_boxes(name, archive)]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, in the order of the pictures' names.

    A picture without a label file has no boxes. Raises DatasetRefused, also while the samples are gone through, when
    there is no picture, no label file, or nothing that says what the numbers in them stand for.
    """
    pictures = PictureFiles(archive)
    label_files = marks(archive)
    if not label_files:
        raise DatasetRefused(
            "The zip holds no YOLO label (a .txt file of numbers for each picture). Export the set as YOLO."
        )
    around = YoloSet(archive, pictures, frozenset(label_files))
    if not around.names:
        raise DatasetRefused(
            f"In “{label_files[0]}” and the other label files the labels are numbers, and no file of the zip says "
            "what they stand for. Add a file “classes.txt” with one name on each line, the first for number 0."
        )
    matched = _match(archive, pictures, label_files, repairs)
    return Found(len(pictures.names), _samples(around, matched, repairs))


def _samples(around: YoloSet, matched: dict[str, str], repairs: Repairs) -> Iterator[Sample]:
    """Label files and pictures are read one at a time, when their turn comes."""
    of_set = around.splits()
    boxes = 0
    for picture in around.pictures.names:
        split = of_set.get(picture) or splits.of_path(picture)
        label_file = matched.get(picture)
        try:
            lines = _lines(decoded(around.archive.read(label_file, _MAX_LABEL_BYTES))) if label_file else []
        except UnreadableFile:
            repairs.add(Kind.ANNOTATION_SKIPPED, label_file or "", "Damaged. Its picture was left out as well.")
            continue
        boxes += len(lines)
        if boxes > MAX_BOXES:
            raise too_many("boxes")
        if label_file and lines:
            yield _labelled(Sample(picture, around.pictures.reader(picture), split=split), label_file, lines, around)
        else:
            yield Sample(picture, around.pictures.reader(picture), split=split)


def _labelled(sample: Sample, label_file: str, lines: list[str], around: YoloSet) -> Sample:
    """The sample with its boxes in pixels, for which the head of its picture must be read."""
    try:
        data = sample.read()
        _, size = sizes(data)
    except (UnreadableFile, UndecodablePicture):
        return Sample(sample.filename, sample.read, objects=len(lines), split=sample.split)
    labels = around.labels_for(label_file)
    boxes = [box for line in lines if (box := _box(line, labels, size, around.has_keypoints))]
    return Sample(sample.filename, lambda: data, size, boxes, len(lines), sample.split)


def _box(line: str, labels: dict[int, str], size: tuple[int, int], has_keypoints: bool) -> PixelBox | None:
    """The box of one line in pixels, or around its polygon; None for a line without a known label or a box."""
    label, *numbers = _numbers(line) or [math.nan]
    name = labels.get(int(label)) if label.is_integer() else None
    length = len(numbers) + 1
    if not name:
        return None
    if length in (_BOX, _CERTAIN_BOX) or (has_keypoints and length > _BOX):
        x, y, width, height = numbers[:4]
        corners = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    elif length >= _POLYGON and length % 2:
        across, down = numbers[0::2], numbers[1::2]
        corners = min(across), min(down), max(across), max(down)
    else:
        return None
    return PixelBox(name, corners[0] * size[0], corners[1] * size[1], corners[2] * size[0], corners[3] * size[1])


def _match(archive: Archive, pictures: PictureFiles, label_files: list[str], repairs: Repairs) -> dict[str, str]:
    """Picture -> label file.

    1. The file in the place where YOLO looks for it belongs to a picture, even when nothing in it is a box.
    2. Each other label file takes the picture of its own name that lies nearest, when that has none yet.
    """
    labels = set(label_files)
    texts = {
        name.lower(): name
        for name in archive.names
        if name.lower().endswith(".txt") and (name in labels or not is_beside(name))
    }
    places = ((picture, place) for picture in pictures.names for place in reversed(_places(picture)))
    matched = {picture: texts[place] for picture, place in places if place in texts}
    for label_file in sorted(labels - set(matched.values())):
        picture = _picture_for(label_file, pictures)
        if picture and picture not in matched:
            matched[picture] = label_file
        else:
            why = "Its picture has another annotation." if picture else "The zip does not hold its picture."
            repairs.add(Kind.ANNOTATION_SKIPPED, label_file, why)
    return matched


def _picture_for(label_file: str, pictures: PictureFiles) -> str | None:
    *folders, name = PurePosixPath(label_file).parts
    among_pictures = "/".join(["images" if folder.lower() == "labels" else folder for folder in folders] + [name])
    return pictures.with_stem(among_pictures, label_file) or pictures.with_stem(without_upload_mark(name), label_file)


def _places(picture: str) -> list[str]:
    """Where the label file of a picture lies, in small letters: in labels/ for the innermost images/, or beside it."""
    label = PurePosixPath(picture.lower()).with_suffix(".txt")
    folders = list(label.parts[:-1])
    if "images" not in folders:
        return [str(label)]
    innermost = len(folders) - 1 - folders[::-1].index("images")
    folders[innermost] = "labels"
    return ["/".join([*folders, label.name]), str(label)]


def _holds_boxes(name: str, archive: Archive) -> bool:
    try:
        lines = _lines(decoded(archive.head(name)))
    except UnreadableFile:
        return False
    return any(_is_box(_numbers(line)) for line in lines[:_LINES_TRIED])


def _is_box(numbers: list[float]) -> bool:
    least, most = _FRACTIONS
    label, *others = numbers or [math.nan]
    return len(numbers) >= _BOX and label >= 0 and label.is_integer() and all(least <= x <= most for x in others)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _numbers(line: str) -> list[float]:
    """The numbers of a line; none when anything else is in it."""
    try:
        numbers = [float(word) for word in line.split()]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []
