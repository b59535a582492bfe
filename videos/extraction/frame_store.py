"""Stores frames as they come: first their pictures, then their rows, some at a time.

So a frame that has a row has its picture. What a process that died has stored stays: the next resumes behind it, and
overwrites pictures that have no row yet.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from ftcml.core.files import storage
from videos.decoding.repeats import Repeats
from videos.extraction.extraction_leases import Lease
from videos.extraction.taken import TakenFrame
from videos.models import Frame, Video

_STORED_AT_ONCE = 8
_MOST_WAITING = 50
_SECONDS_BETWEEN_WRITES = 0.5


class FrameStore:
    """The frames of one video that the caller holds. `stored`: how many have their row."""

    def __init__(self, video: Video, lease: Lease, folder: Path, pool: ThreadPoolExecutor) -> None:
        self._video, self._lease, self._folder, self._pool = video, lease, folder, pool
        self._repeats = Repeats()
        rows = Frame.objects.filter(video=video).order_by("number")
        # The numbers in the video of those that a former attempt has stored.
        self.former: list[int | None] = []
        for number_in_video, fingerprint in rows.values_list("number_in_video", "fingerprint"):
            self.former.append(number_in_video)
            self._repeats.add(fingerprint)
        self.stored = len(self.former)
        self._waiting: list[tuple[Frame, Future[None]]] = []
        self._written = time.monotonic()

    def add(self, frame: TakenFrame) -> None:
        """Store the next frame. Raises LeaseLost."""
        number = self.stored + len(self._waiting)
        name = self._video.picture_name(number)
        file = self._folder / f"{number}.jpg"
        file.write_bytes(frame.jpeg)
        row = Frame(
            video=self._video,
            number=number,
            number_in_video=frame.number_in_video,
            seconds=frame.seconds,
            filename=frame.filename,
            picture_name=name,
            width=frame.width,
            height=frame.height,
            fingerprint=frame.fingerprint,
            near_duplicate_of=self._repeats.add(frame.fingerprint),
        )
        self._waiting.append((row, self._pool.submit(storage.move, name, file)))
        if self._is_time_to_write():
            self.write()

    def _is_time_to_write(self) -> bool:
        """The first frame is shown at once."""
        since = time.monotonic() - self._written
        return not self.stored or len(self._waiting) >= _MOST_WAITING or since >= _SECONDS_BETWEEN_WRITES

    def write(self) -> None:
        """Write the rows of the frames that wait for it. Raises LeaseLost."""
        for _, moved in self._waiting:
            moved.result()
            self._lease.beat()
        with self._lease.transaction():
            Frame.objects.bulk_create([row for row, _ in self._waiting])
            self._lease.write(frames_done=self.stored + len(self._waiting))
        self.stored += len(self._waiting)
        self._waiting = []
        self._written = time.monotonic()


@contextmanager
def frame_store(video: Video, lease: Lease, folder: Path) -> Iterator[FrameStore]:
    """A store for the frames of the video. `folder`: takes pictures on their way."""
    # A storage elsewhere answers late, not slowly.
    with ThreadPoolExecutor(_STORED_AT_ONCE, thread_name_prefix="storing") as pool:
        try:
            yield FrameStore(video, lease, folder, pool)
        finally:
            pool.shutdown(cancel_futures=True)
