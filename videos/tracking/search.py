"""Finding a thing with a pattern anywhere in a picture: by SIFT, whatever its turn and size."""

import cv2
import numpy as np
from numpy.typing import NDArray

_MOST_POINTS = 700
# A match counts where the second best is clearly worse.
_CLEARLY = 0.75
_FEWEST = 8
_SMALLEST, _LARGEST = 0.5, 2.0
_PIXELS_OFF = 3.0


class Search:
    """`look`: a gray picture of the object. `outline`: its corners in that picture."""

    def __init__(self, look: NDArray[np.uint8], outline: NDArray[np.float32]) -> None:
        self._sift = cv2.SIFT_create(_MOST_POINTS)
        mask = np.zeros(look.shape, np.uint8)
        cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 255)
        self._places, self._marks = self._sift.detectAndCompute(look, mask)
        self._matcher = cv2.BFMatcher()

    def find(self, gray: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        """From the look's pixels to the picture's; None where it isn't there."""
        if self._marks is None or len(self._marks) < _FEWEST:
            return None
        places, marks = self._sift.detectAndCompute(gray, None)
        if marks is None or len(marks) < 2:
            return None
        pairs = [pair for pair in self._matcher.knnMatch(self._marks, marks, k=2) if len(pair) == 2]
        matches = [one for one, other in pairs if one.distance < _CLEARLY * other.distance]
        if len(matches) < _FEWEST:
            return None
        origin = np.array([self._places[match.queryIdx].pt for match in matches], np.float32)
        there = np.array([places[match.trainIdx].pt for match in matches], np.float32)
        found, chosen = cv2.estimateAffinePartial2D(
            origin, there, method=cv2.RANSAC, ransacReprojThreshold=_PIXELS_OFF
        )
        if found is None or chosen.sum() < _FEWEST:
            return None
        size = float(np.hypot(found[0, 0], found[1, 0]))
        return np.vstack([found, [0, 0, 1]]) if _SMALLEST < size < _LARGEST else None
