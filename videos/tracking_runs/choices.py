"""The trackers that a person can choose, by their names."""

from collections.abc import Callable

import cv2

from videos.tracking.tracker import Corners, Found, Pixels, Tracker
from videos.tracking_runs.tracker_names import NAMES


class _OfOpenCV:
    """A tracker of OpenCV's."""

    def __init__(self, make: Callable[[], cv2.legacy.Tracker]) -> None:
        self._make = make

    def start(self, picture: Pixels, corners: Corners) -> None:
        left, top, right, bottom = corners
        self._tracker = self._make()
        self._tracker.init(picture, (left, top, right - left, bottom - top))

    def step(self, picture: Pixels) -> Found | None:
        is_found, (left, top, width, height) = self._tracker.update(picture)
        return Found((left, top, left + width, top + height), 1.0) if is_found else None


def _median_flow() -> Tracker:
    return _OfOpenCV(cv2.legacy.TrackerMedianFlow_create)  # type: ignore[attr-defined]  # the stubs lack it


_MAKERS: dict[str, Callable[[], Tracker]] = dict.fromkeys(NAMES, _median_flow)


def tracker(name: str) -> Tracker:
    """Return a new tracker of that name."""
    return _MAKERS[name]()
