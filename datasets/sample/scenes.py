"""One frame of the sample dataset: a floor with game pieces and other things on it, and the boxes of the pieces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from PIL import Image

from datasets.formats.common.samples import PixelBox
from datasets.sample.things import Thing, light_from, put, visible
from videos.sample import pieces
from videos.sample.scenery import HEIGHT, WIDTH, background, lit

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


def render(rng: Generator, piece_count: int, cast: Cast = SAMPLE) -> tuple[Image.Image, list[PixelBox]]:
    """A frame with about `piece_count` game pieces (none for 0), and their boxes."""
    horizon = int(rng.uniform(0.12, 0.42) * HEIGHT)
    side = rng.uniform(-0.8, 0.8)
    light = light_from(side)
    things = [_thing(rng, horizon, light, cast, _any_label(rng, cast)) for _ in range(piece_count)]
    things += [_thing(rng, horizon, light, cast, "") for _ in range(rng.integers(0, 5))]
    things, boxes = visible(things, (WIDTH, HEIGHT), _LEAST_VISIBLE)
    scene = Image.fromarray(background(rng, horizon).clip(0, 255).astype(np.uint8))
    put(scene, things, side)
    return lit(rng, np.asarray(scene, np.float32)), boxes


def _any_label(rng: Generator, cast: Cast) -> str:
    return list(cast.pieces)[rng.integers(len(cast.pieces))]


def _thing(rng: Generator, horizon: int, light: pieces.Vector, cast: Cast, label: str) -> Thing:
    """Anything that can be seen, somewhere on the floor: the nearer, the larger and the lower in the frame."""
    nearness = rng.uniform(0.0, 1.0) ** 1.3
    foot = int(horizon + 18 + nearness * (HEIGHT + 30 - horizon - 18))
    farthest, nearest = cast.sizes
    size = int((farthest + (nearest - farthest) * nearness) * rng.uniform(0.85, 1.2))
    draw = cast.pieces[label] if label else cast.others[rng.integers(len(cast.others))]
    picture = draw(rng, size, light)
    left = int(rng.uniform(-0.25 * picture.width, WIDTH - 0.75 * picture.width))
    # What has its foot lower in the frame is nearer.
    return Thing(label, picture, left, foot - picture.height, away=-foot)
