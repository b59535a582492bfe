"""The things in rendered videos: game pieces in one flat color, and things with a texture."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
SIDE = 160
# Blue, green, red: the colors of game pieces. Six things share them, so some look alike.
_COLORS = ((30, 190, 235), (45, 45, 200), (190, 80, 30), (60, 170, 70), (160, 60, 140))
_HALF = SIDE // 2


@dataclass(frozen=True)
class Sprite:
    """A thing seen from the front. `outline`: its corners from the middle, in pixels of the picture."""

    picture: Pixels
    alpha: NDArray[np.float32]
    outline: NDArray[np.float32]


def flat(rng: Generator, number: int) -> Sprite:
    """A thing in one color, a little darker to one side as lamps make it."""
    outline = _outline(rng)
    color = np.array(_COLORS[number % len(_COLORS)]) * rng.uniform(0.85, 1.1)
    shade = np.linspace(1.08, 0.88, SIDE)[:, None] * np.linspace(1.04, 0.96, SIDE)[None]
    return _cut(shade[..., None] * color, outline)


def textured(rng: Generator) -> Sprite:
    """A thing with a pattern: patches of a few colors in several sizes."""
    colors = rng.uniform(20, 235, (6, 3))
    picture = np.zeros((SIDE, SIDE, 3))
    for cells, weight in ((5, 0.5), (11, 0.35), (24, 0.25)):
        patches = colors[rng.integers(0, 6, (cells, cells))]
        picture += weight * cv2.resize(patches, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    for _ in range(6):
        start, end = rng.integers(10, SIDE - 10, (2, 2)).tolist()
        cv2.line(picture, start, end, colors[rng.integers(6)].tolist(), int(rng.integers(3, 9)))
    return _cut(picture, _outline(rng))


def _outline(rng: Generator) -> NDArray[np.float32]:
    """A disc, a box, a hexagon or a cone."""
    kind = rng.integers(4)
    tall = rng.uniform(0.7, 1.0)
    if kind == 0:
        return _around(48, 0.97, 0.97)
    if kind == 1:
        return np.array([(-1, -tall), (1, -tall), (1, tall), (-1, tall)], np.float32) * _HALF * 0.95
    if kind == 2:
        return _around(6, 0.97, 0.97 * tall)
    return np.array([(-0.25, -1), (0.25, -1), (0.8, 1), (-0.8, 1)], np.float32) * _HALF * 0.95


def _around(corners: int, across: float, down: float) -> NDArray[np.float32]:
    turns = [2 * math.pi * corner / corners for corner in range(corners)]
    return np.array([(across * math.cos(turn), down * math.sin(turn)) for turn in turns], np.float32) * _HALF


def _cut(picture: NDArray[np.float64], outline: NDArray[np.float32]) -> Sprite:
    mask = np.zeros((SIDE * 4, SIDE * 4), np.uint8)
    cv2.fillPoly(mask, [np.round((outline + _HALF) * 4).astype(np.int32)], 255)
    alpha = np.asarray(cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    return Sprite(np.clip(picture, 0, 255).astype(np.uint8), alpha, outline)
