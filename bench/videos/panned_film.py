"""A film for benches whose every frame differs: a camera that pans over one large picture."""

import random
from pathlib import Path

import av
import numpy as np

_BLOCK = 24
_ACROSS, _DOWN = 7, 5  # pixels from one frame to the next


def write_film(path: Path, size: tuple[int, int], frames: int, rng: random.Random, rate: int = 30) -> Path:
    """Write a film with H.264. `size`: (width, height)."""
    width, height = size
    shape = (2 * height // _BLOCK, 2 * width // _BLOCK, 3)
    blocks = np.random.default_rng(rng.randrange(2**32)).integers(0, 256, shape, np.uint8)
    large = np.repeat(np.repeat(blocks, _BLOCK, axis=0), _BLOCK, axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            top, left = number * _DOWN % (large.shape[0] - height), number * _ACROSS % (large.shape[1] - width)
            part = np.ascontiguousarray(large[top : top + height, left : left + width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(part, "rgb24")))
        container.mux(stream.encode())
    return path
