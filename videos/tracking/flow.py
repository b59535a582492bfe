"""Sparse optical flow, checked: where points go, and which of them come back to where they began."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]


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
