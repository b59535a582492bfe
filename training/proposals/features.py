"""How a frame, or a box of it, looks to a model: one vector of length 1. Vectors of like things point the same way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Corners = tuple[float, float, float, float]


def of_box(features: Vector, corners: Corners, width: int, height: int) -> Vector:
    """Return the mean of the cells that a box covers, each as far as it covers it.

    Args:
        features: [cells down, cells across, values] of the whole frame.
        corners: xmin, ymin, xmax, ymax in pixels of the frame, which is `width` by `height`.
    """
    down, across = features.shape[:2]
    xmin, ymin, xmax, ymax = corners
    rows = _covered(ymin / height * down, ymax / height * down, down)
    columns = _covered(xmin / width * across, xmax / width * across, across)
    return _of_length_one(np.einsum("i,j,ijv->v", rows, columns, features))


def of_frame(features: Vector) -> Vector:
    """Return the strongest answer of each kind anywhere in the frame: what is in it, wherever that is."""
    return _of_length_one(features.max(axis=(0, 1)))


def stored(vector: Vector) -> bytes:
    """Return what a row keeps of a vector."""
    return vector.astype(np.float16).tobytes()


def read(stored_vectors: Sequence[bytes]) -> Vector:
    """Return stored vectors as rows [n, values]. They are of one model."""
    return np.array([np.frombuffer(one, np.float16) for one in stored_vectors], dtype=np.float32)


def _covered(start: float, end: float, cells: int) -> Vector:
    """How much of each cell lies between two places; at least a little of the one in the middle."""
    edges = np.arange(cells, dtype=np.float32)
    part = np.clip(np.minimum(end, edges + 1) - np.maximum(start, edges), 0, 1)
    part[min(max(int((start + end) / 2), 0), cells - 1)] += 1e-3
    return part.astype(np.float32)


def _of_length_one(vector: Vector) -> Vector:
    return (vector / max(float(np.linalg.norm(vector)), 1e-6)).astype(np.float32)
