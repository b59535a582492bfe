"""The default boxes of SSD ("SSD: Single Shot MultiBox Detector", section 2.2), laid as in the Object Detection API."""

import math
from collections.abc import Sequence

import numpy as np

MIN_SCALE, MAX_SCALE = 0.2, 0.95

# (scale or None for the map's own, aspect ratio) of the finest map.
_FINEST = ((0.1, 1.0), (None, 2.0), (None, 0.5))
_RATIOS = (1.0, 2.0, 0.5, 3.0, 1 / 3)


def counts(maps: int) -> list[int]:
    """Anchors in one cell, map by map."""
    return [len(_FINEST)] + [len(_RATIOS) + 1] * (maps - 1)


def anchors(map_sizes: Sequence[int]) -> np.ndarray:
    """Float32 [N, 4] of (ycenter, xcenter, height, width) in fractions of the input's side, by map, row, column, shape.

    `map_sizes`: cells on a side of each map, the finest first. Scales rise evenly from 0.2 to 0.95; a map's last anchor
    is square, with a scale between its own and the next map's.
    """
    steps = max(len(map_sizes) - 1, 1)
    scales = [MIN_SCALE + (MAX_SCALE - MIN_SCALE) * number / steps for number in range(len(map_sizes))] + [1.0]
    return np.concatenate(
        [_of_map(size, _shapes(number, scales)) for number, size in enumerate(map_sizes)], dtype=np.float32
    )


def _shapes(number: int, scales: Sequence[float]) -> list[tuple[float, float]]:
    """(height, width) of each anchor in a cell."""
    own, following = scales[number], scales[number + 1]
    if number == 0:
        pairs = [(scale or own, ratio) for scale, ratio in _FINEST]
    else:
        pairs = [(own, ratio) for ratio in _RATIOS] + [(math.sqrt(own * following), 1.0)]
    return [(scale / math.sqrt(ratio), scale * math.sqrt(ratio)) for scale, ratio in pairs]


def _of_map(size: int, shapes: Sequence[tuple[float, float]]) -> np.ndarray:
    centers = (np.arange(size) + 0.5) / size
    rows, columns, which = np.meshgrid(centers, centers, np.arange(len(shapes)), indexing="ij")
    heights, widths = np.array(shapes).T
    return np.stack([rows, columns, heights[which], widths[which]], axis=-1).reshape(-1, 4)
