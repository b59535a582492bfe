"""A tracker of things in one flat color, which game pieces are: where others find no pattern, it finds the color."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from videos.tracking.corners import area, cut, overlap, shifted
from videos.tracking.tracker import Corners, Found, Pixels

Mask = NDArray[np.uint8]
# How much the brightness counts beside the two values of the color itself: lamps and shadows change it most.
_BRIGHTNESS = 0.5
_LEAST_FAR, _MOST_FAR = 9.0, 45.0
# Around the predicted box so much of its size is searched, and so many pixels.
_SEARCHED, _SEARCHED_PIXELS = 0.3, 12
# The object is lost where less than this part of its color is still seen.
_LOST = 0.22
# By how much a whole object may grow or shrink from one frame to the next.
_GROWTH, _SHRINKING = 0.03, 0.01
_TOO_LARGE = 1.12
_SMALLEST = 6  # pixels


@dataclass(frozen=True)
class ColorLook:
    """A color, and up to which distance from it a pixel has it.

    Attributes:
        apart: the part of what is just around the object that has another color: 1 is a color of its own.
        filled: the part of the box's middle that has the color: 1 is one flat color.
    """

    middle: NDArray[np.float32]
    far: float
    apart: float
    filled: float

    def mask(self, picture: Pixels) -> Mask:
        """The pixels of this color, without specks."""
        near = (_distance(picture, self.middle) < self.far).astype(np.uint8)
        return np.asarray(cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)


def look_of(picture: Pixels, corners: Corners) -> ColorLook:
    """Learn the color of what is in the box from its middle and from what is around it."""
    height, width = picture.shape[:2]
    inner = _part(picture, _grown(corners, -0.25))
    lab = _lab(inner).reshape(-1, 3)
    middle = np.median(lab, axis=0).astype(np.float32)
    around = cut(_grown(corners, 0.5), width, height)
    outside = np.ones((height, width), bool)
    left, top, right, bottom = (round(side) for side in _grown(corners, 0.06))
    outside[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    ring = _part(outside, around)
    far_out = _distance(_part(picture, around), middle)[ring]
    inside = _distance(inner, middle)
    if not far_out.size:
        return ColorLook(middle, _MOST_FAR / 2, 0, 0)
    far = float(np.clip(np.percentile(far_out, 15) / 2, _LEAST_FAR, _MOST_FAR))
    return ColorLook(middle, far, float((far_out > far).mean()), float((inside < far).mean()))


class ColorTracker:
    def __init__(self) -> None:
        self.look: ColorLook | None = None
        self._box: Corners = (0, 0, 0, 0)
        self._drawn_as: Corners = (0, 0, 0, 0)
        self._size = np.zeros(2)
        self._fill = 1.0
        self._speed = np.zeros(2)

    def start(self, picture: Pixels, corners: Corners) -> None:
        height, width = picture.shape[:2]
        self.look = self.look or look_of(picture, corners)
        self._speed = np.zeros(2)
        mask = self.look.mask(_part(picture, cut(corners, width, height)))
        self._box = corners
        self._size = np.array([corners[2] - corners[0], corners[3] - corners[1]])
        self._fill = max(0.3, float(mask.mean()) if mask.size else 1.0)
        seen = self._seen(picture, corners)
        is_same = seen is not None and overlap(seen, corners) > 0.7
        # How the person's box lies around the color: kept through all frames.
        self._drawn_as = _relative(corners, seen) if is_same and seen is not None else (0, 0, 0, 0)

    def take(self, corners: Corners, size: Corners) -> None:
        """Go on from a place where the object was found again; `size`: the box it had when it was whole."""
        self._box, self._speed = corners, np.zeros(2)
        self._size = np.array([size[2] - size[0], size[3] - size[1]])

    @property
    def whole_area(self) -> float:
        return float(self._size.prod() * self._fill)

    def step(self, picture: Pixels) -> Found | None:
        height, width = picture.shape[:2]
        predicted = shifted(self._box, [*self._speed, *self._speed])
        seen = self._seen(picture, predicted)
        if seen is None:
            return None
        moved = (np.add(seen[:2], seen[2:]) - np.add(self._box[:2], self._box[2:])) / 2
        self._speed = 0.5 * self._speed + 0.5 * moved
        self._box = seen
        self._learn_size(seen, width, height)
        shown = cut(_with_margins(seen, self._drawn_as), width, height)
        if area(shown) < _SMALLEST**2:
            return None
        return Found(shown, self._score)

    def _seen(self, picture: Pixels, predicted: Corners) -> Corners | None:
        """The box around the object's color near the prediction."""
        assert self.look is not None
        height, width = picture.shape[:2]
        margins = _SEARCHED * self._size + _SEARCHED_PIXELS
        left, top, right, bottom = predicted
        window = cut((left - margins[0], top - margins[1], right + margins[0], bottom + margins[1]), width, height)
        if window[2] - window[0] < 3 or window[3] - window[1] < 3:
            return None
        x, y = int(window[0]), int(window[1])
        mask = self.look.mask(_part(picture, window))
        mask = _belonging(mask, shifted(predicted, (-x, -y, -x, -y)), self.whole_area)
        self._score = min(1.0, float(mask.sum()) / self.whole_area)
        if self._score < _LOST:
            return None
        found = _around(mask)
        return self._of_known_size(shifted(found, (x, y, x, y)), predicted)

    def _of_known_size(self, found: Corners, predicted: Corners) -> Corners:
        """The same where it isn't too large; otherwise, as beside a twin, the part nearest to the prediction."""
        sides = list(found)
        for axis in (0, 1):
            low, high = found[axis], found[axis + 2]
            whole = max(self._size[axis] * _TOO_LARGE, predicted[axis + 2] - predicted[axis])
            if high - low > whole + 3:
                middle = (predicted[axis] + predicted[axis + 2]) / 2
                size = self._size[axis]
                start = min(max(middle - size / 2, low), high - size)
                sides[axis], sides[axis + 2] = start, start + size
        return sides[0], sides[1], sides[2], sides[3]

    def _learn_size(self, seen: Corners, width: int, height: int) -> None:
        for axis, end in ((0, width), (1, height)):
            is_cut = seen[axis] <= 2 or seen[axis + 2] >= end - 2
            now, known = seen[axis + 2] - seen[axis], self._size[axis]
            if not is_cut or now > known:
                self._size[axis] = min(
                    max(now, known * (1 - _SHRINKING)), known * (1 + _GROWTH) + (now if is_cut else 0)
                )


def _belonging(mask: Mask, predicted: Corners, whole_area: float) -> Mask:
    """The patches of color that lie mostly in the predicted box: not the neighbors."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    wanted = _grown(predicted, 0.12)
    kept = np.zeros(count, np.uint8)
    for number in range(1, count):
        left, top, width, height, size = stats[number].tolist()
        box = (left, top, left + width, top + height)
        across = min(box[2], wanted[2]) - max(box[0], wanted[0])
        down = min(box[3], wanted[3]) - max(box[1], wanted[1])
        if across > 0 and down > 0 and size > 0.02 * whole_area and across * down > 0.4 * width * height:
            kept[number] = 1
    return kept[labels]


def _around(mask: Mask) -> Corners:
    """The box around nearly all of a mask: a few pixels that stick out don't count."""
    across, down = np.flatnonzero(mask.sum(axis=0) > 2), np.flatnonzero(mask.sum(axis=1) > 2)
    if not across.size or not down.size:
        return 0, 0, 0, 0
    return float(across[0]), float(down[0]), float(across[-1] + 1), float(down[-1] + 1)


def _relative(corners: Corners, seen: Corners) -> Corners:
    width, height = max(1.0, seen[2] - seen[0]), max(1.0, seen[3] - seen[1])
    steps = [a - b for a, b in zip(corners, seen, strict=True)]
    return steps[0] / width, steps[1] / height, steps[2] / width, steps[3] / height


def _with_margins(seen: Corners, margins: Corners) -> Corners:
    width, height = seen[2] - seen[0], seen[3] - seen[1]
    return shifted(seen, (margins[0] * width, margins[1] * height, margins[2] * width, margins[3] * height))


def _grown(corners: Corners, by: float) -> Corners:
    across, down = by * (corners[2] - corners[0]), by * (corners[3] - corners[1])
    return shifted(corners, (-across, -down, across, down))


def _part(picture: NDArray[Any], corners: Corners) -> NDArray[Any]:
    height, width = picture.shape[:2]
    left, top = min(max(0, int(corners[0])), width - 1), min(max(0, int(corners[1])), height - 1)
    right, bottom = max(left + 1, int(np.ceil(corners[2]))), max(top + 1, int(np.ceil(corners[3])))
    return picture[top:bottom, left:right]


def _lab(picture: Pixels) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2LAB), np.float32)


def _distance(picture: Pixels, middle: NDArray[np.float32]) -> NDArray[np.float32]:
    apart = _lab(np.asarray(cv2.blur(picture, (3, 3)), np.uint8)) - middle
    apart[..., 0] *= _BRIGHTNESS
    return np.asarray(np.sqrt((apart**2).sum(axis=-1)), np.float32)
