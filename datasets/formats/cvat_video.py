"""CVAT for video 1.1: one XML file with the tracks of objects. A track has a shape for each frame that it is in.

CVAT writes the shapes between two that were drawn as well, and pictures called frame_000000 and so on.
"""

import re
from collections import defaultdict, deque
from itertools import pairwise
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from datasets.archive import Archive
from datasets.formats import cvat_xml
from datasets.formats.drawn import Drawing, leave_out, samples
from datasets.formats.files import MAX_BOXES, PictureFiles, one_line, stated_size, too_many
from datasets.formats.samples import Found
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

_FRAME = re.compile(r"frame_?(\d{1,9})", re.IGNORECASE)


def marks(archive: Archive) -> list[str]:
    """CVAT's XML files that hold tracks."""
    return cvat_xml.files_with(cvat_xml.TRACK, archive)


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, in the order of the pictures' names.

    A picture on which no track has a shape has no boxes. Raises DatasetRefused when there is no picture or no track,
    and when the pictures' names don't tell which frame each is.
    """
    pictures = PictureFiles(archive)
    names = marks(archive)
    if not names:
        raise DatasetRefused(
            "The zip holds no annotations of CVAT for video (an annotations.xml with tracks). Export the task as “CVAT "
            "for video 1.1”, with its images."
        )
    drawings: dict[str, Drawing | None] = {}
    objects = 0
    for name in names:
        frames = _frames(name, pictures, len(names) > 1)
        size: tuple[int, int] | None = None
        missing: set[int] = set()
        gaps: list[tuple[int, int]] = []
        for element in cvat_xml.elements(name, archive):
            if element.tag == cvat_xml.META:
                size = _original_size(element)
            elif element.tag == cvat_xml.TRACK:
                objects += _note(element, frames, size, drawings, missing, gaps)
            if objects > MAX_BOXES:
                raise too_many("shapes")
        _leave_out(gaps, frames, drawings, repairs)
        if missing:
            repairs.add(
                Kind.ANNOTATION_SKIPPED,
                name,
                f"The zip does not hold the pictures of {len(missing):,} frames, for example frame {min(missing)}.",
            )
    found = samples(drawings, pictures, repairs)
    return Found(len(found), found)


def _frames(name: str, pictures: PictureFiles, is_one_of_many: bool) -> dict[int, str]:
    """Number -> picture of the frames of one file. Raises DatasetRefused where the names don't tell."""
    folder = f"{PurePosixPath(name).parent}/"
    found: dict[int, list[str]] = defaultdict(list)
    for picture in pictures.names:
        is_near = not is_one_of_many or folder == "./" or picture.startswith(folder)
        if is_near and (frame := _FRAME.fullmatch(PurePosixPath(picture).stem)):
            found[int(frame[1])].append(picture)
    if not found:
        raise DatasetRefused(
            f"“{name}” numbers the frames of a video, and no picture of the zip is called frame_000000 or the like. "
            "Export the task as “CVAT for images 1.1”, with its images."
        )
    shared = next((number for number, named in found.items() if len(named) > 1), None)
    if shared is not None:
        raise DatasetRefused(
            f"“{found[shared][0]}” and “{found[shared][1]}” may both be frame {shared} of “{name}”. Import each video "
            "as a dataset of its own."
        )
    return {number: named[0] for number, named in found.items()}


def _note(
    track: Element,
    frames: dict[int, str],
    size: tuple[int, int] | None,
    drawings: dict[str, Drawing | None],
    missing: set[int],
    gaps: list[tuple[int, int]],
) -> int:
    """Take in the shapes of a track, but for those outside of the picture; returns how many there are."""
    label = one_line(track.get("label"))
    in_order = _in_order(track)
    gaps += _gaps(in_order)
    shapes = [shape for shape in in_order if shape.get("outside") != "1"]
    for shape in shapes:
        number = int(cvat_xml.number(shape, "frame"))
        picture = frames.get(number)
        if picture is None:
            missing.add(number)
            continue
        drawn = drawings.setdefault(picture, Drawing(size))
        if drawn is not None:
            drawn.add(label, cvat_xml.corners(shape), cvat_xml.is_plain_box(shape))
    return len(shapes)


def _in_order(track: Element) -> list[Element]:
    shapes = [shape for shape in track if cvat_xml.number(shape, "frame").is_integer()]
    return sorted(shapes, key=lambda shape: cvat_xml.number(shape, "frame"))


def _gaps(shapes: list[Element]) -> list[tuple[int, int]]:
    """The frames, each first and last, that lie between two shapes of a track and have none."""
    found: list[tuple[int, int]] = []
    for before, after in pairwise(shapes):
        first, last = int(cvat_xml.number(before, "frame")) + 1, int(cvat_xml.number(after, "frame")) - 1
        if before.get("outside") != "1" and first <= last:
            found.append((first, last))
    return found


def _leave_out(
    gaps: list[tuple[int, int]], frames: dict[int, str], drawings: dict[str, Drawing | None], repairs: Repairs
) -> None:
    """Leave out the pictures of frames that other programs left out, for it can't be told where the objects are."""
    waiting = deque(sorted(gaps))
    until = -1
    for number in sorted(frames):
        while waiting and waiting[0][0] <= number:
            until = max(until, waiting.popleft()[1])
        if number <= until:
            why = f"A track has no shape in frame {number}, though it has one before and one after it."
            leave_out(frames[number], why, drawings, repairs)


def _original_size(meta: Element) -> tuple[int, int] | None:
    """The size of the video's frames: of a task, or of a single job."""
    size = next(meta.iter("original_size"), None)
    if size is None:
        return None
    try:
        return stated_size(float(size.findtext("width") or 0), float(size.findtext("height") or 0))
    except ValueError:
        return None
