"""The far-field set: balls and blocks all over a field, as a camera a quarter of a meter above the floor sees them."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from bench.accuracy.sets import FrameSet
from bench.far.field import FINER, SIDE, Camera, draw
from datasets.tfrecords import Box, Record
from videos.sample import pieces
from videos.sample.scenery import HEIGHT, WIDTH, cast_shadow, lit

FRAMES = 200
LABELS = ("ball", "block")
# Meters: a ball's diameter, a block's edge, about the width of other things, and how near anything may stand.
_BALL, _BLOCK, _OTHER, _NEAREST = 0.1, 0.065, (0.05, 0.35), 0.35
# pieces.cube draws a face that is wider than it was asked for.
_FACE = 1.15
_MOST, _MOST_OTHERS = 9, 5
_WITHOUT_PIECES = 0.08
# A piece of which less than this part can be seen, or with a side below so many pixels, is not put there at all.
_LEAST_VISIBLE, _LEAST_SIDE = 0.5, 5
_BLURRED, _LONGEST_BLUR = 0.4, 7


@dataclass(frozen=True)
class _Thing:
    """Something on the floor, `away` meters from the camera. `label`: "" for what is no game piece."""

    label: str
    picture: Image.Image
    left: int
    top: int
    away: float

    def mask(self) -> NDArray[np.bool_]:
        """Where the fine picture shows it, if nothing stands before it."""
        frame = Image.new("L", (WIDTH * FINER, HEIGHT * FINER))
        frame.paste(self.picture.getchannel("A"), (self.left, self.top))
        return np.asarray(frame) > 127

    def area(self) -> int:
        """Pixels of the whole thing, also of what lies outside the picture."""
        return int((np.asarray(self.picture.getchannel("A")) > 127).sum())


def far_field(frames: int = FRAMES, seed: int = 0) -> FrameSet:
    """Return the frames, the same for the same seed."""
    return FrameSet("far field", list(_frames(frames, seed)), list(LABELS))


def _frames(frames: int, seed: int) -> Iterator[Record]:
    with ThreadPoolExecutor() as pool:
        yield from pool.map(partial(_frame, seed), range(frames))


def _frame(seed: int, number: int) -> Record:
    rng = np.random.default_rng([seed, number])
    camera, side = Camera.anywhere(rng), rng.uniform(-0.8, 0.8)
    light = np.array([side, -1.0, -0.7]) / np.linalg.norm([side, -1.0, -0.7])
    count = 0 if rng.random() < _WITHOUT_PIECES else int(rng.integers(2, _MOST + 1))
    labels = [*(str(rng.choice(LABELS)) for _ in range(count)), *[""] * int(rng.integers(0, _MOST_OTHERS + 1))]
    scene = draw(rng, camera)
    things, boxes = _visible([_thing(rng, camera, light, label) for label in labels])
    for thing in things:
        cast_shadow(scene, thing.picture, thing.left, thing.top, side)
        scene.paste(thing.picture, (thing.left, thing.top), thing.picture)
    stream = io.BytesIO()
    _photograph(rng, scene).save(stream, "JPEG", quality=int(rng.integers(70, 93)))
    return Record(f"field-{number:04d}.jpg", stream.getvalue(), WIDTH, HEIGHT, boxes)


def _thing(rng: Generator, camera: Camera, light: pieces.Vector, label: str) -> _Thing:
    """Something anywhere on the part of the floor that the camera sees."""
    width = {"ball": _BALL, "block": _BLOCK}.get(label) or rng.uniform(*_OTHER)
    column = row = away = -1.0
    while not (away > _NEAREST and 0 < column < WIDTH * FINER and 0 < row < HEIGHT * FINER):
        x, z = rng.uniform(width / 2, SIDE - width / 2, 2)
        column, row, away = camera.project(np.array([x, width / 2, z], np.float32))
    size = camera.focal * width / away
    others = (pieces.slab, pieces.cone)
    by_label = {"ball": (pieces.ball, 1.0), "block": (pieces.cube, _FACE)}
    drawn, wider = by_label.get(label) or (others[rng.integers(len(others))], 1.0)
    picture = drawn(rng, max(3, round(size / wider)), light)
    foot = row + size / 2
    return _Thing(label, picture, round(column - picture.width / 2), round(foot - picture.height), away)


def _visible(things: list[_Thing]) -> tuple[list[_Thing], list[Box]]:
    """The things, far to near, without pieces that the others hide; and the boxes of what is seen of the pieces."""
    kept: list[_Thing] = []
    boxes: list[Box] = []
    hidden = np.zeros((HEIGHT * FINER, WIDTH * FINER), bool)
    for thing in sorted(things, key=lambda thing: thing.away):
        mask = thing.mask()
        seen = mask & ~hidden
        box = _box_around(thing.label, seen) if seen.sum() > _LEAST_VISIBLE * thing.area() else None
        if thing.label and not box:
            continue
        kept.append(thing)
        hidden |= mask
        if thing.label and box:
            boxes.append(box)
    return kept[::-1], boxes[::-1]


def _box_around(label: str, seen: NDArray[np.bool_]) -> Box | None:
    """None where that is too small for anybody to label."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    (top, bottom), (left, right) = (rows[0], rows[-1] + 1), (columns[0], columns[-1] + 1)
    if min(bottom - top, right - left) < _LEAST_SIDE * FINER:
        return None
    height, width = len(seen), len(seen[0])
    return Box(label, float(top / height), float(left / width), float(bottom / height), float(right / width))


def _photograph(rng: Generator, scene: Image.Image) -> Image.Image:
    """The frame: shrunk from the fine picture, blurred by motion or not, in some light."""
    pixels = np.asarray(scene.reduce(FINER), np.float32)
    if rng.random() < _BLURRED:
        pixels = _moved(pixels, rng.uniform(1, _LONGEST_BLUR), rng.normal(0, 0.3))
    return lit(rng, pixels)


def _moved(pixels: NDArray[np.float32], length: float, angle: float) -> NDArray[np.float32]:
    """The mean of what a camera sees that turns by so many pixels while its shutter is open."""
    moments = np.linspace(-length / 2, length / 2, int(np.ceil(length)) + 1)
    shifts = [(round(step * np.sin(angle)), round(step * np.cos(angle))) for step in moments]
    return np.mean([np.roll(pixels, shift, (0, 1)) for shift in shifts], axis=0, dtype=np.float32)
