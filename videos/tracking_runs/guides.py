"""How an object is led from a box that a person set to the next one, by each tracker that can be chosen."""

from collections.abc import Callable, Mapping
from typing import Protocol

from videos.tracking.automatic import Automatic
from videos.tracking.tracker import Corners, Found, Pixels, Tracker
from videos.tracking_runs import tracker_names

Pictures = Callable[[int], Pixels]
# Boxes by the numbers of their frames.
Way = dict[int, Found]


class Guide(Protocol):
    """Leads one object. `looks_on`: whether it looks for an object that is lost, until that is back."""

    looks_on: bool

    def begin(self, number: int, corners: Corners, before: Mapping[int, Corners]) -> Way:
        """Begin at a box. Return the boxes before it, from the last keyframe on, as they are to be now.

        `before`: the boxes since the last one that a person set, which is the first of them.
        """

    def find(self, number: int) -> Found | None:
        """Find the object in the next frame; None where it is lost."""

    def arrive(self, number: int, corners: Corners) -> Way:
        """Take the next box that a person set. Return the boxes on the way there as they are to be now."""


class ByTracker:
    """Leads by one tracker. What it found is drawn to the next keyframe as a whole."""

    looks_on = False

    def __init__(self, tracker: Tracker, pictures: Pictures) -> None:
        self._tracker, self._pictures = tracker, pictures
        self._first, self._way = 0, Way()

    def begin(self, number: int, corners: Corners, before: Mapping[int, Corners]) -> Way:
        self._first, self._way = number, {}
        self._tracker.start(self._pictures(number), corners)
        return {}

    def find(self, number: int) -> Found | None:
        found = self._tracker.step(self._pictures(number))
        if found:
            self._way[number] = found
        return found

    def arrive(self, number: int, corners: Corners) -> Way:
        found = self.find(number)
        if found is None:
            return {}
        by = [there - here for here, there in zip(found.corners, corners, strict=True)]
        whole = number - self._first
        return {
            past: Found(_moved(on_way.corners, by, (past - self._first) / whole), on_way.score)
            for past, on_way in self._way.items()
            if past < number
        }


class ByItself:
    """Leads in the way that fits the object, and fills what lies between two keyframes from both sides."""

    looks_on = True

    def __init__(self, frames: int, pictures: Pictures) -> None:
        self._automatic = Automatic(frames, pictures)
        self._first = 0

    def begin(self, number: int, corners: Corners, before: Mapping[int, Corners]) -> Way:
        self._first = number
        seen = dict(sorted(before.items()))
        if seen:
            self._automatic.remember(min(seen), {one: Found(box, 1.0) for one, box in seen.items()})
        self._automatic.put(number, corners)
        return self._changed(seen)

    def find(self, number: int) -> Found | None:
        self._automatic.shown(number)
        return self._automatic.boxes.get(number)

    def arrive(self, number: int, corners: Corners) -> Way:
        seen = {past: found.corners for past, found in self._automatic.boxes.items() if self._first < past < number}
        self._automatic.put(number, corners)
        return self._changed(seen)

    def _changed(self, seen: Mapping[int, Corners]) -> Way:
        boxes = self._automatic.boxes
        return {
            number: boxes[number] for number, box in seen.items() if number in boxes and boxes[number].corners != box
        }


def guide(name: str, frames: int, pictures: Pictures) -> Guide:
    """Return what leads by the tracker of that name, through so many frames."""
    if name == tracker_names.AUTOMATIC:
        return ByItself(frames, pictures)
    return ByTracker(tracker_names.tracker(name), pictures)


def _moved(corners: Corners, by: list[float], part: float) -> Corners:
    left, top, right, bottom = (one + part * other for one, other in zip(corners, by, strict=True))
    return left, top, max(right, left + 1), max(bottom, top + 1)
