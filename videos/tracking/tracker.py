"""What every tracker is asked, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# [height, width, 3]: blue, green, red.
Pixels = NDArray[np.uint8]
# Left, top, right, bottom, in pixels from the picture's top left.
Corners = tuple[float, float, float, float]
# The picture of the frame with that number.
Pictures = Callable[[int], Pixels]


@dataclass(frozen=True)
class Found:
    """Where the object is. `score`: how sure that is, from 0 to 1."""

    corners: Corners
    score: float


class Tracker(Protocol):
    """Follows one object from frame to frame, forward or back."""

    def start(self, picture: Pixels, corners: Corners) -> None:
        """Learn how the object looks."""

    def step(self, picture: Pixels) -> Found | None:
        """Find it in the next picture; None where it is lost."""
