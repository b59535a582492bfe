"""OpenCV's own trackers, by the names that the reference gives them."""

from collections.abc import Callable, Mapping
from typing import Any

import cv2

from videos.tracking.corners import cut
from videos.tracking.tracker import Corners, Found, Pixels

# The tracker sees this much more than the box, so that it also learns what is around the object.
_AROUND = 1.3
# Without usable types.
_LEGACY: Any = cv2.legacy
_MAKERS: Mapping[str, Callable[[], Any]] = {
    "MedianFlow": lambda: _LEGACY.TrackerMedianFlow_create(),
    "CSRT": lambda: _LEGACY.TrackerCSRT_create(),
    "KCF": lambda: _LEGACY.TrackerKCF_create(),
    "MIL": lambda: _LEGACY.TrackerMIL_create(),
    "MOSSE": lambda: _LEGACY.TrackerMOSSE_create(),
    "TLD": lambda: _LEGACY.TrackerTLD_create(),
    "Boosting": lambda: _LEGACY.TrackerBoosting_create(),
}
NAMES = tuple(_MAKERS)
# MIL says that all is well when nothing is.
_NEVER_BELIEVED = frozenset({"MIL"})


class OpenCVTracker:
    """One of OpenCV's trackers. `around`: how much larger the box is that it is given."""

    def __init__(self, name: str, around: float = _AROUND) -> None:
        self._name, self._around = name, around
        self._tracker: Any = None

    def start(self, picture: Pixels, corners: Corners) -> None:
        height, width = picture.shape[:2]
        left, top, right, bottom = (round(side) for side in cut(_scaled(corners, self._around), width, height))
        self._tracker = _MAKERS[self._name]()
        self._tracker.init(picture, (left, top, right - left, bottom - top))

    def step(self, picture: Pixels) -> Found | None:
        is_found, (left, top, width, height) = self._tracker.update(picture)
        if width <= 0 or height <= 0 or (not is_found and self._name not in _NEVER_BELIEVED):
            return None
        inner = _scaled((left, top, left + width, top + height), 1 / self._around)
        inner = cut(inner, picture.shape[1], picture.shape[0])
        if inner[2] - inner[0] < 1 or inner[3] - inner[1] < 1:
            return None
        return Found(inner, 1.0)


def _scaled(corners: Corners, by: float) -> Corners:
    left, top, right, bottom = corners
    x, y, half_width, half_height = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    return x - by * half_width, y - by * half_height, x + by * half_width, y + by * half_height
