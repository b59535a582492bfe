"""A careful person at the label page, who sees what it shows and makes every box right.

She draws a box where one is missing, drags the worst corner of one that covers less than 0.8 of the thing (or draws it
anew where one drag isn't enough), marks where a thing is gone, and confirms each stretch that ends without her mark.
Each of these is one action. Looking is none.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np

from bench.labeling.rendered import Seen
from bench.labeling.ways import Way
from videos.tracking.corners import overlap
from videos.tracking.tracker import Corners

GOOD = 0.8
# Of a thing that is half seen or more she wants a box, below the other part none. Between, either is right.
MUST, _MAY = 0.5, 0.15
# Her hand is off by up to so many pixels.
_HAND = 1.0


class Wrong(Enum):
    MISSING = auto()
    TOO_MUCH = auto()
    OFF = auto()


@dataclass
class Actions:
    drawn: int = 0
    dragged: int = 0
    ended: int = 0
    confirmed: int = 0
    # What she did in which frame, for those who look into a figure.
    log: list[tuple[int, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.drawn + self.dragged + self.ended + self.confirmed


class Person:
    """`patience`: she doesn't stop at the first box that is off, but where one covers less than this; 0.8 for at once.

    A page that fills both sides of a correction teaches that.
    """

    def __init__(self, truth: list[Seen], way: Way, patience: float = GOOD) -> None:
        self._truth, self._way, self._patience = truth, way, patience
        self._rng = np.random.default_rng(len(truth))
        self._set: set[int] = set()
        self.actions = Actions()

    def label(self) -> Actions:
        """Make every box of the thing right."""
        while (number := self._first_wrong()) is not None:
            self._repair(number)
        self.actions.confirmed += self._stretches_without_end()
        return self.actions

    def _first_wrong(self) -> int | None:
        return next((number for number in range(len(self._truth)) if self._wrong(number)), None)

    def _wrong(self, number: int) -> Wrong | None:
        return judge(self._truth[number], self._way.shown(number))

    def _repair(self, number: int) -> None:
        wrong = self._wrong(number)
        if wrong is Wrong.TOO_MUCH:
            self._way.end(number)
            self._note(number, "ended")
        elif wrong is Wrong.MISSING:
            self._draw(number)
        else:
            self._drag(self._where_to_drag(number))

    def _where_to_drag(self, first: int) -> int:
        """The frame that she corrects, having seen that the boxes are off from `first` on."""
        if self._patience >= GOOD:
            return first
        worst, least = first, 1.0
        for number in range(first, len(self._truth)):
            if number in self._set or self._wrong(number) in (Wrong.MISSING, Wrong.TOO_MUCH):
                break
            shown = self._way.shown(number)
            if shown is None or self._truth[number].part < MUST:
                break
            covered = overlap(shown, self._truth[number].corners)
            if covered < least:
                worst, least = number, covered
            if covered < self._patience:
                break
        return worst

    def _drag(self, number: int) -> None:
        shown, seen = self._way.shown(number), self._truth[number]
        assert shown is not None
        if seen.part < _MAY:
            self._way.end(number)
            self._note(number, "ended")
            return
        wanted = self._by_hand(seen.corners)
        dragged = min(
            (with_corner(shown, wanted, corner) for corner in range(4)), key=lambda one: -overlap(one, wanted)
        )
        if overlap(dragged, seen.corners) < GOOD:
            self._draw(number)
            return
        self._put(number, dragged, "dragged")

    def _draw(self, number: int) -> None:
        self._put(number, self._by_hand(self._truth[number].corners), "drawn")

    def _put(self, number: int, corners: Corners, what: str) -> None:
        self._set.add(number)
        self._way.put(number, corners)
        self._note(number, what)

    def _note(self, number: int, what: str) -> None:
        setattr(self.actions, what, getattr(self.actions, what) + 1)
        self.actions.log.append((number, what))

    def _by_hand(self, corners: Corners) -> Corners:
        left, top, right, bottom = np.asarray(corners) + self._rng.uniform(-_HAND, _HAND, 4)
        return float(left), float(top), float(right), float(bottom)

    def _stretches_without_end(self) -> int:
        """How many stretches stop by themselves: at the last frame, or where the page says that the thing is gone.

        Boxes that she drew herself need no confirmation.
        """
        shown = [self._way.shown(number) is not None for number in range(len(self._truth))]
        ends = {number for number, what in self.actions.log if what == "ended"}
        count, to_confirm = 0, False
        for number, is_here in enumerate([*shown, False]):
            if is_here:
                to_confirm = to_confirm or number not in self._set
            else:
                count += to_confirm and number not in ends
                to_confirm = False
        return count


def judge(seen: Seen, shown: Corners | None) -> Wrong | None:
    """What is wrong with a box. Of a thing that is hidden in part, the whole and what is seen are both right."""
    if shown is None:
        return Wrong.MISSING if seen.part >= MUST else None
    if seen.part < _MAY:
        return Wrong.TOO_MUCH
    if max(overlap(shown, seen.corners), overlap(shown, seen.around_seen)) >= GOOD:
        return None
    return Wrong.OFF


def with_corner(shown: Corners, wanted: Corners, corner: int) -> Corners:
    across, down = corner % 2 * 2, corner // 2 * 2 + 1
    sides = list(shown)
    sides[across], sides[down] = wanted[across], wanted[down]
    left, right, top, bottom = *sorted((sides[0], sides[2])), *sorted((sides[1], sides[3]))
    return left, top, right, bottom


def bound(truth: list[list[Seen]]) -> float:
    """Return the actions per 100 frames of one draw and one end for each time that a thing is seen."""
    times = 0
    for thing in truth:
        is_here = False
        for seen in thing:
            times += not is_here and seen.part >= MUST
            is_here = seen.part >= MUST or (is_here and seen.part >= _MAY)
    return 2 * times / len(truth[0]) * 100
