"""What every format is read into: a picture as it came, and what its annotation says about it."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PixelBox:
    """One labelled object, in pixels from the picture's upper left corner; nothing is checked yet."""

    label: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture and its annotation.

    `filename`: where the picture lies in its archive. `read`: returns the bytes of the picture's file.
    `size`: the (width, height) that the annotation states, None when it states none.
    `objects`: how many objects the annotation lists, also those without a usable name or box.
    """

    filename: str
    read: Callable[[], bytes]
    size: tuple[int, int] | None = None
    boxes: list[PixelBox] = field(default_factory=list)
    objects: int = 0
