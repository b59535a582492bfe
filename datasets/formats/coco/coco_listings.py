"""What one COCO file says of one picture."""

import math
from dataclasses import dataclass, field

from datasets.formats.common.samples import PixelBox
from datasets.split import Split


@dataclass(slots=True)
class Listing:
    """What one file says of one picture. `boxes` are those of `objects` that can be used; `crowds` are beside them.

    `times`: how often the file lists the picture. `is_left_out`: whether it can't be told what the picture shows.
    """

    file: str
    size: tuple[int, int] | None = None
    split: Split | None = None
    boxes: list[PixelBox] = field(default_factory=list)
    objects: int = 0
    crowds: int = 0
    times: int = 0
    is_drawn_upright: bool | None = None
    is_left_out: bool = False


class Drawing:
    """What is compared of a listing, made for as long as its picture is looked at."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.file, self.split = listing.file, listing.split
        self.is_drawn = bool(listing.objects or listing.crowds)
        self.boxes = frozenset(listing.boxes)
        self.labels = frozenset(box.label for box in listing.boxes)
        self.places = frozenset(map(place, listing.boxes))


def place(box: PixelBox) -> tuple[int | None, ...]:
    """Where the box lies, by whole pixels: a box that gets another label stays where it is."""
    corners = (box.xmin, box.ymin, box.xmax, box.ymax)
    return tuple(round(side) if math.isfinite(side) else None for side in corners)
