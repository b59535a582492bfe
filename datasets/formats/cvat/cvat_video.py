"""CVAT for video 1.1: one XML file with the tracks of objects. A track has a shape for each frame that it is in.

CVAT writes the shapes between two that were drawn as well, and pictures called frame_000000 and so on.
"""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from datasets.archive.zip_archive import Archive
from datasets.formats.common.drawings import Drawing, Drawings
from datasets.formats.common.picture_files import (
    MAX_BOXES,
    Match,
    PictureFiles,
    number_of,
    one_line,
    stated_size,
    too_many,
)
from datasets.formats.common.samples import Found
from datasets.formats.cvat import cvat_xml
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

_FRAME = re.compile(r"frame_?(\d{1,9})", re.IGNORECASE)


@dataclass
class _Video:
    """What one file says of its frames.

    Args:
        frames: number -> picture.
        part: the frames that the file is about, where it says that it is of a job, a part of a task.
        missing: how many boxes lie in frames that have no picture.
    """

    frames: dict[int, str]
    size: tuple[int, int] | None = None
    part: tuple[float, float] = (-math.inf, math.inf)
    drawn: dict[int, Drawing] = field(default_factory=dict)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    missing: Counter[int] = field(default_factory=Counter)

    def is_about(self, number: int) -> bool:
        """Whether the file says of a frame what is there, or that nothing is."""
        return number in self.drawn or self.part[0] <= number <= self.part[1]

    def note(self, track: Element) -> int:
        """Take in the shapes of a track, but for those outside of the picture; returns how many there are."""
        label = one_line(track.get("label"))
        in_order = _in_order(track)
        self.gaps += _gaps(in_order)
        shapes = [shape for shape in in_order if shape.get("outside") != "1"]
        for shape in shapes:
            number = int(cvat_xml.number(shape, "frame"))
            if number not in self.frames:
                self.missing[number] += 1
                continue
            drawn = self.drawn.setdefault(number, Drawing(self.size))
            drawn.add(label, cvat_xml.corners(shape), cvat_xml.is_plain_box(shape))
        return len(shapes)


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
        raise DatasetRefused(Code.NO_CVAT_VIDEO)
    drawings = Drawings(pictures, repairs)
    objects = covered = 0
    for name in names:
        frames = _frames(name, pictures, len(names) > 1)
        covered += len(frames)
        if covered > MAX_BOXES:
            raise too_many("frames")
        video, tracks = _Video(frames), 0
        for element in cvat_xml.elements(name, archive, repairs):
            if element.tag == cvat_xml.META:
                video.size, video.part = _original_size(element), _part(element)
            elif element.tag == cvat_xml.TRACK:
                objects += video.note(element)
                tracks += 1
            if objects > MAX_BOXES:
                raise too_many("shapes")
        if tracks:
            _take(video, name, drawings, repairs)
        else:
            repairs.add(Kind.ANNOTATION_SKIPPED, name, Reason(Note.NOT_DIRECTLY_INSIDE))
    found = drawings.samples()
    return Found(len(found), found)


def _take(video: _Video, name: str, drawings: Drawings, repairs: Repairs) -> None:
    """Take in what a file says of its frames: of those in which it has no shape, that nothing is there."""
    for number, picture in video.frames.items():
        if video.is_about(number):
            drawings.take(Match(picture, ()), video.drawn.get(number) or Drawing(video.size), name)
    for number in _between(video.gaps, video.frames):
        why = Reason(Note.TRACK_HAS_GAP, {"frame": number})
        drawn = video.drawn.get(number) or Drawing()
        drawings.leave_out(video.frames[number], why, drawn.objects)
    for number, boxes in sorted(video.missing.items()):
        why = Reason(Note.FRAME_NOT_IN_ZIP, {"file": name})
        repairs.add(Kind.PICTURE_MISSING, f"frame_{number:06d}", why, boxes=boxes)


def _frames(name: str, pictures: PictureFiles, is_one_of_many: bool) -> dict[int, str]:
    """Number -> picture of the frames of one file. Raises DatasetRefused where the names don't tell."""
    folder = f"{PurePosixPath(name).parent}/"
    found: dict[int, list[str]] = defaultdict(list)
    for picture in _below("" if folder == "./" or not is_one_of_many else folder, pictures.names):
        if frame := _FRAME.fullmatch(PurePosixPath(picture).stem):
            found[int(frame[1])].append(picture)
    if not found:
        raise DatasetRefused(Code.NO_VIDEO_FRAMES, file=name)
    shared = next((number for number, named in found.items() if len(named) > 1), None)
    if shared is not None:
        one, other = found[shared][:2]
        raise DatasetRefused(Code.ONE_FRAME_OF_TWO, one=one, other=other, frame=shared, file=name)
    return {number: named[0] for number, named in found.items()}


def _below(folder: str, names: list[str]) -> Iterator[str]:
    """Those of the sorted names that begin with the folder."""
    return takewhile(lambda name: name.startswith(folder), islice(names, bisect_left(names, folder), None))


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


def _between(gaps: list[tuple[int, int]], frames: Iterable[int]) -> Iterator[int]:
    """The frames that lie in gaps, which other programs leave: it can't be told where the objects are in them."""
    waiting = deque(sorted(gaps))
    until = -1
    for number in sorted(frames):
        while waiting and waiting[0][0] <= number:
            until = max(until, waiting.popleft()[1])
        if number <= until:
            yield number


def _original_size(meta: Element) -> tuple[int, int] | None:
    """The size of the video's frames: of a task, or of a single job."""
    size = next(meta.iter("original_size"), None)
    if size is None:
        return None
    try:
        return stated_size(float(size.findtext("width") or 0), float(size.findtext("height") or 0))
    except ValueError:
        return None


def _part(meta: Element) -> tuple[float, float]:
    """The first and the last frame of a job; all frames of a task."""
    job = next(meta.iter("job"), None)
    first, last = (
        number_of(job.findtext(tag)) if job is not None else math.nan for tag in ("start_frame", "stop_frame")
    )
    return (first, last) if first <= last else (-math.inf, math.inf)
