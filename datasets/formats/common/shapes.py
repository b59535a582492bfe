"""The boxes around what annotation programs draw: rotated boxes, polygons, ellipses."""

import math
from collections.abc import Iterable

Corners = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax


def around(points: Iterable[tuple[float, float]]) -> Corners | None:
    """The box around points; None for fewer than two."""
    known = list(points)
    if len(known) < 2:
        return None
    across, down = [x for x, _ in known], [y for _, y in known]
    return min(across), min(down), max(across), max(down)


def around_rotated(box: Corners, degrees: float, pivot: tuple[float, float] | None = None) -> Corners:
    """The box around a box that is turned clockwise, by itself around its center."""
    if not degrees % 360:
        return box
    xmin, ymin, xmax, ymax = box
    x, y = pivot or ((xmin + xmax) / 2, (ymin + ymax) / 2)
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    corners = [(corner_x - x, corner_y - y) for corner_x in (xmin, xmax) for corner_y in (ymin, ymax)]
    turned = [(x + right * cosine - below * sine, y + right * sine + below * cosine) for right, below in corners]
    return around(turned) or box


def around_ellipse(center: tuple[float, float], radii: tuple[float, float], degrees: float = 0) -> Corners:
    """The box around an ellipse that is turned clockwise around its center."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    width = math.hypot(radii[0] * cosine, radii[1] * sine)
    height = math.hypot(radii[0] * sine, radii[1] * cosine)
    return center[0] - width, center[1] - height, center[0] + width, center[1] + height


def are_numbers(corners: Corners | None) -> bool:
    """Whether there is a box, and all of its corners are numbers."""
    return corners is not None and all(map(math.isfinite, corners))
