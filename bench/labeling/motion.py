"""How things and the camera move in rendered videos: smooth, with the shake of a hand."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 360
# The room is larger than the picture, so that the camera pans over it and things leave and come back.
ROOM_WIDTH, ROOM_HEIGHT = 1200, 680
_SHAKE = 3.5  # pixels
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Wave:
    """A value that swings around a middle: sines of several lengths, in frames."""

    middle: float
    sines: tuple[tuple[float, float, float], ...]  # how far, frames of a swing, phase

    def at(self, time: float) -> float:
        return self.middle + sum(far * math.sin(2 * math.pi * time / long + phase) for far, long, phase in self.sines)


def wave(rng: Generator, middle: float, far: float, shortest: float, longest: float, sines: int = 2) -> Wave:
    return Wave(
        middle,
        tuple((far / sines, rng.uniform(shortest, longest), rng.uniform(0, 2 * math.pi)) for _ in range(sines)),
    )


@dataclass(frozen=True)
class Path:
    """Where a thing or the camera is: place, size, turn, and how narrow it looks when it turns away."""

    x: Wave
    y: Wave
    size: Wave
    turn: Wave
    narrow: Wave

    def matrix(self, time: float) -> Matrix:
        """From the thing's own pixels, from its middle, to the room's."""
        size, turn = self.size.at(time), self.turn.at(time)
        turned = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        shape = turned @ np.diag([size * min(1.0, self.narrow.at(time)), size])
        return np.array([[*shape[0], self.x.at(time)], [*shape[1], self.y.at(time)], [0, 0, 1]])


def of_thing(rng: Generator, side: int) -> Path:
    across, down = rng.uniform(0.3, 0.7) * ROOM_WIDTH, rng.uniform(0.35, 0.65) * ROOM_HEIGHT
    return Path(
        wave(rng, across, rng.uniform(150, 320), 150, 340),
        wave(rng, down, rng.uniform(40, 130), 110, 260),
        wave(rng, rng.uniform(60, 95) / side, 22 / side, 90, 240),
        wave(rng, rng.uniform(-0.3, 0.3), rng.uniform(0.15, 0.6), 120, 320),
        wave(rng, 0.95, 0.15, 90, 220),
    )


def of_camera(rng: Generator) -> Path:
    """A pan, with the shake of a hand: quick, small, in place and turn."""
    return Path(
        _shaken(rng, wave(rng, ROOM_WIDTH / 2, 150, 140, 300), _SHAKE),
        _shaken(rng, wave(rng, ROOM_HEIGHT / 2, 40, 120, 260), _SHAKE),
        wave(rng, 1, 0.1, 120, 300),
        _shaken(rng, wave(rng, 0, 0.03, 100, 200), 0.008),
        Wave(1, ()),
    )


def seen_by(camera: Path, time: float) -> Matrix:
    """From the room's pixels to the picture's."""
    middle = np.array([[1, 0, WIDTH / 2], [0, 1, HEIGHT / 2], [0, 0, 1]])
    return np.asarray(middle @ np.linalg.inv(camera.matrix(time)))


def room(rng: Generator) -> NDArray[np.uint8]:
    """A hall: a floor of mats, a wall with muted things on it, and clutter."""
    picture = np.full((ROOM_HEIGHT, ROOM_WIDTH, 3), rng.uniform(95, 150, 3))
    for cells, strong in ((6, 40), (30, 18), (140, 14)):
        hills = rng.normal(0, strong, (cells * ROOM_HEIGHT // ROOM_WIDTH + 1, cells, 1))
        picture += cv2.resize(hills, (ROOM_WIDTH, ROOM_HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None]
    for x in range(0, ROOM_WIDTH, 80):
        picture[:, x : x + 3] *= 0.75
    for y in range(0, ROOM_HEIGHT, 80):
        picture[y : y + 3] *= 0.75
    for _ in range(40):
        left, top = int(rng.integers(0, ROOM_WIDTH)), int(rng.integers(0, ROOM_HEIGHT))
        corner = (left + int(rng.integers(12, 120)), top + int(rng.integers(12, 90)))
        muted = np.clip(rng.uniform(40, 210) + rng.uniform(-30, 30, 3), 0, 255)
        cv2.rectangle(picture, (left, top), corner, muted.tolist(), -1 if rng.random() < 0.7 else 2)
    return np.asarray(cv2.GaussianBlur(np.clip(picture, 0, 255).astype(np.uint8), (0, 0), 0.8), np.uint8)


def _shaken(rng: Generator, smooth: Wave, far: float) -> Wave:
    quick = tuple((far / 2, rng.uniform(10, 40), rng.uniform(0, 2 * math.pi)) for _ in range(4))
    return Wave(smooth.middle, smooth.sines + quick)
