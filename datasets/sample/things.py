"""Things that stand before one another in a scene, their shadows, and what is seen of each."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from datasets.formats.common.samples import PixelBox
from videos.sample import pieces
from videos.sample.scenery import cast_shadow


@dataclass(frozen=True)
class Thing:
    """Something on the floor of a scene. `label`: "" for what is no game piece. `away`: the less, the nearer it is."""

    label: str
    picture: Image.Image
    left: int
    top: int
    away: float

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """[height, width]: where a scene of this width and height shows it, if nothing stands before it."""
        scene = Image.new("L", size)
        scene.paste(self.picture.getchannel("A"), (self.left, self.top))
        return np.asarray(scene) > 127

    def area(self) -> int:
        """Pixels of the whole thing, also of what lies outside the scene."""
        return int((np.asarray(self.picture.getchannel("A")) > 127).sum())


def light_from(side: float) -> pieces.Vector:
    """Where the light comes from, above and before the scene: from the left at -1, from the right at 1."""
    light = np.array([side, -1.0, -0.7])
    return light / np.linalg.norm(light)


def visible(
    things: Iterable[Thing], size: tuple[int, int], least_part: float, least_side: int = 1
) -> tuple[list[Thing], list[PixelBox]]:
    """The things, far to near, without pieces that are hidden; and the boxes of what is seen of the pieces.

    Hidden is a piece of which less than `least_part` is seen, or of whose box a side is below `least_side` pixels.
    """
    kept: list[Thing] = []
    boxes: list[PixelBox] = []
    hidden = np.zeros(size[::-1], bool)
    # Of two that are equally far, the later one stands before the other.
    for thing in sorted(things, key=lambda thing: thing.away, reverse=True)[::-1]:
        mask = thing.mask(size)
        if thing.label:
            seen = mask & ~hidden
            if seen.sum() < least_part * thing.area():
                continue
            box = _box_around(thing.label, seen)
            if min(box.xmax - box.xmin, box.ymax - box.ymin) < least_side:
                continue
            boxes.append(box)
        kept.append(thing)
        hidden |= mask
    return kept[::-1], boxes[::-1]


def put(scene: Image.Image, things: Iterable[Thing], side: float) -> None:
    """Draw the things, far to near, with their shadows; the light comes from this side."""
    for thing in things:
        cast_shadow(scene, thing.picture, thing.left, thing.top, side)
        scene.paste(thing.picture, (thing.left, thing.top), thing.picture)


def _box_around(label: str, seen: NDArray[np.bool_]) -> PixelBox:
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return PixelBox(label, float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
