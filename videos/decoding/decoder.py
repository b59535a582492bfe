"""A stranger's video file -> its frames as JPEGs. Runs where it may take what it needs: in a process with limits."""

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av.error
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from videos.decoding import shape, tracks
from videos.decoding.choosing import Choice, Differing, EveryNth, Looks
from videos.decoding.encoding import EncodedPicture, encoded
from videos.decoding.shape import View
from videos.decoding.tracks import Track, damage_refused
from videos.decoding.undecodable import UndecodableVideo
from videos.reasons import Code

# Of pictures that wait to be packed, each thread has so many.
_AHEAD = 2
# A file of which more cannot be decoded is damaged. One that drops a packet now and then plays well.
_MOST_BROKEN = 0.05
# A film is cut to its limit by hand, and the clock of a phone isn't the server's.
_SPARE_SECONDS = 1.0
# The packets of a track are about as many as its frames; what is clearly too much is refused before it is decoded.
_SURELY = 1.1


@dataclass(frozen=True)
class Limits:
    """What a video may have: seconds, pixels of a picture, frames to be taken."""

    seconds: float
    pixels: int
    frames: int


@dataclass(frozen=True)
class VideoInfo:
    """`width`, `height`: as it is shown. `frames`: about how many; only decoding tells. `seconds`: as it plays."""

    width: int
    height: int
    seconds: float
    frames_per_second: float
    frames: int
    codec: str


@dataclass(frozen=True)
class DecodedFrame:
    """`number`: its place among all frames of the video, from 0. `seconds`: after the first frame."""

    number: int
    seconds: float
    picture: EncodedPicture


_Numbered = tuple[int, float, VideoFrame]
# Called with the number of each frame that is decoded, so that somebody knows that it works.
Seen = Callable[[int], object]


def _unseen(number: int) -> None:
    """For callers to whom it doesn't matter."""


def probe(path: Path, limits: Limits) -> VideoInfo:
    """Look at the file and decode its first frame.

    Raises UndecodableVideo for what is no video, is damaged, or is beyond the limits.
    """
    track = _found(path, limits)
    with tracks.opened(path, limits.pixels) as container:
        stream = tracks.prepared(container, track, is_rough=False)
        with closing(_frames(container, stream, limits)) as frames:
            _, _, frame = next(frames)
            width, height = shape.view(frame, stream.sample_aspect_ratio).shown(frame.width, frame.height)
    rate = track.packets / track.seconds if track.seconds else 0.0
    return VideoInfo(width, height, track.seconds, rate, track.packets, track.codec)


def decode(
    path: Path, choice: Choice, limits: Limits, without: Collection[int] = (), seen: Seen = _unseen
) -> Iterator[DecodedFrame]:
    """The chosen frames in order, the same for the same file; those numbered in `without` are passed over.

    `seen` is called with the number of each frame that is decoded, chosen or not. The first comes at once. To choose
    those that differ most, the film is then decoded once more than otherwise. Raises UndecodableVideo, perhaps only
    after some frames. To stop early, close it.
    """
    track = _found(path, limits)
    if isinstance(choice, Differing):
        yield from _differing(track, min(choice.wanted, limits.frames), limits, set(without), seen)
    else:
        yield from _every_nth(track, choice, limits, set(without), seen)


def _found(path: Path, limits: Limits) -> Track:
    track = tracks.find(path, limits.pixels)
    if track.seconds > limits.seconds + _SPARE_SECONDS:
        raise _too_long(limits)
    return track


def _every_nth(track: Track, choice: EveryNth, limits: Limits, without: set[int], seen: Seen) -> Iterator[DecodedFrame]:
    if track.packets / choice.nth > limits.frames * _SURELY:
        raise _too_many(limits)
    most = choice.nth * (limits.frames - 1)

    def is_wanted(number: int) -> bool:
        if number % choice.nth or number in without:
            return False
        if number > most:
            raise _too_many(limits)
        return True

    yield from _encoded(track, limits, is_wanted, seen, last=None)


def _differing(track: Track, wanted: int, limits: Limits, without: set[int], seen: Seen) -> Iterator[DecodedFrame]:
    if 0 not in without:
        yield from _encoded(track, limits, lambda number: number == 0, seen, last=0)
    looks = Looks(wanted)
    with tracks.opened(track.path, limits.pixels) as container:
        stream = tracks.prepared(container, track, is_rough=True)
        for number, _, frame in _frames(container, stream, limits):
            seen(number)
            looks.add(frame)
    chosen = set(looks.chosen(wanted)) - without - {0}
    if chosen:
        yield from _encoded(track, limits, chosen.__contains__, seen, last=max(chosen))


def _encoded(
    track: Track, limits: Limits, is_wanted: Callable[[int], bool], seen: Seen, last: int | None
) -> Iterator[DecodedFrame]:
    """The wanted frames up to number `last`, packed by threads while the next are decoded."""
    waiting: deque[tuple[int, float, Future[EncodedPicture]]] = deque()
    with (
        tracks.opened(track.path, limits.pixels) as container,
        ThreadPoolExecutor(tracks.threads(), thread_name_prefix="frames") as pool,
    ):
        stream = tracks.prepared(container, track, is_rough=False)
        view: View | None = None
        try:
            with closing(_frames(container, stream, limits)) as frames:
                for number, seconds, frame in frames:
                    seen(number)
                    view = view or shape.view(frame, stream.sample_aspect_ratio)
                    if is_wanted(number):
                        waiting.append((number, seconds, pool.submit(encoded, frame, view)))
                    while len(waiting) > tracks.threads() * _AHEAD:
                        yield _finished(*waiting.popleft())
                    if number == last:
                        break
            while waiting:
                yield _finished(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)


def _finished(number: int, seconds: float, picture: Future[EncodedPicture]) -> DecodedFrame:
    with damage_refused():
        return DecodedFrame(number, seconds, picture.result())


def _frames(container: InputContainer, stream: VideoStream, limits: Limits) -> Generator[_Numbered, None, None]:
    """All frames of the track with their numbers and times, as a player shows them."""
    broken = number = 0
    start: float | None = None
    packets = container.demux(stream)
    while True:
        with damage_refused():
            packet = next(packets, None)
            if packet is None:
                break
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                broken, frames = broken + 1, []
        for frame in frames:
            broken += frame.is_corrupt
            time = frame.time if frame.time is not None else number / float(stream.average_rate or 30)
            start = time if start is None else start
            _check(frame, time - start, limits)
            yield number, max(time - start, 0.0), frame
            number += 1
    if not number:
        raise UndecodableVideo(Code.DAMAGED if broken else Code.NO_FRAMES)
    if broken > max(number * _MOST_BROKEN, 1):
        raise UndecodableVideo(Code.DAMAGED)


def _check(frame: VideoFrame, seconds: float, limits: Limits) -> None:
    """A header may say less than what comes."""
    if frame.width * frame.height > limits.pixels:
        raise UndecodableVideo(Code.TOO_MANY_PIXELS, width=frame.width, height=frame.height)
    if seconds > limits.seconds + _SPARE_SECONDS:
        raise _too_long(limits)


def _too_long(limits: Limits) -> UndecodableVideo:
    return UndecodableVideo(Code.TOO_LONG, seconds=round(limits.seconds))


def _too_many(limits: Limits) -> UndecodableVideo:
    return UndecodableVideo(Code.TOO_MANY_FRAMES, most=limits.frames)
