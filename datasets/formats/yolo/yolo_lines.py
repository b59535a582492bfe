"""The lines of YOLO label files: a box, a polygon, or what a tracker wrote. All lines of a set tell which."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum, auto

# A label's number and a box.
BOX = 5
# With a number behind it: the confidence of a model, or the number of a track.
_BOX_AND_ONE = 6
# A label's number and three corners; or a box with a confidence and the number of a track.
_TRIANGLE = 7
# Boxes reach over the border a little; numbers that are no fractions belong to another format.
_FRACTIONS = (-1.0, 2.0)
# So far over the border a model draws no box.
_ROUNDING = 0.02
_DECIMAL_COMMAS = re.compile(r"[-+]?\d+(,\d+(e[-+]?\d+)?)?", re.IGNORECASE)
# One line alone is chance.
_ENOUGH_LINES = 2


class Shape(Enum):
    """What the numbers of one line describe. EITHER: a polygon or a track, which other lines must tell."""

    NOTHING = auto()
    BOX = auto()
    POLYGON = auto()
    TRACK = auto()
    EITHER = auto()


def lines(text: str) -> list[str]:
    """The lines that hold anything."""
    return [line for line in text.splitlines() if line.strip()]


def numbers(line: str) -> list[float]:
    """The numbers of a line, also with decimal commas; none when anything else is in it."""
    try:
        found = [float(word) for word in _words(line)]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def is_label(found: list[float]) -> bool:
    """Whether the numbers of a line can be a label and its box, polygon or track."""
    label, *others = found or [math.nan]
    if len(found) < BOX or label < 0 or not label.is_integer():
        return False
    may_be_id = len(found) > BOX and _is_id(others[-1])
    return all(map(_is_fraction, others[:-1])) and (may_be_id or _is_fraction(others[-1]))


def shape(found: list[float]) -> Shape:
    """What one line describes, as far as it tells by itself.

    `yolo track` writes the confidence and the number of the track behind each box: as many numbers as a triangle has.
    Corners are fractions; of tracks the last number is whole, and mostly larger than 1.
    """
    if len(found) in (BOX, _BOX_AND_ONE):
        return Shape.BOX
    if len(found) < _TRIANGLE or len(found) % 2 == 0:
        return Shape.NOTHING
    confidence, track = found[-2:]
    if not _is_id(track) or not 0 <= confidence <= 1:
        return Shape.POLYGON
    if track > 1:
        return Shape.TRACK
    return Shape.EITHER if len(found) > _TRIANGLE or _is_inside(found[1:BOX]) else Shape.POLYGON


def are_tracks(shapes: Counter[tuple[Shape, int]]) -> bool | None:
    """Whether the lines of a set that may be either are tracks; None where the set doesn't tell.

    `shapes` counts the lines of the set by their shape and their length.
    """
    of_shape: Counter[Shape] = Counter()
    for (of_line, _), lines_of_it in shapes.items():
        of_shape[of_line] += lines_of_it
    if of_shape[Shape.TRACK] and of_shape[Shape.POLYGON]:
        return None
    if of_shape[Shape.TRACK] or of_shape[Shape.POLYGON]:
        return bool(of_shape[Shape.TRACK])
    if any(of_line == Shape.EITHER and length > _TRIANGLE for of_line, length in shapes):
        return False
    # No triangles all end exactly at a border and look like boxes inside the picture.
    return True if of_shape[Shape.EITHER] >= _ENOUGH_LINES else None


def corners(found: list[float], of_line: Shape) -> tuple[float, float, float, float] | None:
    """(xmin, ymin, xmax, ymax) of the box of a line, or around its polygon, in fractions. `of_line` is not EITHER."""
    values = found[1:-2] if of_line == Shape.TRACK else found[1:]
    if of_line == Shape.NOTHING:
        return None
    if of_line == Shape.BOX or len(values) < BOX:
        return _of_box(values)
    across, down = values[0::2], values[1::2]
    return min(across), min(down), max(across), max(down)


def _of_box(values: Iterable[float]) -> tuple[float, float, float, float]:
    x, y, width, height = list(values)[:4]
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _words(line: str) -> list[str]:
    words = line.split()
    if "," not in line:
        return words
    if all(map(_DECIMAL_COMMAS.fullmatch, words)) and len(words) >= BOX:
        return [word.replace(",", ".") for word in words]
    return line.replace(",", " ").split()


def _is_inside(values: list[float]) -> bool:
    xmin, ymin, xmax, ymax = _of_box(values)
    return -_ROUNDING <= xmin < xmax <= 1 + _ROUNDING and -_ROUNDING <= ymin < ymax <= 1 + _ROUNDING


def _is_fraction(value: float) -> bool:
    least, most = _FRACTIONS
    return least <= value <= most


def _is_id(value: float) -> bool:
    return value >= 0 and value.is_integer()
