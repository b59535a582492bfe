"""The sample dataset that a newcomer starts with: rendered game pieces, as a Pascal VOC zip like any other."""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from datasets.formats.common.samples import Sample
from datasets.formats.voc import voc
from datasets.sample import scenes
from videos.sample.scenery import HEIGHT, WIDTH

DESCRIPTION = "Balls and cubes (sample)"
FRAMES = 240
# One frame in so many shows no game piece.
_NEGATIVE_EVERY = 10
_MOST_PIECES = 5


def samples(frames: int = FRAMES, seed: int = 0) -> Iterator[Sample]:
    """Rendered frames with the boxes of their pieces, the same for the same seed."""
    with ThreadPoolExecutor() as pool:
        yield from pool.map(partial(_sample, seed), range(frames))


def _sample(seed: int, number: int) -> Sample:
    rng = np.random.default_rng([seed, number])
    is_negative = number % _NEGATIVE_EVERY == _NEGATIVE_EVERY - 1
    picture, boxes = scenes.render(rng, 0 if is_negative else int(rng.integers(1, _MOST_PIECES + 1)))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return Sample(f"sample-{number:04d}.jpg", stream.getvalue, (WIDTH, HEIGHT), boxes, len(boxes))


def write_archive(path: Path, frames: int = FRAMES, seed: int = 0) -> None:
    """Write the frames as a Pascal VOC zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in voc.write(samples(frames, seed), sorted(scenes.LABELS)):
            archive.writestr(name, b"".join(content))
