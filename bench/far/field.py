"""An empty field as a low camera sees it: tiles with seams, tape, walls with rails, and the room behind them.

Places are (x, y, z) in meters: x and z on the floor, from 0 to SIDE; y upwards.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from videos.sample.scenery import HEIGHT, WIDTH, background, smooth_noise

Array = NDArray[np.float32]

SIDE = 3.6
# Everything is drawn larger by this and then shrunk, so that edges fall between pixels too.
FINER = 2
_TILE, _SEAM = 0.6, 0.008
# How far the teeth of a tile reach into the next, and how long one is.
_TOOTH, _TEETH = 0.015, 0.12
_WALL, _RAIL, _POST = 0.30, 0.025, 0.02
_TAPE = 0.05
_TAPES = ((225, 225, 220), (190, 40, 40), (40, 70, 175), (225, 190, 40))


@dataclass(frozen=True)
class Camera:
    """`place`: in meters. `turn`: [3, 3], rows are the world's directions of right, down and away in the picture.

    `focal`: in pixels of the fine picture.
    """

    place: Array
    turn: Array
    focal: float

    @classmethod
    def anywhere(cls, rng: Generator) -> "Camera":
        """A quarter of a meter above the floor, at least half the field's side away from what it looks at."""
        place = looked_at = np.zeros(2)
        while np.linalg.norm(looked_at - place) < SIDE / 2:
            place, looked_at = rng.uniform(0.15, SIDE - 0.15, (2, 2))
        yaw, pitch = np.arctan2(*(looked_at - place)), np.radians(rng.uniform(-1, 13))
        (sy, cy), (sp, cp) = ((np.sin(angle), np.cos(angle)) for angle in (yaw, pitch))
        right, down, away = np.array([[cy, 0, -sy], [-sy * sp, -cp, -cy * sp], [sy * cp, -sp, cy * cp]])
        roll = np.radians(rng.normal(0, 1.5))
        tilted = np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right
        focal = WIDTH / 2 * FINER / np.tan(np.radians(rng.uniform(60, 70) / 2))
        height = rng.uniform(0.22, 0.28)
        return cls(np.array([place[0], height, place[1]], np.float32), np.array([*tilted, away], np.float32), focal)

    def project(self, place: Array) -> tuple[float, float, float]:
        """Return column and row in the fine picture, and the meters away, of a place."""
        right, down, away = (float(part) for part in self.turn @ (place - self.place))
        half = FINER / 2
        return self.focal * right / away + WIDTH * half, self.focal * down / away + HEIGHT * half, away

    @property
    def horizon(self) -> float:
        """The row of the frame where the floor would end, were it endless."""
        away = self.turn[2]
        return HEIGHT / 2 + self.focal / FINER * float(away[1] / np.hypot(away[0], away[2]))

    def rays(self) -> Array:
        """[3, rows, columns]: the world's direction that each fine pixel shows, 1 away from the camera."""
        sides = (WIDTH, HEIGHT)
        columns, rows = ((np.arange(s * FINER, dtype=np.float32) + 0.5 - s * FINER / 2) / self.focal for s in sides)
        right, down, away = self.turn[..., np.newaxis, np.newaxis]
        return (right * columns + down * rows[:, np.newaxis] + away).astype(np.float32)


def draw(rng: Generator, camera: Camera) -> Image.Image:
    """The field without anything on it, in the fine picture."""
    horizon = int(np.clip(camera.horizon, 40, HEIGHT - 60))
    room = Image.fromarray(background(rng, horizon).clip(0, 255).astype(np.uint8))
    scene = np.array(room.resize((WIDTH * FINER, HEIGHT * FINER)), np.float32)
    x, y, z = camera.rays()
    with np.errstate(divide="ignore"):
        to_floor = np.where(y < 0, -camera.place[1] / y, np.float32(np.inf))
        to_x, to_z = (
            abs(np.where(ray > 0, SIDE - at, at) / ray) for ray, at in zip((x, z), camera.place[::2], strict=True)
        )
    to_wall = np.minimum(to_x, to_z)
    along = np.where(to_x < to_z, camera.place[2] + to_wall * z, camera.place[0] + to_wall * x)
    _draw_wall(rng, scene, camera.place[1] + to_wall * y, along)
    on_floor = to_floor < to_wall
    way = to_floor[on_floor]
    there = (camera.place[0] + way * x[on_floor], camera.place[2] + way * z[on_floor])
    grain = smooth_noise(rng, HEIGHT * FINER, WIDTH * FINER, 300)[on_floor] - 0.5
    scene[on_floor] = _tiles(rng, *there, way / camera.focal, grain)
    return Image.fromarray(scene.clip(0, 255).astype(np.uint8))


def _draw_wall(rng: Generator, scene: Array, height: Array, along: Array) -> None:
    """Draw a wall of clear panels between rails and posts. `height`, `along`: where on the wall each pixel is."""
    is_wall = (height >= 0) & (height <= _WALL)
    is_rail = is_wall & ((height < _RAIL) | (height > _WALL - _RAIL) | (abs(along % _TILE - _TILE / 2) < _POST))
    tint, clear = rng.uniform(60, 200), rng.uniform(0.45, 0.9)
    scene[is_wall] = clear * scene[is_wall] + (1 - clear) * tint
    scene[is_rail] = rng.uniform(20, 150)


def _tiles(rng: Generator, x: Array, z: Array, pixel: Array, grain: Array) -> Array:
    """[N, 3]: the colors of the floor at N places. `pixel`: how many meters one is wide there."""
    gray = rng.uniform(55, 135) * rng.uniform(0.95, 1.05, 3)
    tones = rng.uniform(0.93, 1.07, [16, 16]).astype(np.float32)[(x / _TILE).astype(int), (z / _TILE).astype(int)]
    tones += np.float32(rng.uniform(0.05, 0.25)) * grain
    wide = np.float32(_SEAM) + pixel
    for one, other in ((x, z), (z, x)):
        shifted = one + _TOOTH * np.sign(np.sin(other * (2 * np.pi / _TEETH)))
        off = abs(shifted / _TILE - np.round(shifted / _TILE)) * _TILE
        tones *= 1 - 0.55 * _SEAM / wide * np.exp(-((off / wide) ** 2))
    colors = tones[:, None] * gray.astype(np.float32)
    for _ in range(rng.integers(0, 5)):
        color = np.array(_TAPES[rng.integers(len(_TAPES))]) * rng.uniform(0.7, 1.0)
        colors[_taped(rng, x, z)] = color
    return colors


def _taped(rng: Generator, x: Array, z: Array) -> NDArray[np.bool_]:
    """Where a strip of tape lies, along one of the tiles' sides or at an angle to them."""
    middle, angle = rng.uniform(0, SIDE, 2), rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)])
    along = (x - middle[0]) * np.cos(angle) + (z - middle[1]) * np.sin(angle)
    off = (z - middle[1]) * np.cos(angle) - (x - middle[0]) * np.sin(angle)
    return (abs(along) < rng.uniform(0.2, 0.9)) & (abs(off) < _TAPE / 2)
