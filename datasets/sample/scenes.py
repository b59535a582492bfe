"""One frame of the sample dataset: a floor with game pieces and other things on it, and the boxes of the pieces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from datasets.formats.common.samples import PixelBox
from videos.sample import pieces
from videos.sample.scenery import HEIGHT, WIDTH, background, cast_shadow, lit

Draw = Callable[..., Image.Image]


@dataclass(frozen=True)
class Cast:
    """What can stand in a scene. `pieces`: what is labeled, by label. `others`: what is not.

    `sizes`: pixels across, of the farthest and of the nearest thing.
    """

    pieces: Mapping[str, Draw]
    others: tuple[Draw, ...]
    sizes: tuple[int, int]


SAMPLE = Cast({"ball": pieces.ball, "cube": pieces.cube}, (pieces.slab, pieces.cone), sizes=(28, 193))
LABELS = tuple(SAMPLE.pieces)

# A piece of which less than this part can be seen is not put there at all.
_LEAST_VISIBLE = 0.4


@dataclass(frozen=True)
class _Thing:
    """Something that stands in the scene. `label` is "" for what is no game piece."""

    label: str
    picture: Image.Image
    left: int
    top: int

    def mask(self) -> NDArray[np.bool_]:
        """[HEIGHT, WIDTH]: where the frame shows it, if nothing stands before it."""
        frame = Image.new("L", (WIDTH, HEIGHT))
        frame.paste(self.picture.getchannel("A"), (self.left, self.top))
        return np.asarray(frame) > 127

    def area(self) -> int:
        """Pixels of the whole thing, also of what lies outside the frame."""
        return int((np.asarray(self.picture.getchannel("A")) > 127).sum())


def render(rng: Generator, piece_count: int, cast: Cast = SAMPLE) -> tuple[Image.Image, list[PixelBox]]:
    """A frame with about `piece_count` game pieces (none for 0), and their boxes."""
    horizon = int(rng.uniform(0.12, 0.42) * HEIGHT)
    side = rng.uniform(-0.8, 0.8)
    light = np.array([side, -1.0, -0.7]) / np.linalg.norm([side, -1.0, -0.7])
    things = [_thing(rng, horizon, light, cast, _any_label(rng, cast)) for _ in range(piece_count)]
    things += [_thing(rng, horizon, light, cast, "") for _ in range(rng.integers(0, 5))]
    # Those whose foot is lower in the frame are nearer, and stand before the others.
    things.sort(key=lambda thing: thing.top + thing.picture.height)
    things, boxes = _visible(things)
    scene = Image.fromarray(background(rng, horizon).clip(0, 255).astype(np.uint8))
    for thing in things:
        cast_shadow(scene, thing.picture, thing.left, thing.top, side)
        scene.paste(thing.picture, (thing.left, thing.top), thing.picture)
    return lit(rng, np.asarray(scene, np.float32)), boxes


def _any_label(rng: Generator, cast: Cast) -> str:
    return list(cast.pieces)[rng.integers(len(cast.pieces))]


def _thing(rng: Generator, horizon: int, light: pieces.Vector, cast: Cast, label: str) -> _Thing:
    """Anything that can be seen, somewhere on the floor: the nearer, the larger and the lower in the frame."""
    nearness = rng.uniform(0.0, 1.0) ** 1.3
    foot = int(horizon + 18 + nearness * (HEIGHT + 30 - horizon - 18))
    farthest, nearest = cast.sizes
    size = int((farthest + (nearest - farthest) * nearness) * rng.uniform(0.85, 1.2))
    draw = cast.pieces[label] if label else cast.others[rng.integers(len(cast.others))]
    picture = draw(rng, size, light)
    left = int(rng.uniform(-0.25 * picture.width, WIDTH - 0.75 * picture.width))
    return _Thing(label, picture, left, foot - picture.height)


def _visible(things: list[_Thing]) -> tuple[list[_Thing], list[PixelBox]]:
    """The things, far to near, without pieces that the others hide; and the boxes of what is seen of the pieces."""
    kept: list[_Thing] = []
    boxes: list[PixelBox] = []
    hidden = np.zeros((HEIGHT, WIDTH), bool)
    for thing in reversed(things):
        mask = thing.mask()
        seen = mask & ~hidden
        if thing.label and seen.sum() < _LEAST_VISIBLE * thing.area():
            continue
        kept.append(thing)
        hidden |= mask
        if thing.label:
            boxes.append(_box_around(thing.label, seen))
    return kept[::-1], boxes[::-1]


def _box_around(label: str, seen: NDArray[np.bool_]) -> PixelBox:
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return PixelBox(label, float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
