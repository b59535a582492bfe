"""Rendered videos with exact truth: a hand-held camera, things that turn, cross, hide behind a post, and come back."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.labeling import motion, sprites
from bench.labeling.motion import HEIGHT, ROOM_HEIGHT, ROOM_WIDTH, WIDTH, Matrix, Path
from bench.labeling.sprites import SIDE, Pixels, Sprite
from videos.tracking.tracker import Corners

FRAMES = 300
_POST = 100  # how wide
# The shutter is open for half a frame, and a picture is the middle of so many moments.
_SHUTTER, _MOMENTS = 0.5, 3
_NOISE = 3.0
_QUALITY = 90


@dataclass(frozen=True)
class Seen:
    """A thing in one frame.

    Attributes:
        corners: of its outline, cut at the picture's edges.
        around_seen: of what nothing hides.
        part: how much of it is seen: not cut off by the edges, and hidden by nothing.
    """

    corners: Corners
    around_seen: Corners
    part: float


@dataclass(frozen=True)
class Scene:
    """What a video shows: as many things as asked, `flat` in one color each or with a texture."""

    name: str
    seed: int
    things: int
    flat: bool
    frames: int = FRAMES


@dataclass(frozen=True)
class Film:
    """A rendered video. `pictures`: JPEG files, as the product keeps them. `truth`: of each thing, by frame."""

    scene: Scene
    pictures: list[bytes]
    truth: list[list[Seen]]

    def picture(self, number: int) -> Pixels:
        return np.asarray(cv2.imdecode(np.frombuffer(self.pictures[number], np.uint8), cv2.IMREAD_COLOR), np.uint8)


def render(scene: Scene) -> Film:
    stage = _Stage(scene)
    rng = np.random.default_rng([scene.seed, 1])
    noise = [rng.normal(0, _NOISE, (HEIGHT, WIDTH, 1)).astype(np.int16).repeat(3, axis=2) for _ in range(4)]
    pictures = []
    for number in range(scene.frames):
        sum_of_moments = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        for moment in range(_MOMENTS):
            cv2.accumulate(stage.picture(number + _SHUTTER * (moment / (_MOMENTS - 1) - 0.5)), sum_of_moments)
        noisy = cv2.add(sum_of_moments / _MOMENTS, noise[number % 4], dtype=cv2.CV_8U)
        pictures.append(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes())
    truth = [list(seen) for seen in zip(*(stage.seen(number) for number in range(scene.frames)), strict=True)]
    return Film(scene, pictures, truth)


class _Stage:
    def __init__(self, scene: Scene) -> None:
        rng = np.random.default_rng(scene.seed)
        self._room, self._camera = motion.room(rng), motion.of_camera(rng)
        first = int(rng.integers(5))
        self._things: list[tuple[Sprite, Path]] = [
            (
                sprites.flat(rng, first + number % 4) if scene.flat else sprites.textured(rng),
                motion.of_thing(rng, SIDE),
            )
            for number in range(scene.things)
        ]
        left = int(ROOM_WIDTH * rng.uniform(0.3, 0.6))
        self._post = np.array([(left, 0), (left + _POST, 0), (left + _POST, ROOM_HEIGHT), (left, ROOM_HEIGHT)], float)
        self._post_picture = self._room[:, :_POST] // 2 + rng.integers(0, 60, (1, _POST, 1)).astype(np.uint8)

    def picture(self, time: float) -> Pixels:
        view = motion.seen_by(self._camera, time)
        room = cv2.warpAffine(self._room, view[:2], (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        picture = np.asarray(room, np.uint8)
        for sprite, path in self._things:
            _lay(picture, sprite.picture, sprite.alpha, _of_picture(view @ path.matrix(time)))
        post = view @ np.array([[1, 0, self._post[0][0]], [0, 1, 0], [0, 0, 1]])
        _lay(picture, self._post_picture, np.ones(self._post_picture.shape[:2], np.float32), post)
        return picture

    def seen(self, time: float) -> Iterator[Seen]:
        """Each thing's box, and how much of it nothing hides: not the edges, the post or what is before it."""
        view = motion.seen_by(self._camera, time)
        outlines = [_moved(sprite.outline, view @ path.matrix(time)) for sprite, path in self._things]
        before = [*outlines, _moved(self._post, view)]
        for number, outline in enumerate(outlines):
            mask = np.zeros((HEIGHT, WIDTH), np.uint8)
            cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 1)
            for other in before[number + 1 :]:
                cv2.fillPoly(mask, [np.round(other).astype(np.int32)], 0)
            whole = abs(cv2.contourArea(outline.astype(np.float32)))
            left, top, width, height = cv2.boundingRect(mask)
            around_seen = (float(left), float(top), float(left + width), float(top + height))
            yield Seen(_cut(outline), around_seen, float(mask.sum()) / whole)


def _of_picture(to_picture: Matrix) -> Matrix:
    """The same from a sprite's own corner instead of its middle."""
    return np.asarray(to_picture @ np.array([[1, 0, -SIDE / 2], [0, 1, -SIDE / 2], [0, 0, 1]]))


def _moved(points: NDArray[np.floating], matrix: Matrix) -> NDArray[np.float64]:
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2])


def _cut(outline: NDArray[np.float64]) -> Corners:
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    across, down = np.clip([left, right], 0, WIDTH), np.clip([top, bottom], 0, HEIGHT)
    return float(across[0]), float(down[0]), float(across[1]), float(down[1])


def _lay(picture: Pixels, thing: Pixels, alpha: NDArray[np.float32], matrix: Matrix) -> None:
    """Paint a thing over the picture where it is seen."""
    height, width = alpha.shape
    corners = _moved(np.array([(0, 0), (width, 0), (width, height), (0, height)]), matrix)
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (WIDTH, HEIGHT))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (WIDTH, HEIGHT))
    if right <= left or bottom <= top:
        return
    moved = (np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix)[:2]
    size = (int(right - left), int(bottom - top))
    over = cv2.warpAffine(alpha, moved, size, flags=cv2.INTER_AREA)[..., None]
    painted = cv2.warpAffine(thing, moved, size, borderMode=cv2.BORDER_REPLICATE)
    under = picture[top:bottom, left:right]
    picture[top:bottom, left:right] = (painted * over + under * (1 - over)).astype(np.uint8)
