"""Boxes as numbers: how far two cover each other, and what lies between them."""

from collections.abc import Iterable, Sequence

from videos.tracking.tracker import Corners


def overlap(one: Corners, other: Corners) -> float:
    """Return the IoU: the area that both cover, of the area that either covers."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / (area(one) + area(other) - across * down)


def area(corners: Corners) -> float:
    return max(0.0, corners[2] - corners[0]) * max(0.0, corners[3] - corners[1])


def blended(one: Corners, other: Corners, weight: float) -> Corners:
    """Return the box on the way from `one`, 0, to the `other`, 1."""
    return of(a + (b - a) * weight for a, b in zip(one, other, strict=True))


def shifted(corners: Corners, by: Sequence[float]) -> Corners:
    """Move each of the four sides by its own number."""
    return of(side + step for side, step in zip(corners, by, strict=True))


def cut(corners: Corners, width: float, height: float) -> Corners:
    """Leave what lies in a picture of that size."""
    left, top, right, bottom = corners
    return (
        min(max(left, 0.0), width),
        min(max(top, 0.0), height),
        min(max(right, 0.0), width),
        min(max(bottom, 0.0), height),
    )


def of(sides: Iterable[float]) -> Corners:
    left, top, right, bottom = (float(side) for side in sides)
    return left, top, right, bottom
