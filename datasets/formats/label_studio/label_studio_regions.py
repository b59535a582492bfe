"""The regions of Label Studio, in percent of a picture as it is shown.

https://labelstud.io/guide/task_format
"""

import json
import math
from typing import Any

from datasets.formats.common.drawings import Drawing
from datasets.formats.common.picture_files import number_of, one_line, stated_size
from datasets.formats.common.shapes import Corners, around, around_ellipse, around_rotated

Region = dict[str, Any]

_SAID = ("x", "y", "width", "height", "rotation", "points", "radiusX", "radiusY")
_SHAPES = ("rectangle", "polygon", "ellipse", "rectanglelabels", "polygonlabels", "ellipselabels")


def labels(region: Region) -> list[str]:
    """The labels that a region has itself: of a set with boxes and labels as two tags, only one of the two has any."""
    value, kind = region.get("value"), region.get("type")
    known = value.get(kind) if isinstance(value, dict) and isinstance(kind, str) and kind.endswith("labels") else None
    return [label for label in known if isinstance(label, str)] if isinstance(known, list) else []


def drawing(regions: list[Region], size: tuple[int, int] | None) -> Drawing:
    """The boxes of the regions on a picture of that size; none of them can be used where the size isn't known."""
    drawn = Drawing(stated(regions))
    with_labels = {str(region.get("id")) for region in regions if labels(region)}
    for region in regions:
        named = labels(region)
        corners = _corners(region, size) if size and named else None
        if not named and region.get("type") in _SHAPES and str(region.get("id")) not in with_labels:
            drawn.objects += 1
        for label in named:
            drawn.add(one_line(label), corners, _is_plain_box(region))
    return drawn


def are_turned(regions: list[Region]) -> bool:
    """Whether the picture was turned in Label Studio for one of them."""
    turns = (number_of(region.get("image_rotation", 0)) for region in regions)
    return any(math.isfinite(turn) and turn % 360 for turn in turns)


def say_the_same(one: list[Region], other: list[Region]) -> bool:
    """Whether two annotations of a picture have the same regions, whatever their ids."""
    return len(one) == len(other) and sorted(map(_said, one)) == sorted(map(_said, other))


def _said(region: Region) -> str:
    """What a region says, in JSON and in JSON-MIN alike."""
    value = region.get("value")
    said = (
        {key: value[key] for key in value if key in _SAID or key.endswith("labels")} if isinstance(value, dict) else {}
    )
    return json.dumps([region.get("type"), region.get("image_rotation") or 0, said], sort_keys=True, default=str)


def _is_plain_box(region: Region) -> bool:
    value = region["value"]
    return not {"points", "radiusX"} & value.keys() and not number_of(value.get("rotation", 0)) % 360


def _corners(region: Region, size: tuple[int, int]) -> Corners | None:
    """The box around a region in pixels. Label Studio turns boxes around their upper left corner."""
    value = region["value"]
    across, down = size[0] / 100, size[1] / 100
    rotation = number_of(value.get("rotation", 0))
    rotation = rotation if math.isfinite(rotation) else 0.0
    if isinstance(value.get("points"), list):
        pairs = [pair for pair in value["points"] if isinstance(pair, list) and len(pair) == 2]
        return around((number_of(x) * across, number_of(y) * down) for x, y in pairs)
    x, y = number_of(value.get("x")) * across, number_of(value.get("y")) * down
    if "radiusX" in value:
        radii = number_of(value.get("radiusX")) * across, number_of(value.get("radiusY")) * down
        return around_ellipse((x, y), radii, rotation)
    width, height = number_of(value.get("width")) * across, number_of(value.get("height")) * down
    return around_rotated((x, y, x + width, y + height), rotation, (x, y)) if math.isfinite(width) else None


def stated(regions: list[Region]) -> tuple[int, int] | None:
    """The size of the picture that the regions were drawn on; None where they don't agree."""
    found = {
        stated_size(number_of(region.get("original_width")), number_of(region.get("original_height")))
        for region in regions
        if "original_width" in region
    }
    return found.pop() if len(found) == 1 else None
