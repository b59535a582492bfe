"""The boxes that predictions are relative to, laid as in the Object Detection API: SSD's default boxes ("SSD: Single
Shot MultiBox Detector", section 2.2) and the pyramid's ("Focal Loss for Dense Object Detection", section 4).

Anchors are float32 [N, 4] of (ycenter, xcenter, height, width) in fractions of the input's side, by map, row, column,
shape.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

MIN_SCALE, MAX_SCALE = 0.2, 0.95

# (scale or None for the map's own, aspect ratio) of the finest map.
_FINEST = ((0.1, 1.0), (None, 2.0), (None, 0.5))
_RATIOS = (1.0, 2.0, 0.5, 3.0, 1 / 3)

# Of a pyramid's anchors.
_ANCHOR_CELLS = 4.0
_OCTAVES = (1.0, math.sqrt(2))
MULTISCALE_COUNT = 6

# Of the far field's anchors, by map: how many cells wide each is.
FAR_SIDES = (tuple(2 ** (step / 2) for step in range(4)), tuple(2 ** (step / 2) for step in range(2, 8)))


def ssd_counts(maps: int) -> list[int]:
    """Anchors in one cell, map by map."""
    return [len(_FINEST)] + [len(_RATIOS) + 1] * (maps - 1)


def ssd(map_sizes: Sequence[int]) -> np.ndarray:
    """SSD's anchors.

    `map_sizes`: cells on a side of each map, the finest first. Scales rise evenly from 0.2 to 0.95; a map's last anchor
    is square, with a scale between its own and the next map's.
    """
    steps = max(len(map_sizes) - 1, 1)
    scales = [MIN_SCALE + (MAX_SCALE - MIN_SCALE) * number / steps for number in range(len(map_sizes))] + [1.0]
    return np.concatenate(
        [_of_map(_centers(size), _shapes(number, scales)) for number, size in enumerate(map_sizes)], dtype=np.float32
    )


def _shapes(number: int, scales: Sequence[float]) -> list[tuple[float, float]]:
    """(height, width) of each anchor in a cell."""
    own, following = scales[number], scales[number + 1]
    if number == 0:
        pairs = [(scale or own, ratio) for scale, ratio in _FINEST]
    else:
        pairs = [(own, ratio) for ratio in _RATIOS] + [(math.sqrt(own * following), 1.0)]
    return [(scale / math.sqrt(ratio), scale * math.sqrt(ratio)) for scale, ratio in pairs]


def multiscale(input_size: int, map_sizes: Mapping[int, int]) -> np.ndarray:
    """The anchors of a pyramid: in each cell 3 ratios in 2 sizes, 4 cells wide and a half octave more.

    `input_size`: of the input's side, in pixels. `map_sizes`: level -> cells on a side; a cell of level L is 2 ** L
    pixels wide. Where the input is no multiple of that, the API lays the first anchor on the border instead of into the
    middle of the first cell.
    """
    laid = []
    for level, cells in map_sizes.items():
        stride = 2**level
        first = 0.5 if input_size % stride == 0 else 0.0
        sides = [_ANCHOR_CELLS * stride * octave / input_size for octave in _OCTAVES]
        shapes = [(side / math.sqrt(ratio), side * math.sqrt(ratio)) for ratio in _RATIOS[:3] for side in sides]
        laid.append(_of_map((np.arange(cells) + first) * stride / input_size, shapes))
    return np.concatenate(laid, dtype=np.float32)


def far(map_sizes: Sequence[int]) -> np.ndarray:
    """Squares for small objects: each half an octave wider than the one before, from one cell of the finest map on.

    `map_sizes`: cells on a side of each map, the finest first.
    """
    laid = []
    for size, sides in zip(map_sizes, FAR_SIDES, strict=True):
        laid.append(_of_map(_centers(size), [(cells / size, cells / size) for cells in sides]))
    return np.concatenate(laid, dtype=np.float32)


def _centers(size: int) -> NDArray[np.float64]:
    """Of `size` cells on a side."""
    return (np.arange(size) + 0.5) / size


def _of_map(centers: NDArray[np.float64], shapes: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    rows, columns, which = np.meshgrid(centers, centers, np.arange(len(shapes)), indexing="ij")
    heights, widths = np.array(shapes).T
    return np.stack([rows, columns, heights[which], widths[which]], axis=-1).reshape(-1, 4)
