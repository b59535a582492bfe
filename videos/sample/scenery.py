"""What is behind the pieces, and the light over all of it."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels = NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
# How dark the middle of a shadow is, of 255.
_SHADOW = 175
_FLOORS = ("tiles", "planks", "carpet", "concrete")


def background(rng: Generator, horizon: int) -> Pixels:
    """[HEIGHT, WIDTH, 3], 0 to 255: a floor seen at an angle below row `horizon`, a wall above."""
    scene = np.empty((HEIGHT, WIDTH, 3), np.float32)
    scene[:horizon] = _wall(rng, horizon)
    scene[horizon:] = _floor(rng, HEIGHT - horizon)
    skirting = slice(max(0, horizon - int(rng.integers(3, 14))), horizon)
    scene[skirting] *= rng.uniform(0.35, 0.9)
    return scene


def smooth_noise(rng: Generator, height: int, width: int, cells: int) -> Pixels:
    """[height, width], 0 to 1: soft hills, about `cells` of them across."""
    coarse = rng.random((max(2, cells * height // width), cells), dtype=np.float32)
    return np.asarray(Image.fromarray(coarse, "F").resize((width, height), Image.Resampling.BICUBIC))


def lit(rng: Generator, scene: Pixels) -> Image.Image:
    """The finished photograph: uneven light, a tint, exposure, sharpness and the camera's noise."""
    lamp = 0.72 + 0.5 * smooth_noise(rng, HEIGHT, WIDTH, 3)
    tint = rng.uniform(0.9, 1.1, 3).astype(np.float32)
    exposure, contrast = rng.uniform(0.65, 1.35), rng.uniform(0.8, 1.15)
    scene = scene * lamp[..., None]
    scene *= tint * np.float32(exposure)
    scene += rng.standard_normal((HEIGHT, WIDTH, 1), np.float32) * np.float32(rng.uniform(1, 7))
    curve = [round(255 * (level / 255) ** contrast) for level in range(256)]
    photograph = Image.fromarray(np.clip(scene, 0, 255, out=scene).astype(np.uint8), "RGB").point(curve * 3)
    return photograph.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.1)))


def cast_shadow(scene: Image.Image, picture: Image.Image, left: int, top: int, side: float) -> None:
    """Darken the floor around the foot of a thing, away from the lamp, which is at `side`: -1 left, 1 right."""
    width = int(picture.width * 1.35)
    height = max(8, width // 3)
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    strength = np.clip(1.2 * (1 - np.hypot(x, y)), 0, 1) * _SHADOW
    place = (int(left + picture.width / 2 - width / 2 - side * width * 0.12), top + picture.height - height * 5 // 8)
    scene.paste((12, 12, 16), place, Image.fromarray(strength.astype(np.uint8), "L"))


def _wall(rng: Generator, height: int) -> Pixels:
    color = rng.uniform(70, 225) * rng.uniform(0.85, 1.15, 3)
    wall = Image.new("RGB", (WIDTH, height), tuple(np.clip(color, 0, 255).astype(int)))
    draw = ImageDraw.Draw(wall)
    for _ in range(rng.integers(0, 6)):
        left, top = int(rng.integers(-60, WIDTH)), int(rng.integers(-60, height))
        corner = (left + int(rng.integers(30, 200)), top + int(rng.integers(20, 160)))
        draw.rectangle([(left, top), corner], fill=_muted(rng))
    for x in range(int(rng.integers(0, 200)), WIDTH, int(rng.integers(90, 260))):
        draw.line([(x, 0), (x, height)], fill=tuple(int(c * 0.7) for c in np.clip(color, 0, 255)), width=3)
    blurred = wall.filter(ImageFilter.GaussianBlur(rng.uniform(1.5, 6)))
    falling_off = np.linspace(1.08, 0.85, height, dtype=np.float32)[:, None, None]
    return np.asarray(blurred, np.float32) * falling_off


def _muted(rng: Generator) -> tuple[int, int, int]:
    """The color of a poster or a bag in the background."""
    color = rng.uniform(30, 230) + rng.uniform(-55, 55, 3)
    red, green, blue = np.clip(color, 10, 250).astype(int)
    return int(red), int(green), int(blue)


def _floor(rng: Generator, height: int) -> Pixels:
    """A plane in perspective: `across` and `away` are its own coordinates, in tiles."""
    rows = np.arange(1, height + 1, dtype=np.float32)[:, None]
    depth = rng.uniform(250, 420) / (rows + 6)
    columns = (np.arange(WIDTH, dtype=np.float32) - WIDTH / 2)[None, :]
    angle = rng.uniform(0, np.pi / 2)
    x, z = columns / 330 * depth, depth + np.zeros_like(columns)
    across = x * np.cos(angle) + z * np.sin(angle)
    away = z * np.cos(angle) - x * np.sin(angle)
    kind = _FLOORS[rng.integers(len(_FLOORS))]
    tone = _tone(rng, kind, across, away, depth)
    grain = smooth_noise(rng, height, WIDTH, 90) - 0.5
    color = _floor_color(rng, kind)
    return (color * (tone + (0.16 if kind == "carpet" else 0.05) * grain)[..., None]).astype(np.float32)


def _floor_color(rng: Generator, kind: str) -> Pixels:
    if kind == "planks":
        return np.array([178, 132, 88], np.float32) * np.float32(rng.uniform(0.7, 1.1))
    gray = rng.uniform(75, 190)
    tint = rng.uniform(0.8, 1.2, 3) if kind == "carpet" else rng.uniform(0.95, 1.05, 3)
    return (gray * tint).astype(np.float32)


def _tone(rng: Generator, kind: str, across: Pixels, away: Pixels, depth: Pixels) -> Pixels:
    """[rows, WIDTH], about 1: the pattern of the floor. Seams fade with the distance, as they do to a camera."""
    seam = 0.012 + 0.006 * depth
    if kind == "tiles":
        to_seam = np.minimum(_to_whole(across), _to_whole(away))
        checker = ((np.floor(across) + np.floor(away)) % 2) * rng.choice([0.0, 0.06, 0.14])
        return 1 - checker - 0.4 * np.exp(-((to_seam / seam) ** 2)) / (1 + 0.25 * depth)
    if kind == "planks":
        tones = rng.uniform(0.85, 1.1, 64).astype(np.float32)
        plank = np.floor(across * 4).astype(int) % 64
        return tones[plank] - 0.3 * np.exp(-((_to_whole(across * 4) / (4 * seam)) ** 2)) / (1 + 0.25 * depth)
    return 0.93 + 0.14 * smooth_noise(rng, across.shape[0], WIDTH, 12)


def _to_whole(value: Pixels) -> Pixels:
    """How far each number is from the nearest whole number."""
    return np.abs(value - np.round(value))
