"""The far-field set: balls and blocks all over a field, as a camera a quarter of a meter above the floor sees them."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from bench.accuracy.sets import FrameSet
from bench.far.field import FINER, SIDE, Camera, draw
from datasets.formats.common.samples import PixelBox
from datasets.sample.things import Thing, light_from, put, visible
from datasets.tfrecords import Box, Record
from videos.sample import pieces
from videos.sample.scenery import HEIGHT, WIDTH, lit

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


def far_field(frames: int = FRAMES, seed: int = 0) -> FrameSet:
    """Return the frames, the same for the same seed."""
    return FrameSet("far field", list(_frames(frames, seed)), list(LABELS))


def _frames(frames: int, seed: int) -> Iterator[Record]:
    with ThreadPoolExecutor() as pool:
        yield from pool.map(partial(_frame, seed), range(frames))


def _frame(seed: int, number: int) -> Record:
    rng = np.random.default_rng([seed, number])
    camera, side = Camera.anywhere(rng), rng.uniform(-0.8, 0.8)
    light = light_from(side)
    count = 0 if rng.random() < _WITHOUT_PIECES else int(rng.integers(2, _MOST + 1))
    labels = [*(str(rng.choice(LABELS)) for _ in range(count)), *[""] * int(rng.integers(0, _MOST_OTHERS + 1))]
    scene = draw(rng, camera)
    things = [_thing(rng, camera, light, label) for label in labels]
    things, boxes = visible(things, (WIDTH * FINER, HEIGHT * FINER), _LEAST_VISIBLE, _LEAST_SIDE * FINER)
    put(scene, things, side)
    stream = io.BytesIO()
    _photograph(rng, scene).save(stream, "JPEG", quality=int(rng.integers(70, 93)))
    return Record(f"field-{number:04d}.jpg", stream.getvalue(), WIDTH, HEIGHT, [_in_fractions(box) for box in boxes])


def _thing(rng: Generator, camera: Camera, light: pieces.Vector, label: str) -> Thing:
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
    return Thing(label, picture, round(column - picture.width / 2), round(foot - picture.height), away)


def _in_fractions(box: PixelBox) -> Box:
    height, width = HEIGHT * FINER, WIDTH * FINER
    return Box(box.label, box.ymin / height, box.xmin / width, box.ymax / height, box.xmax / width)


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
