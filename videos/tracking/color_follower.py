"""The color tracker, with a memory: it finds its object again where nothing else in the picture has its color."""

import cv2

from videos.tracking.color_tracker import ColorTracker
from videos.tracking.corners import overlap
from videos.tracking.tracker import Corners, Found, Pixels

_FEWEST_PARTS, _MOST_PARTS = 0.4, 1.8
_LEAST_FILLED = 0.35
# So often, in frames, it is looked at whether anything else looks the same.
_EVERY = 10


class ColorFollower(ColorTracker):
    def __init__(self) -> None:
        super().__init__()
        self._steps = 0
        self._has_twins = False

    def start(self, picture: Pixels, corners: Corners) -> None:
        super().start(picture, corners)
        self._has_twins = self._others(picture, corners)

    def step(self, picture: Pixels) -> Found | None:
        found = super().step(picture)
        self._steps += 1
        if found and self._steps % _EVERY == 0:
            self._has_twins = self._has_twins or self._others(picture, found.corners)
        return found

    def find_again(self, picture: Pixels) -> Found | None:
        """Look for the lost object in the whole picture; continue from there."""
        if self._has_twins:
            return None
        patches = self._patches(picture)
        if len(patches) != 1:
            return None
        size = self._size
        self.take(patches[0], (0, 0, float(size[0]), float(size[1])))
        return self.step(picture)

    def _others(self, picture: Pixels, corners: Corners) -> bool:
        return any(overlap(patch, corners) < 0.1 for patch in self._patches(picture))

    def _patches(self, picture: Pixels) -> list[Corners]:
        """Where something of this color is that is about as large."""
        assert self.look is not None
        mask = self.look.mask(picture)
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        return [
            (float(left), float(top), float(left + width), float(top + height))
            for left, top, width, height, size in stats[1:].tolist()
            if _FEWEST_PARTS < size / self.whole_area < _MOST_PARTS and size > _LEAST_FILLED * width * height
        ]
