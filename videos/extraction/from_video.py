"""Frames out of a video file, by the decoder."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from videos.decoding.choosing import Choice, Differing, EveryNth
from videos.decoding.decoder import Limits, decode, probe
from videos.decoding.undecodable import UndecodableVideo
from videos.extraction.taken import TakenFrame
from videos.models import Video
from videos.reasons import Code
from videos.refusals import VideoRefused


class FromVideo:
    """The frames of a video's file.

    `former`: the numbers in the video of those that are stored. `heartbeat`: called all the while.
    """

    def __init__(self, video: Video, path: Path, former: Sequence[int | None], heartbeat: Callable[[], object]) -> None:
        self._path, self._heartbeat = path, heartbeat
        self._former = {number for number in former if number is not None}
        self._choice = _choice(video)
        self._seen = 0
        with _refused():
            self._info = probe(path, _limits())
        self.total = _about(self._choice, self._info.frames)

    def frames(self) -> Iterator[TakenFrame]:
        with _refused():
            for frame in decode(self._path, self._choice, _limits(), self._former, self._see):
                picture = frame.picture
                yield TakenFrame(
                    picture.jpeg, picture.width, picture.height, picture.fingerprint, frame.number, frame.seconds
                )

    def facts(self) -> dict[str, Any]:
        info = self._info
        return {
            "width": info.width,
            "height": info.height,
            "seconds": info.seconds,
            "frames_per_second": info.frames_per_second,
            "frames_in_video": self._seen or info.frames,
        }

    def _see(self, number: int) -> None:
        self._seen = max(self._seen, number + 1)
        self._heartbeat()


def _limits() -> Limits:
    return Limits(settings.VIDEO_MAX_SECONDS, settings.VIDEO_MAX_PIXELS, settings.VIDEO_MAX_FRAMES)


def _choice(video: Video) -> Choice:
    if video.extraction == Video.Extraction.EVERY_NTH:
        return EveryNth(video.every_nth)
    return Differing(video.frames_wanted)


def _about(choice: Choice, frames: int) -> int:
    """About how many frames are taken."""
    most = settings.VIDEO_MAX_FRAMES
    return min(-(-frames // choice.nth) if isinstance(choice, EveryNth) else min(choice.wanted, frames), most)


@contextmanager
def _refused() -> Iterator[None]:
    """Raise VideoRefused for what the decoder refuses."""
    try:
        yield
    except UndecodableVideo as error:
        raise VideoRefused(Code(error.reason.code), **error.reason.params) from None
