"""What a model that was never trained would have found, by chance: boxes alone, which are matched and counted as any.

The made-up model gets better from step to step. It keeps its weaknesses: what is hard to find stays hard at every step.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from detector.frames.objects import Detected, Truth

# Box, score and class of one detection.
Found = tuple[NDArray[np.float64], float, int]


def skill(step: int, steps: int) -> float:
    """From 0, nothing learned, to nearly 1: fast at first, then slower."""
    return 1 - math.exp(-4.5 * step / steps)


def detected(truth: Truth, label_count: int, learned: float, seed: Sequence[int]) -> Detected:
    """What is found on a frame. The same `seed` stands for the same frame at every step."""
    rng = np.random.default_rng([*seed])
    found = [
        one
        for box, label in zip(truth.boxes.astype(float), truth.classes, strict=True)
        if (one := _detection(rng, box, int(label), label_count, learned))
    ]
    found += [_false_alarm(rng, label_count) for _ in range(rng.poisson(6 * (1 - learned) + 0.6))]
    found.sort(key=lambda one: -one[1])
    boxes = np.array([box for box, _, _ in found], np.float32).reshape(-1, 4)
    return Detected(boxes, np.array([score for _, score, _ in found]), np.array([label for *_, label in found], int))


def _detection(rng: Generator, box: NDArray[np.float64], label: int, label_count: int, learned: float) -> Found | None:
    """How the object is found, or None where it is not. Takes the same draws from `rng` whatever was learned."""
    luck, sure, mistaken = rng.random(3)
    other, shift = int(rng.integers(label_count)), rng.normal(0, 0.12, 4)
    if luck > 0.15 + 0.8 * learned:
        return None
    height, width = box[2:] - box[:2]
    near = np.clip(box + shift * [height, width, height, width] * (1.2 - learned), 0, 1)
    score = float(np.clip((0.25 + 0.75 * sure) * (0.25 + 0.75 * learned), 0.05, 0.99))
    return near, score, other if mistaken > 0.4 + 0.55 * learned else label


def _false_alarm(rng: Generator, label_count: int) -> Found:
    top, left, height, width = rng.uniform([0, 0, 0.06, 0.06], [0.7, 0.7, 0.3, 0.3])
    box = np.array([top, left, top + height, left + width])
    return box, float(0.6 * rng.beta(1.2, 5)), int(rng.integers(label_count))
