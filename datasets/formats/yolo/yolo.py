"""YOLO: for each picture a .txt file with a line for each box, in fractions of the picture as it is shown.

https://docs.ultralytics.com/datasets/detect/ for today's, https://github.com/AlexeyAB/darknet for the older layout.
"""

from collections import Counter
from collections.abc import Iterator

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common import own_splits
from datasets.formats.common.picture_files import MAX_BOXES, PictureFiles, decoded, too_many
from datasets.formats.common.samples import Found, PixelBox, Sample
from datasets.formats.yolo import yolo_lines
from datasets.formats.yolo.yolo_lines import Shape
from datasets.formats.yolo.yolo_matching import Matching, match
from datasets.formats.yolo.yolo_set import YoloSet, is_beside
from datasets.formats.yolo.yolo_writing import write
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from ftcml.core.pictures.upright import UndecodablePicture, sizes

__all__ = ["marks", "read", "write"]

_MAX_LABEL_BYTES = 1024 * 1024
_LINES_TRIED = 20


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
        raise DatasetRefused(Code.NO_YOLO)
    around = YoloSet(archive, pictures, frozenset(label_files))
    if not around.names:
        raise DatasetRefused(Code.NO_YOLO_NAMES, file=label_files[0])
    around.note_other_names(repairs)
    matching = _match(archive, pictures, label_files, repairs)
    are_tracks = _are_tracks(archive, list(matching.label_files.values()))
    total = len(pictures.names) - len(matching.unclear)
    return Found(total, _samples(around, matching, are_tracks, repairs))


def _samples(around: YoloSet, matching: Matching, are_tracks: bool, repairs: Repairs) -> Iterator[Sample]:
    """Label files and pictures are read one at a time, when their turn comes."""
    of_set = around.splits(repairs)
    for picture in around.pictures.names:
        if picture in matching.unclear:
            continue
        split = of_set.get(picture) or own_splits.of_path(picture)
        label_file = matching.label_files.get(picture)
        try:
            lines = _lines(label_file, around.archive) if label_file else []
        except UnreadableFile:
            repairs.add(Kind.ANNOTATION_SKIPPED, label_file or "", Reason(Note.LABEL_FILE_DAMAGED))
            continue
        sample = Sample(picture, around.pictures.reader(picture), split=split, is_annotated=label_file is not None)
        yield _labeled(sample, label_file, lines, around, are_tracks) if label_file and lines else sample


def _labeled(sample: Sample, label_file: str, lines: list[str], around: YoloSet, are_tracks: bool) -> Sample:
    """The sample with its boxes in pixels, for which the head of its picture must be read."""
    try:
        data = sample.read()
        _, size = sizes(data)
    except (UnreadableFile, UndecodablePicture):
        return Sample(sample.filename, sample.read, objects=len(lines), split=sample.split)
    labels = around.labels_for(label_file)
    numbers = map(yolo_lines.numbers, lines)
    boxes = [box for found in numbers if (box := _box(found, labels, size, around.has_keypoints, are_tracks))]
    return Sample(sample.filename, lambda: data, size, boxes, len(lines), sample.split, is_drawn_upright=True)


def _box(
    found: list[float], labels: dict[int, str], size: tuple[int, int], has_keypoints: bool, are_tracks: bool
) -> PixelBox | None:
    """The box of one line in pixels, or around its polygon; None for a line without a known label or a box."""
    name = labels.get(int(found[0])) if found and found[0].is_integer() else None
    shape = Shape.BOX if has_keypoints and len(found) >= yolo_lines.BOX else yolo_lines.shape(found)
    if shape == Shape.EITHER:
        shape = Shape.TRACK if are_tracks else Shape.POLYGON
    corners = yolo_lines.corners(found, shape)
    if not name or not corners:
        return None
    return PixelBox(name, corners[0] * size[0], corners[1] * size[1], corners[2] * size[0], corners[3] * size[1])


def _are_tracks(archive: Archive, label_files: list[str]) -> bool:
    """Whether lines that may be polygons or boxes of tracks are the latter.

    Raises DatasetRefused for more boxes than a set may have, and where no other line of the set tells.
    """
    shapes: Counter[tuple[Shape, int]] = Counter()
    untold = ""
    for label_file in label_files:
        try:
            for line in _lines(label_file, archive):
                found = yolo_lines.numbers(line)
                shape = yolo_lines.shape(found)
                shapes[shape, len(found)] += 1
                untold = untold or (label_file if shape == Shape.EITHER else "")
        except UnreadableFile:
            continue  # said when its turn comes
        if shapes.total() > MAX_BOXES:
            raise too_many("boxes")
    are_tracks = yolo_lines.are_tracks(shapes)
    if are_tracks is None and untold:
        raise DatasetRefused(Code.YOLO_LINES_UNCLEAR, file=untold)
    return bool(are_tracks)


def _match(archive: Archive, pictures: PictureFiles, label_files: list[str], repairs: Repairs) -> Matching:
    """Find the label file of each picture. Raises DatasetRefused where none can be told."""
    labeled = frozenset(label_files)
    texts = [name for name in archive.names if name.lower().endswith(".txt")]
    matching = match(pictures.names, [name for name in texts if name in labeled or not is_beside(name)], labeled)
    if not matching.label_files:
        raise next(iter(matching.unclear.values()), DatasetRefused(Code.NO_LABEL_FILE_FITS, file=label_files[0]))
    for label_file, why in matching.skipped.items():
        repairs.add(Kind.ANNOTATION_SKIPPED, label_file, why)
    for picture, refusal in matching.unclear.items():
        repairs.add(Kind.UNCLEAR, picture, refusal.reason)
    return matching


def _holds_boxes(name: str, archive: Archive) -> bool:
    try:
        lines = yolo_lines.lines(decoded(archive.head(name)))
    except UnreadableFile:
        return False
    return any(yolo_lines.is_label(yolo_lines.numbers(line)) for line in lines[:_LINES_TRIED])


def _lines(label_file: str, archive: Archive) -> list[str]:
    return yolo_lines.lines(decoded(archive.read(label_file, _MAX_LABEL_BYTES)))
