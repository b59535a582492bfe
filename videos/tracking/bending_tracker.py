"""A tracker of things that bend, as a walking person does: where little of its look is found, most points decide.

Its look is learned anew in such a frame. So errors add up, and it is for objects whose pattern doesn't hold for long.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from videos.tracking.by_name.guarded import alike, colors
from videos.tracking.corners import area, cut
from videos.tracking.flow import FEWEST, followed
from videos.tracking.pattern_tracker import PatternTracker, middle
from videos.tracking.tracker import Corners, Found, Pixels

# The object is gone where the box has other colors than the person's box, or less than this of it is in the picture.
_UNLIKE, _SEEN = 0.3, 0.25
# So much of its look must be found again that its place is believed. A part of it bends elsewhere than the whole.
_BELIEVED = 0.7
# How much of its speed in the frames before counts, and by how much it may grow from one frame to the next.
_STEADY, _LARGER = 0.5, 1.06
_APART = 4  # pixels between two points that tell how much it grew


class BendingTracker:
    def __init__(self) -> None:
        self._pattern, self._drawn = PatternTracker(), PatternTracker()
        self._colors = np.zeros((1, 1), np.float32)
        self._before: Pixels = np.zeros((1, 1, 3), np.uint8)
        self._box: Corners = (0, 0, 0, 0)
        self._speed = np.zeros(2)

    def start(self, picture: Pixels, corners: Corners) -> None:
        self._colors = colors(picture, corners)
        self._learn(picture, corners)
        self._drawn = self._pattern

    def step(self, picture: Pixels) -> Found | None:
        found = self._pattern.step(picture)
        if found and found.score > _BELIEVED:
            moved = middle(found.corners) - middle(self._box)
            self._speed = _STEADY * self._speed + (1 - _STEADY) * moved
            self._before, self._box = picture, found.corners
            return found
        carried = self._carried(picture)
        height, width = picture.shape[:2]
        seen = cut(carried, width, height)
        likeness = alike(self._colors, colors(picture, seen))
        if area(seen) < _SEEN * area(carried) or likeness < _UNLIKE:
            return None
        self._learn(picture, carried)
        return Found(seen, min(1.0, likeness))

    def find_again(self, picture: Pixels) -> Found | None:
        """Look in the whole picture for the object as the person's box showed it; continue from there."""
        found = self._drawn.find_again(picture)
        if found:
            self._pattern = self._drawn
            self._before, self._box, self._speed = picture, found.corners, np.zeros(2)
        return found

    def _learn(self, picture: Pixels, corners: Corners) -> None:
        self._pattern = PatternTracker()
        self._pattern.start(picture, corners)
        self._before, self._box = picture, corners

    def _carried(self, picture: Pixels) -> Corners:
        """The box where most points on the object went; where few are found, as it moved before."""
        before, now = (np.asarray(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY)) for one in (self._before, picture))
        start = self._pattern.points
        larger = 1.0
        if len(start) >= FEWEST:
            end, good = followed(before, now, start)
            if good.sum() >= FEWEST:
                self._speed = np.median(end[good] - start[good], axis=0).astype(float)
                larger = _growth(start[good], end[good])
        (x, y), box = middle(self._box) + self._speed, self._box
        across, down = (box[2] - box[0]) / 2 * larger, (box[3] - box[1]) / 2 * larger
        return float(x - across), float(y - down), float(x + across), float(y + down)


def _growth(start: NDArray[np.float32], end: NDArray[np.float32]) -> float:
    """By how much most pairs of points went apart."""
    one, other = np.triu_indices(len(start), 1)
    apart = np.hypot(*(start[one] - start[other]).T)
    far = apart > _APART
    if not far.any():
        return 1.0
    grown = float(np.median(np.hypot(*(end[one] - end[other]).T)[far] / apart[far]))
    return min(max(grown, 1 / _LARGER), _LARGER)
