"""The objects of a video, each with the frames in which it has boxes."""

from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from videos.labeling.tracks.filling import is_keyframe
from videos.labeling.tracks.lines import StoredLine, read
from videos.models import Track, Video


@dataclass(frozen=True)
class Stretch:
    """Frames in a row that have a box of the object. `open`: whether one of them is one that nobody confirmed."""

    first: int
    last: int
    open: bool


@dataclass(frozen=True)
class ListedTrack:
    """An object: `label` is the key of that of its first box."""

    key: UUID
    label: int
    stretches: list[Stretch]
    keyframes: list[int]
    gone_from: list[int] = field(default_factory=list)


def of_video(video: Video) -> list[ListedTrack]:
    """Return the objects that have boxes, in the order in which they appear."""
    lines = read(video, list(Track.objects.filter(video=video).values_list("pk", flat=True)))
    listed = [_listed(line) for line in lines.values() if line.looks]
    return sorted(listed, key=lambda track: (track.stretches[0].first, str(track.key)))


def _listed(line: StoredLine) -> ListedTrack:
    numbers = sorted(line.looks)
    keyframes = [number for number in numbers if is_keyframe(line.looks[number])]
    return ListedTrack(line.track, line.looks[numbers[0]].label, _stretches(line, numbers), keyframes, line.gone)


def _stretches(line: StoredLine, numbers: list[int]) -> list[Stretch]:
    """Frames in a row, parted where confirmed ones and others meet."""
    kinds = groupby(
        enumerate(numbers), lambda placed: (placed[1] - placed[0], not line.looks[placed[1]].confirmed)
    )  # in a row, number and place grow alike
    found = []
    for (_, is_open), group in kinds:
        row = [number for _, number in group]
        found.append(Stretch(row[0], row[-1], is_open))
    return found
