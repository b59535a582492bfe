"""What a change of one box means for the other boxes of its track. Needs no database.

A keyframe is a box that a person set or confirmed. Boxes between two keyframes are on straight lines between them,
where no tracker has made them. A tracker's boxes keep their path, and are drawn after one of them that a person puts
right: fully beside it, and not at all at the next keyframe. So the opposite change takes everything back.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from videos.labeling.merging import Look
from videos.models import Box

Corners = tuple[float, float, float, float]
# The boxes of one track by the numbers of their frames.
Line = dict[int, Look]
SET_BY_A_PERSON = (Box.Origin.DRAWN, Box.Origin.IMPORTED)


@dataclass(frozen=True)
class Move:
    """What a box of a track was like before and after a person changed it; None for no box."""

    number: int
    before: Look | None
    after: Look | None

    @property
    def is_of_a_keyframe(self) -> bool:
        """Whether the change says anything about other frames: it made, moved or took away a keyframe."""
        stays = self.before and self.after and self.before.corners == self.after.corners
        return not stays and any(look and is_keyframe(look) for look in (self.before, self.after))


def is_keyframe(look: Look) -> bool:
    return look.is_set


def is_between(look: Look) -> bool:
    """Whether the box is only on the line between its neighbors."""
    return look.origin == Box.Origin.INTERPOLATED and not look.confirmed


def filled(line: Line, move: Move, free: Collection[int], gone: Collection[int]) -> dict[int, Look | None]:
    """Return the boxes that change after `move`, None for those that go.

    Args:
        line: the track as it is after the move.
        free: the numbers of frames that may get a box.
        gone: the numbers of frames from which on the object is gone.
    """
    now = dict(line)
    if move.before and move.after and Box.Origin.TRACKED in (move.before.origin, move.after.origin):
        _draw_after(now, move.number, _difference(move.before.corners, move.after.corners))
    for first, last in _stretches(now, move.number, gone):
        _put_between(now, first, last, free if move.before is None else ())
    if move.after is None:
        _take_what_hangs(now, move.number, gone)
    return {number: now.get(number) for number in now.keys() | line.keys() if now.get(number) != line.get(number)}


def between(line: Line, first: int, last: int, among: Collection[int]) -> Line:
    """Return boxes on the line from one box to another, for the frames between them that are in `among`."""
    begin, by = line[first], _difference(line[first].corners, line[last].corners)
    made = replace(begin, origin=Box.Origin.INTERPOLATED.value, confirmed=False)
    return {
        number: replace(made, corners=shifted(begin.corners, by, (number - first) / (last - first)))
        for number in range(first + 1, last)
        if number in among
    }


def shifted(corners: Corners, by: Corners, part: float) -> Corners:
    left, top, right, bottom = (one + part * other for one, other in zip(corners, by, strict=True))
    return left, top, right, bottom


def _difference(one: Corners, other: Corners) -> Corners:
    left, top, right, bottom = (there - here for here, there in zip(one, other, strict=True))
    return left, top, right, bottom


def _draw_after(line: Line, at: int, by: Corners) -> None:
    """Draw the tracker's boxes on both sides of a corrected one after it, up to the next keyframes.

    What has no keyframe behind it is left: a tracker is to do it again.
    """
    for way in (-1, 1):
        numbers = sorted((number for number in line if (number - at) * way > 0), key=lambda number: number * way)
        end = next((number for number in numbers if is_keyframe(line[number])), None)
        if end is None:
            continue
        for number in numbers[: numbers.index(end)]:
            if line[number].origin == Box.Origin.TRACKED:
                part = (end - number) / (end - at)
                line[number] = replace(line[number], corners=_proper(shifted(line[number].corners, by, part)))


def _stretches(line: Line, at: int, gone: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches beside a frame, or around it where its box is none to begin with: from one box to the next
    that isn't merely between others."""
    fixed = sorted(number for number, look in line.items() if not is_between(look))
    before = max((number for number in fixed if number < at), default=None)
    after = min((number for number in fixed if number > at), default=None)
    ends = [before, at if at in fixed else None, after]
    known = [number for number in ends if number is not None]
    for first, last in pairwise(known):
        if not any(first < number <= last for number in gone):
            yield first, last


def _put_between(line: Line, first: int, last: int, free: Collection[int]) -> None:
    """Put boxes between two others on the line from one to the other: those that are there, and new ones in `free`."""
    line |= between(line, first, last, line.keys() | set(free))


def _take_what_hangs(line: Line, at: int, gone: Collection[int]) -> None:
    """Take away boxes that were between others, and have only one of them left now that the box at `at` is gone."""
    fixed = [number for number, look in line.items() if not is_between(look)]
    first = max((number for number in fixed if number < at), default=-1)
    last = min((number for number in fixed if number > at), default=max([at, *line]) + 1)
    is_held = first >= 0 and last in line and not any(first < number <= last for number in gone)
    for number in [] if is_held else [number for number in line if first < number < last]:
        del line[number]


def _proper(corners: Corners) -> Corners:
    """Corners in their order, at least a pixel apart."""
    left, top, right, bottom = corners
    return left, top, max(right, left + 1.0), max(bottom, top + 1.0)
