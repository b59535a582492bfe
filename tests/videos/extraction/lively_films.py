"""Small films whose frames are like no other."""

from pathlib import Path

import numpy as np

from tests.videos.decoding.filming import film


def noise(seed: int, width: int = 160, height: int = 96) -> np.ndarray:
    """Large blocks of random colors."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 10, 3), np.uint8)
    return np.kron(blocks, np.ones((height // 6, width // 10, 1), np.uint8))


def lively_film(path: Path, frames: int = 20, **metadata: str) -> Path:
    """Write a film whose every frame looks different, and what a phone says of its making."""
    return film(path, [noise(number) for number in range(frames)], rate=10, metadata=metadata)
