"""When a tracker has lost its object: its own word, what it looks like there, and whether its points come back."""

import cv2
import numpy as np
from numpy.typing import NDArray

from videos.tracking.corners import cut
from videos.tracking.flow import followed
from videos.tracking.tracker import Corners, Found, Pixels, Tracker

# Below the first it no longer looks like the object. Below the second it's doubtful, and the points decide.
_UNLIKE, _DOUBTFUL = 0.25, 0.55
# Of the points on the object so many must come back to where they were, in pixels, when followed forward and back.
_COME_BACK, _NEAR = 0.2, 1.5
_POINTS = 6  # across and down
_BINS = (12, 6)
_AROUND = 20  # pixels


class Guarded:
    """Any tracker, with its word checked. A score is how much the object looks like it did."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._look: NDArray[np.float32] = np.zeros(_BINS, np.float32)
        self._before: Pixels = np.zeros((1, 1, 3), np.uint8)
        self._box: Corners = (0, 0, 0, 0)

    def start(self, picture: Pixels, corners: Corners) -> None:
        self._tracker.start(picture, corners)
        self._look, self._before, self._box = colors(picture, corners), picture, corners

    def step(self, picture: Pixels) -> Found | None:
        found = self._tracker.step(picture)
        if found is None:
            return None
        likeness = alike(self._look, colors(picture, found.corners))
        if likeness < _UNLIKE or (likeness < _DOUBTFUL and self._coming_back(picture) < _COME_BACK):
            return None
        self._before, self._box = picture, found.corners
        return Found(found.corners, min(1.0, likeness))

    def _coming_back(self, picture: Pixels) -> float:
        """The part of the points in the box before that come back when they are followed here and back."""
        height, width = picture.shape[:2]
        left, top, right, bottom = self._box
        window = cut((left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND), width, height)
        x, y, far, low = (int(side) for side in window)
        if far - x < 16 or low - y < 16:
            return 0
        before, after = (cv2.cvtColor(one[y:low, x:far], cv2.COLOR_BGR2GRAY) for one in (self._before, picture))
        grid = np.meshgrid(np.linspace(left + 2, right - 2, _POINTS), np.linspace(top + 2, bottom - 2, _POINTS))
        points = (np.stack(grid, axis=-1).reshape(-1, 2) - (x, y)).astype(np.float32)
        return float(followed(before, after, points, near=_NEAR)[1].mean())


def alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return how much the colors of two boxes are the same, from 0 to 1."""
    return 1 - cv2.compareHist(one, other, cv2.HISTCMP_BHATTACHARYYA)


def colors(picture: Pixels, corners: Corners) -> NDArray[np.float32]:
    """Return how often each color is in the box."""
    height, width = picture.shape[:2]
    left, top, right, bottom = (int(side) for side in cut(corners, width, height))
    part = picture[top : max(bottom, top + 1), left : max(right, left + 1)]
    if not part.size:
        return np.zeros(_BINS, np.float32)
    hues = cv2.cvtColor(part, cv2.COLOR_BGR2HSV)
    counts = cv2.calcHist([hues], [0, 1], None, list(_BINS), [0, 180, 0, 256])
    return np.asarray(counts / max(1.0, float(np.sum(counts))), np.float32)
