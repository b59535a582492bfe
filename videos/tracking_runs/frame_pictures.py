"""The stored pictures of a video's frames, decoded some frames ahead of who asks for them."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import cv2
import numpy as np

from ftcml.core.files import storage
from videos.models import Frame, Video
from videos.tracking.tracker import Pixels

_AHEAD = 6
# Those that were shown are kept for a while: a correction sends a tracker some frames back.
_KEPT = 24


class FramePictures:
    """Call it with the number of a frame."""

    def __init__(self, names: dict[int, str], pool: ThreadPoolExecutor) -> None:
        self._names, self._pool = names, pool
        self._read: dict[int, Future[Pixels]] = {}

    def __call__(self, number: int) -> Pixels:
        """Return the picture of a frame, and read the next ones meanwhile."""
        for ahead in range(number, number + _AHEAD):
            if ahead in self._names and ahead not in self._read:
                self._read[ahead] = self._pool.submit(_decoded, self._names[ahead])
        picture = self._read[number].result()
        for old in [one for one in self._read if not number - _KEPT < one < number + _AHEAD]:
            self._read.pop(old).cancel()
        return picture


@contextmanager
def frame_pictures(video: Video) -> Iterator[FramePictures]:
    names = dict(Frame.objects.filter(video=video).values_list("number", "picture_name"))
    with ThreadPoolExecutor(1, thread_name_prefix="pictures") as pool:
        try:
            yield FramePictures(names, pool)
        finally:
            pool.shutdown(cancel_futures=True)


def _decoded(name: str) -> Pixels:
    with storage.open_file(name) as file:
        data = np.frombuffer(file.read(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{name} is no picture")
    return picture.astype(np.uint8, copy=False)
