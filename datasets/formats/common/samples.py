"""What every format is read into: a picture as it came, and what its annotation says about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from datasets.split import Split


@dataclass(frozen=True, slots=True)
class PixelBox:
    """One labeled object, in pixels from the picture's upper left corner; nothing is checked yet."""

    label: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture and its annotation.

    `filename`: where the picture lies in its archive. `read`: returns the bytes of the picture's file; it may be called
    only before the next sample is asked for. `size`: the (width, height) that the annotation states, None when it
    states none. `objects`: how many objects the annotation lists, also those without a usable name or box.
    `split`: where the archive itself puts the picture, None when it does not say. `is_drawn_upright`: whether the boxes
    are of the picture as it is shown (True), or as its file stores it, before the camera's rotation is applied (False);
    None where only `size` can tell. `is_annotated`: whether the archive says anything of the picture, if only that
    nothing is there.
    """

    filename: str
    read: Callable[[], bytes]
    size: tuple[int, int] | None = None
    boxes: list[PixelBox] = field(default_factory=list)
    objects: int = 0
    split: Split | None = None
    is_drawn_upright: bool | None = None
    is_annotated: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found in an archive: so many samples, which can be gone through once."""

    total: int
    samples: Iterable[Sample]
