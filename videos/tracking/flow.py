"""Points of a pattern: where they go (sparse optical flow, checked), and the movement that most of them share."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Matrix = NDArray[np.float64]
# Fewer points tell no movement.
FEWEST = 6
MOST_PIXELS_OFF = 2.0
_MOST_POINTS = 120


def followed(
    before: NDArray[Any], after: NDArray[Any], start: Points, near: float = 1.0, side: int = 15, levels: int = 3
) -> tuple[Points, NDArray[np.bool_]]:
    """Follow points from one gray picture to another.

    Args:
        start: [n, 2].
        near: a point is lost that comes back farther than this, in pixels, from where it began.
        side: of the window around a point that is compared, in pixels.
        levels: how often the pictures are halved, for large movements.

    Returns: where the points are, [n, 2], and which of them can be believed.
    """
    library: Any = cv2
    how = {"winSize": (side, side), "maxLevel": levels}
    there, is_there, _ = library.calcOpticalFlowPyrLK(before, after, start[:, None], None, **how)
    back, is_back, _ = library.calcOpticalFlowPyrLK(after, before, there, None, **how)
    returned = np.hypot(*(back[:, 0] - start).T) < near
    return there[:, 0], returned & (is_there[:, 0] == 1) & (is_back[:, 0] == 1)


def pattern_points(gray: NDArray[np.uint8], inside: NDArray[np.uint8]) -> Points:
    """Return points of the pattern that can be found again."""
    found = cv2.goodFeaturesToTrack(gray, _MOST_POINTS, 0.01, 3, mask=inside, blockSize=5)
    return np.zeros((0, 2), np.float32) if found is None else np.asarray(found[:, 0], np.float32)


def are_inside(points: Points, picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which points lie in the picture, off its edges."""
    height, width = picture.shape
    return (points[:, 0] > 2) & (points[:, 1] > 2) & (points[:, 0] < width - 3) & (points[:, 1] < height - 3)


def fitted(origin: Points, there: Points) -> tuple[Matrix | None, int]:
    """Return a similarity from the points that agree, or, where they are many, an affine transform; and how many."""
    found, chosen = cv2.estimateAffinePartial2D(origin, there, method=cv2.RANSAC, ransacReprojThreshold=MOST_PIXELS_OFF)
    if found is None:
        return None, 0
    affine, kept = cv2.estimateAffine2D(origin, there, method=cv2.RANSAC, ransacReprojThreshold=MOST_PIXELS_OFF)
    if affine is not None and kept.sum() >= max(15, chosen.sum() + 2):
        return np.vstack([affine, [0, 0, 1]]), int(kept.sum())
    return np.vstack([found, [0, 0, 1]]), int(chosen.sum())
