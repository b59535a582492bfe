"""Labeled pictures as a page shows them: their boxes for its script, and the pictures beside one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Generic, TypeVar

Frame = TypeVar("Frame")


@dataclass(frozen=True)
class ShownBox:
    """A labeled box: top, left, bottom, right as parts of its picture.

    `color` numbers a CSS class, the same for a label everywhere.
    """

    label: str
    box: list[float]
    color: int


@dataclass(frozen=True)
class Neighbors(Generic[Frame]):
    """A frame's place among those chosen, counted from 1, and the frames beside it; None at an end."""

    place: int
    total: int
    previous: Frame | None
    next: Frame | None


def as_json(boxes: Sequence[ShownBox]) -> str:
    """Return what a page's script draws over a picture."""
    return json.dumps([asdict(box) for box in boxes])
