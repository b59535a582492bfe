"""What one entry of a COCO file says: its ids, its numbers, and the box of an object."""

import math
from dataclasses import dataclass
from typing import Any

from datasets.formats.coco.masks import box_around
from datasets.formats.common.picture_files import number_of

Id = str
Corners = tuple[float, float, float, float]

_MAX_ID_LETTERS = 200
_CORNERS = 4


@dataclass(frozen=True, slots=True)
class Object:
    """One annotation; `category` and `corners` are None where it has none that can be used.

    `is_crowd`: whether it says so of itself, which programs do of masks as well. `is_described`: whether attributes
    stand beside it, as CVAT writes them for each single object.
    """

    image: Id
    category: Id | None
    corners: Corners | None
    is_crowd: bool
    is_described: bool


def object_of(entry: dict[str, Any]) -> Object | None:
    """The object; None for an entry that says of no picture."""
    image = id_of(entry.get("image_id"))
    if image is None:
        return None
    is_crowd = number_of(entry.get("iscrowd")) == 1 or entry.get("iscrowd") is True
    is_described = isinstance(entry.get("attributes"), dict)
    return Object(image, id_of(entry.get("category_id")), _corners(entry), is_crowd, is_described)


def id_of(value: object) -> Id | None:
    """The value as an id, if it can be one: programs write 1 in one place, and "1" or 1.0 in another."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float):
        return str(value)[:_MAX_ID_LETTERS]
    return value.strip() if isinstance(value, str) and len(value) <= _MAX_ID_LETTERS else None


def text_of(value: object) -> str | None:
    """A name, which some programs write as a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return id_of(value)
    return value if isinstance(value, str) and value.strip() else None


def _corners(entry: dict[str, Any]) -> Corners | None:
    """The object's box, by its `bbox`, or else around its polygons or its mask."""
    x, y, width, height = _numbers(entry.get("bbox"), _CORNERS) or (math.nan,) * _CORNERS
    if width > 0 and height > 0:
        return around_turned((x, y, x + width, y + height), _rotation(entry))
    outline = entry.get("segmentation")
    if isinstance(outline, dict):
        return box_around(outline)
    polygons = outline if isinstance(outline, list) and outline and isinstance(outline[0], list) else [outline]
    points = [number for polygon in polygons for number in _numbers(polygon)]
    across, down = points[0::2], points[1::2]
    return (min(across), min(down), max(across), max(down)) if down else None


def around_turned(corners: Corners, degrees: float) -> Corners:
    """The box around a box that is turned around its center."""
    if not math.isfinite(degrees) or degrees % 180 == 0:
        return corners
    xmin, ymin, xmax, ymax = corners
    x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
    cos, sin = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    across = ((xmax - xmin) * cos + (ymax - ymin) * sin) / 2
    down = ((xmax - xmin) * sin + (ymax - ymin) * cos) / 2
    return x - across, y - down, x + across, y + down


def _rotation(entry: dict[str, Any]) -> float:
    """In degrees; as CVAT writes it, whose `bbox` is that of the box before it was turned."""
    attributes = entry.get("attributes")
    rotation = number_of(attributes.get("rotation")) if isinstance(attributes, dict) else 0.0
    return rotation if math.isfinite(rotation) else 0.0


def _numbers(values: object, count: int | None = None) -> list[float]:
    """The values; none when they are no list of numbers, or not as many as asked for."""
    numbers = [number_of(value) for value in values] if isinstance(values, list) else []
    is_right = count in (None, len(numbers)) and all(map(math.isfinite, numbers))
    return numbers if is_right else []
