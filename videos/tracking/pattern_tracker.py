"""A tracker of things with a pattern: optical flow, and a look back at how the person's box showed it.

From frame to frame the points of the pattern are followed (a similarity transform, checked forward and back). Then the
first look, moved to where the object should be, is laid over the picture and the rest of the movement is measured: so
small errors don't add up, however long the object is followed.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videos.tracking.corners import area, cut, of, overlap
from videos.tracking.flow import (
    FEWEST,
    MOST_PIXELS_OFF,
    Matrix,
    Points,
    are_inside,
    fitted,
    followed,
    pattern_points,
)
from videos.tracking.object_shape import shape_of
from videos.tracking.search import Search
from videos.tracking.tracker import Corners, Found, Pixels

Gray = NDArray[np.uint8]
# Where fewer of the look's points than this are found again, the flow must be sure as well.
_OUTWORN = 0.35
_LOST = 0.2
# An object that was lost is found again where so many of its points are.
_SURE = 0.3
_TURNS = (0.0, -0.35, 0.35)
# A look continues in a person's box that covers this much of where it is found.
_SAME = 0.6
_MARGIN = 8
# A side of a person's box so near the picture's edge may be cut by it, in pixels. One that is off from the look's by
# more than this part of the box is off because something hides the object.
_EDGE, _MOST_OFF = 3.0, 0.15
_STEEPEST = 1.25  # no object grows or shrinks by more from frame to frame


@dataclass(frozen=True)
class _Look:
    """How the object looked in one frame. `at`: from the first look's pixels to that picture's."""

    gray: Gray
    at: Matrix
    points: Points
    left: int
    top: int


class PatternTracker:
    def __init__(self) -> None:
        self._before: Gray = np.zeros((1, 1), np.uint8)
        self._at: Matrix = np.eye(3)
        self._outline: Points = np.zeros((0, 2), np.float32)
        self._margins = np.zeros(4)
        self.score, self.fits = 1.0, 0.0

    def start(self, picture: Pixels, corners: Corners) -> None:
        gray = _gray(picture)
        self._before, self._at, self._margins = gray, np.eye(3), np.zeros(4)
        shape = shape_of(picture, corners)
        self._outline, self.fits = shape.outline, shape.fits
        self._points = pattern_points(gray, shape.inside)
        self._look = _look(gray, corners, self._at, self._points)
        left, top = self._look.left, self._look.top
        around = picture[top : top + self._look.gray.shape[0], left : left + self._look.gray.shape[1]].copy()
        self._search = Search(around, self._outline - (left, top))

    def step(self, picture: Pixels) -> Found | None:
        gray = _gray(picture)
        flow, part = self._by_flow(gray)
        if flow is None:
            return None
        return self._settle(gray, flow @ self._at, part)

    def find_again(self, picture: Pixels) -> Found | None:
        """Look for the lost object in the whole picture; continue from there."""
        gray = _gray(picture)
        to_look = np.array([[1, 0, self._look.left], [0, 1, self._look.top], [0, 0, 1]], float)
        for at in self._search.candidates(picture, self._at @ to_look):
            place = at @ np.linalg.inv(to_look)
            for _ in range(2):
                finer, share = self._by_look(gray, place)
                if finer is None or share < _SURE:
                    break
                place = finer
            else:
                return self._settle(gray, place, 0.0)
        return None

    def resume(self, picture: Pixels, corners: Corners) -> bool:
        """Go on from a box that a person drew, with the look from before; False where the box has another look."""
        gray = _gray(picture)
        height, width = gray.shape
        box = self.box()
        size = np.sqrt((corners[2] - corners[0]) * (corners[3] - corners[1]) / max(1.0, area(box)))
        then, now = middle(box), middle(corners)
        for turn in _TURNS:
            for bigger in (size, 1.0):
                shape = bigger * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
                place = np.vstack([np.column_stack([shape, now - shape @ then]), [0, 0, 1]]) @ self._at
                for _ in range(2):
                    finer, share = self._by_look(gray, place)
                    if finer is None or share < _SURE:
                        break
                    place = finer
                else:
                    self._at, self._before, self.score = place, gray, share
                    if overlap(cut(self.box(), width, height), corners) < _SAME:
                        return False
                    self._fit_to(corners, width, height)
                    return True
        return False

    def _fit_to(self, corners: Corners, width: int, height: int) -> None:
        """Take over how a person's box lies around the object, on the sides that the picture's edge doesn't cut."""
        box = np.array(self.box())
        size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
        drawn = np.array(corners)
        is_cut = np.array([drawn[0] < _EDGE, drawn[1] < _EDGE, drawn[2] > width - _EDGE, drawn[3] > height - _EDGE])
        off = (drawn - box) / size
        self._margins = np.where(is_cut | (abs(off) > _MOST_OFF), self._margins, off + self._margins)

    def _settle(self, gray: Gray, at: Matrix, part: float) -> Found | None:
        height, width = gray.shape
        fine, share = self._by_look(gray, at)
        if fine is not None:
            at = fine
        self._at, self._before = at, gray
        if fine is None or share < _OUTWORN:
            self.score = min(part, max(share, 0.0))
        else:
            self.score = share
        box = self.box()
        seen = cut(box, width, height)
        whole = max(1.0, (box[2] - box[0]) * (box[3] - box[1]))
        if (seen[2] - seen[0]) * (seen[3] - seen[1]) < 0.25 * whole or self.score < _LOST:
            return None
        return Found(seen, self.score)

    def box(self) -> Corners:
        moved = _moved(self._outline, self._at)
        (left, top), (right, bottom) = moved.min(axis=0), moved.max(axis=0)
        across, down = right - left, bottom - top
        margins = self._margins * (across, down, across, down)
        return of(np.array([left, top, right, bottom]) + margins)

    @property
    def points(self) -> Points:
        """Where its points were last."""
        return _moved(self._points, self._at).astype(np.float32)

    def _by_flow(self, gray: Gray) -> tuple[Matrix | None, float]:
        """From the picture before to this one, and the part of the points that says so."""
        now = _moved(self._points, self._at).astype(np.float32)
        inside = are_inside(now, gray)
        if inside.sum() < FEWEST:
            return None, 0
        start = now[inside]
        end, good = followed(self._before, gray, start)
        if good.sum() < FEWEST:
            return None, 0
        found, chosen = cv2.estimateAffinePartial2D(
            start[good], end[good], method=cv2.RANSAC, ransacReprojThreshold=MOST_PIXELS_OFF
        )
        if found is None or chosen.sum() < FEWEST:
            return None, 0
        size = float(np.hypot(found[0, 0], found[1, 0]))
        if not 1 / _STEEPEST < size < _STEEPEST:
            return None, 0
        return np.vstack([found, [0, 0, 1]]), float(chosen.sum()) / len(start)

    def _by_look(self, gray: Gray, at: Matrix) -> tuple[Matrix | None, float]:
        """The place corrected by the first look, and the part of its points that are found again."""
        box = _moved(self._outline, at)
        low = np.floor(box.min(axis=0) - _MARGIN).astype(int)
        high = np.ceil(box.max(axis=0) + _MARGIN).astype(int)
        low, high = np.maximum(low, 0), np.minimum(high, [gray.shape[1], gray.shape[0]])
        if (high - low < 16).any():
            return None, 0
        look = self._look
        to_part = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]], float)
        from_look = to_part @ at @ np.array([[1, 0, look.left], [0, 1, look.top], [0, 0, 1]], float)
        size = (int(high[0] - low[0]), int(high[1] - low[1]))
        expected = cv2.warpAffine(look.gray, from_look[:2], size, borderMode=cv2.BORDER_REPLICATE)
        part = gray[low[1] : high[1], low[0] : high[0]]
        start = _moved(look.points, to_part @ at).astype(np.float32)
        inside = are_inside(start, part)
        if inside.sum() < FEWEST:
            return None, 0
        start, origin = start[inside], look.points[inside]
        end, good = followed(np.asarray(expected, np.uint8), part, start, side=13, levels=1)
        good &= np.hypot(*(end - start).T) < _MARGIN
        if good.sum() < FEWEST:
            return None, 0
        there = end[good] + low.astype(np.float32)
        found, chosen = fitted(origin[good], there)
        if found is None or chosen < FEWEST:
            return None, 0
        return found, chosen / len(start)


def _look(gray: Gray, corners: Corners, at: Matrix, points: Points) -> _Look:
    height, width = gray.shape
    left, top, right, bottom = cut(corners, width, height)
    x, y = max(0, int(left) - _MARGIN), max(0, int(top) - _MARGIN)
    return _Look(gray[y : int(bottom) + _MARGIN, x : int(right) + _MARGIN].copy(), at, points, x, y)


def middle(corners: Corners) -> NDArray[np.float64]:
    return np.array([corners[0] + corners[2], corners[1] + corners[3]]) / 2


def _moved(points: Points, matrix: Matrix) -> NDArray[np.float64]:
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2])


def _gray(picture: Pixels) -> Gray:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
