"""What a person sees in a film: where its things are, which somebody wrote down in a file beside this one."""

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from videos.tracking import corners
from videos.tracking.corners import blended
from videos.tracking.tracker import Corners

BIKES = Path(__file__).with_name("bikes.json")


@dataclass(frozen=True)
class Thing:
    """A thing in the film: its corners in some frames. Between them they move on a straight line.

    Args:
        boxes: by the numbers of the film's frames; None from where on it can't be seen.
    """

    label: str
    boxes: dict[int, Corners | None]

    @property
    def first(self) -> int:
        return min(self.boxes)

    @property
    def last(self) -> int:
        return max(self.boxes)

    def at(self, number: int) -> Corners | None:
        """Return where it is in a frame of the film."""
        if not self.first <= number <= self.last:
            return None
        known = sorted(self.boxes)
        place = bisect_right(known, number) - 1
        before = self.boxes[known[place]]
        if before is None or known[place] == number:
            return before
        after = self.boxes[known[place + 1]]
        weight = (number - known[place]) / (known[place + 1] - known[place])
        return before if after is None else blended(before, after, weight)


@dataclass(frozen=True)
class Eyes:
    """`unclear`: first and last frames between which one can't say whether something is there."""

    things: list[Thing]
    unclear: list[tuple[int, int]]

    def is_unclear(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.unclear)

    def seen(self, number: int) -> dict[str, Corners]:
        """Return where things are, by their labels. No two of a label are seen at once."""
        return {thing.label: place for thing in self.things if (place := thing.at(number))}

    def scenes(self) -> list[list[Thing]]:
        """Return the things that are seen together, scene after scene."""
        scenes: list[list[Thing]] = []
        for thing in sorted(self.things, key=lambda one: one.first):
            if scenes and thing.first <= max(one.last for one in scenes[-1]):
                scenes[-1].append(thing)
            else:
                scenes.append([thing])
        return scenes


def read(file: Path) -> Eyes:
    """Return what somebody wrote down."""
    written = json.loads(file.read_text())
    things = [
        Thing(one["label"], {int(number): _corners(sides) for number, sides in one["boxes"].items()})
        for one in written["things"]
    ]
    return Eyes(things, [(first, last) for first, last in written["unclear"]])


def _corners(sides: Iterable[float] | None) -> Corners | None:
    return None if sides is None else corners.of(sides)
