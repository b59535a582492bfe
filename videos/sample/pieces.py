"""Single things, drawn as RGBA pictures that are cut to what is visible of them.

Directions are (x, y, z): x to the right, y downwards, z away from the camera. `light` points from a thing to the lamp.
"""

from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Color = tuple[int, int, int]
Vector = NDArray[np.float64]

# Drawn larger by this and then shrunk, so that edges are smooth.
_FINER = 2

BALL_COLORS: tuple[Color, ...] = ((122, 60, 170), (40, 160, 78))
CUBE_COLORS: tuple[Color, ...] = ((246, 200, 30), (238, 184, 48))
_OTHER_COLORS: tuple[Color, ...] = (
    (196, 40, 44), (36, 76, 170), (70, 74, 80), (232, 232, 226), (222, 110, 40), (30, 130, 140), (120, 84, 56),
)  # fmt: skip
_HOLES = 26
# Where a block is seen from, in halves of its width.
_CAMERA = np.array([0.0, 0.0, -7.0])


def ball(rng: Generator, size: int, light: Vector) -> Image.Image:
    """A hollow plastic ball with round holes, `size` pixels across."""
    side = size * _FINER
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    depth = np.sqrt(np.clip(1 - x * x - y * y, 0, 1))
    surface = np.stack([x, y, -depth], axis=-1)
    # How near each point is to the middle of a hole, as a cosine.
    nearness = (surface @ (_spread(_HOLES) @ _any_rotation(rng)).T.astype(np.float32)).max(axis=-1)
    hole = np.clip((nearness - 0.955) / 0.012, 0, 1)
    shade = 0.36 + 0.72 * np.clip(surface @ light, 0, 1) + 0.1 * np.clip(y, 0, 1)
    glint = np.clip(surface @ _halfway(light), 0, 1) ** 32
    base = _varied(rng, BALL_COLORS[rng.integers(len(BALL_COLORS))])
    lit = base * shade[..., None] * (1 - 0.62 * hole)[..., None] + 90 * (glint * (1 - hole))[..., None]
    edge = np.clip((1 - np.hypot(x, y)) * side / 4, 0, 1)
    return _finished(_picture(np.dstack([lit, 255 * edge])))


def cube(rng: Generator, size: int, light: Vector) -> Image.Image:
    """A soft yellow cube with a frame on every side, about `size` pixels across."""
    color = _varied(rng, CUBE_COLORS[rng.integers(len(CUBE_COLORS))])
    return _block(rng, size, light, np.ones(3), color, framed=True)


def slab(rng: Generator, size: int, light: Vector) -> Image.Image:
    """A flat or long block of another color: something that is no game piece."""
    extents = np.array([1.0, rng.uniform(0.15, 0.45), rng.uniform(0.3, 0.8)])
    if rng.random() < 0.4:
        extents = np.array([rng.uniform(0.12, 0.3), 1.3, rng.uniform(0.12, 0.3)])
    return _block(rng, size, light, extents, _other_color(rng), framed=False)


def cone(rng: Generator, size: int, light: Vector) -> Image.Image:
    """A cone or a post: round, but no ball."""
    height = int(size * rng.uniform(1.1, 1.8)) * _FINER
    width = int(size * rng.uniform(0.45, 0.9)) * _FINER
    top = rng.choice([0.1, 0.3, 1.0])
    x, y = np.meshgrid((np.arange(width) + 0.5) / width * 2 - 1, (np.arange(height) + 0.5) / height)
    across = x / (top + (1 - top) * y)
    round_foot = 1 - 0.06 * (1 - np.sqrt(np.clip(1 - across * across, 0, 1)))
    inside = np.clip((1 - abs(across)) * width / 4, 0, 1) * np.clip((round_foot - y) * height / 2, 0, 1)
    surface = np.stack([across, np.zeros_like(across), -np.sqrt(np.clip(1 - across**2, 0, 1))], axis=-1)
    shade = 0.4 + 0.7 * np.clip(surface @ light, 0, 1)
    band = rng.random() < 0.5
    stripe = (abs(y - 0.5) < 0.12)[..., None] & band
    lit = np.where(stripe, 235.0, _other_color(rng)) * shade[..., None]
    return _finished(_picture(np.dstack([lit, 255 * inside])))


def _block(rng: Generator, size: int, light: Vector, extents: Vector, color: Vector, *, framed: bool) -> Image.Image:
    side = int(size * _FINER * 1.8)
    corners = np.array(list(product((-1, 1), repeat=3))) * extents
    turned = corners @ _turn(rng.uniform(0, np.pi / 2), -rng.uniform(0.12, 0.5), rng.normal(0, 0.05)).T
    canvas = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(canvas)
    for axis, end in product(range(3), (0, 1)):
        face = [i for i, bits in enumerate(product((0, 1), repeat=3)) if bits[axis] == end]
        quad = turned[[face[0], face[1], face[3], face[2]]]
        middle = quad.mean(axis=0)
        normal = middle / np.linalg.norm(middle)
        if normal @ (middle - _CAMERA) >= 0:
            continue
        shade = 0.42 + 0.68 * max(0.0, float(normal @ light))
        _fill(draw, quad, color * shade, side)
        if framed:
            _fill(draw, middle + (quad - middle) * 0.74, color * shade * 0.84, side)
            _fill(draw, middle + (quad - middle) * 0.66, color * shade * 0.95, side)
    return _finished(canvas)


def _fill(draw: ImageDraw.ImageDraw, quad: Vector, color: Vector, side: int) -> None:
    """Fill a face, seen in perspective."""
    scale = side / 3.6 * _CAMERA[2] / (_CAMERA[2] - quad[:, 2])
    points = quad[:, :2] * scale[:, None] * 1.15 + side / 2
    draw.polygon([tuple(point) for point in points], fill=(*_bytes(color), 255))


def _picture(rgba: Vector) -> Image.Image:
    return Image.fromarray(np.clip(rgba, 0, 255).astype(np.uint8), "RGBA")


def _finished(fine: Image.Image) -> Image.Image:
    """Shrunk to the size wanted and cut to what is visible."""
    picture = fine.crop(fine.getchannel("A").getbbox()).reduce(_FINER)
    return picture.crop(picture.getchannel("A").getbbox())


def _varied(rng: Generator, color: Color) -> Vector:
    return np.array(color) * rng.uniform(0.9, 1.1, 3)


def _other_color(rng: Generator) -> Vector:
    return _varied(rng, _OTHER_COLORS[rng.integers(len(_OTHER_COLORS))])


def _bytes(color: Vector) -> Color:
    red, green, blue = np.clip(color, 0, 255).astype(int)
    return int(red), int(green), int(blue)


def _spread(points: int) -> Vector:
    """[points, 3]: directions spread evenly over a sphere, along a golden spiral."""
    place = np.arange(points) + 0.5
    height = 1 - 2 * place / points
    angle = np.pi * (1 + 5**0.5) * place
    radius = np.sqrt(1 - height**2)
    return np.stack([radius * np.cos(angle), height, radius * np.sin(angle)], axis=-1)


def _any_rotation(rng: Generator) -> Vector:
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return rotation


def _turn(yaw: float, pitch: float, roll: float) -> Vector:
    """Turned about the upright axis, then seen from above by `pitch`, then tilted by `roll`; all in radians."""
    c, s = np.cos([yaw, pitch, roll]), np.sin([yaw, pitch, roll])
    about_y = np.array([[c[0], 0, s[0]], [0, 1, 0], [-s[0], 0, c[0]]])
    about_x = np.array([[1, 0, 0], [0, c[1], s[1]], [0, -s[1], c[1]]])
    about_z = np.array([[c[2], -s[2], 0], [s[2], c[2], 0], [0, 0, 1]])
    return about_z @ about_x @ about_y


def _halfway(light: Vector) -> Vector:
    """Between the lamp and the camera: where a glint is seen."""
    middle = light + np.array([0, 0, -1.0])
    return middle / np.linalg.norm(middle)
