"""The boxes before a correction, brought in line with it: the correction's error is spread over the frames before."""

from collections.abc import Mapping

from videos.tracking.corners import blended, overlap, shifted
from videos.tracking.tracker import Corners, Found

Boxes = Mapping[int, Corners]
# Two ways agree in a frame where their boxes cover so much of each other.
_AGREE, _NEARLY = 0.6, 0.5
# What only slipped did so mostly in the last frames.
_LATE = 3


def slipped(boxes: Boxes, first: int, last: int, corners: Corners) -> dict[int, Corners]:
    """Return the boxes between two keyframes of an object that slipped a little off the box in the `last` one."""
    return _spread(boxes, first, last, _error(boxes[last], corners), _LATE)


def joined(boxes: Boxes, behind: Boxes, last: int) -> dict[int, Found]:
    """Return the boxes from where the ways ahead and back agree most; none where they nowhere do."""
    agreed = {number: overlap(boxes[number], box) for number, box in behind.items()}
    joint = max(agreed, key=lambda number: agreed[number], default=last)
    if agreed.get(joint, 0) <= _AGREE:
        return {}
    found = {}
    for number in range(joint + 1, last):
        weight = (number - joint) / (last - joint) if agreed[number] > _AGREE else 1.0
        found[number] = Found(blended(boxes[number], behind[number], weight), agreed[number])
    return found


def between(boxes: Boxes, behind: Boxes, first: int, last: int, corners: Corners) -> dict[int, Corners]:
    """Return the boxes between two keyframes that are near each other, of an object that bends.

    Where the ways ahead and back agree once each ends at the other's keyframe, they are joined. Elsewhere each side
    of the box moves evenly.
    """
    start = boxes[first]
    ahead = _spread(boxes, first, last, _error(boxes[last], corners)) if last in boxes else {}
    back = _spread(behind, last, first, _error(behind[first], start)) if first in behind else {}
    found = {}
    for number in (number for number in boxes if first < number < last):
        weight = (number - first) / (last - first)
        ways = ahead.get(number), back.get(number)
        if ways[0] and ways[1] and overlap(ways[0], ways[1]) > _NEARLY:
            found[number] = blended(ways[0], ways[1], weight)
        else:
            found[number] = blended(start, corners, weight)
    return found


def _error(reached: Corners, corners: Corners) -> list[float]:
    return [right - wrong for right, wrong in zip(corners, reached, strict=True)]


def _spread(boxes: Boxes, start: int, end: int, error: list[float], late: int = 1) -> dict[int, Corners]:
    """Move the boxes between two frames, by nothing at the start and by the whole error at the end."""
    spread = {}
    for number, box in boxes.items():
        if min(start, end) < number < max(start, end):
            part = ((number - start) / (end - start)) ** late
            spread[number] = shifted(box, [part * side for side in error])
    return spread
