"""The video that a team without one tries: small, short, and things move smoothly in it."""

import io
import itertools

import numpy as np
from PIL import Image

from videos.decoding.choosing import Differing, EveryNth
from videos.decoding.decoder import Limits, decode, probe
from videos.sample import sample_video

LIMITS = Limits(seconds=120, pixels=3840 * 2160, frames=1000)


def test_it_is_a_small_video_with_things_to_label(tmp_path):
    path = tmp_path / sample_video.FILENAME
    sample_video.write(path)
    assert path.stat().st_size < 1_000_000
    info = probe(path, LIMITS)
    assert (info.width, info.height, info.frames, round(info.seconds, 2)) == (640, 360, 120, 4)
    pictures = [
        np.asarray(Image.open(io.BytesIO(frame.picture.jpeg)).convert("L"), float)
        for frame in decode(path, EveryNth(10), LIMITS)
    ]
    moved = [np.abs(one - other).mean() for one, other in itertools.pairwise(pictures)]
    assert min(moved) > 0.5
    assert max(moved) < 12
    assert len(list(decode(path, Differing(50), LIMITS))) == 50
