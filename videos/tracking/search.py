"""Finding a thing with a pattern anywhere: its look, in several sizes and turns, is laid over a small picture."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Pixels = NDArray[np.uint8]
# The small copies have so many pixels where the object has its size.
_SMALL = 22
_SIZES = (0.7, 0.85, 1.0, 1.2, 1.4)
_TURNS = (-0.35, 0.0, 0.35)
_LEAST_LIKE = 0.35
_CANDIDATES = 4


class Search:
    """`look`: a picture with the object. `outline`: its corners there, around which little else is."""

    def __init__(self, look: Pixels, outline: NDArray[np.float32]) -> None:
        self._look = look
        self._middle = (outline.min(axis=0) + outline.max(axis=0)) / 2
        # Half the side of the square that the object fills nearly.
        self._half = 0.36 * (outline.max(axis=0) - outline.min(axis=0))

    def candidates(self, picture: Pixels, last: Matrix) -> Iterator[Matrix]:
        """Where it may be, the likeliest first. `last`: from the look's pixels to where it was last seen."""
        size = float(np.sqrt(abs(np.linalg.det(last[:2, :2]))))
        scale = min(1.0, _SMALL / max(1.0, 2 * float(self._half.max()) * size))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (3, 3), 0)
        margin = _SMALL // 2
        framed = np.asarray(cv2.copyMakeBorder(small, margin, margin, margin, margin, cv2.BORDER_REPLICATE), np.uint8)
        found: list[tuple[float, Matrix]] = []
        for bigger in _SIZES:
            for turn in _TURNS:
                found += self._matches(framed, last, scale, bigger, turn, margin)
        for _, at in sorted(found, key=lambda match: -match[0])[:_CANDIDATES]:
            yield at

    def _matches(
        self, framed: Pixels, last: Matrix, scale: float, bigger: float, turn: float, margin: int
    ) -> Iterator[tuple[float, Matrix]]:
        turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        shape = bigger * scale * turned @ last[:2, :2]
        half = np.maximum(3, np.round(self._half * bigger * scale * np.sqrt(abs(np.linalg.det(last[:2, :2])))))
        offset = half - shape @ self._middle
        size = (int(2 * half[0]), int(2 * half[1]))
        if size[0] > framed.shape[1] or size[1] > framed.shape[0]:
            return
        expected = cv2.warpAffine(
            self._look, np.column_stack([shape, offset]), size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        )
        likeness = cv2.matchTemplate(framed, expected, cv2.TM_CCOEFF_NORMED)
        for _ in range(2):
            _, best, _, (x, y) = cv2.minMaxLoc(likeness)
            if best < _LEAST_LIKE:
                return
            middle = (np.array([x, y]) + half - margin) / scale
            place = middle - (shape / scale) @ self._middle
            yield best, np.vstack([np.column_stack([shape / scale, place]), [0, 0, 1]])
            likeness[max(0, y - 6) : y + 7, max(0, x - 6) : x + 7] = -1
