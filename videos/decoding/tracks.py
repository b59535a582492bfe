"""A video file opened safely, and which of its tracks is the film."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.codec.context import ThreadType
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from machine.processors import cores
from videos.decoding.containers import demuxer_of
from videos.decoding.undecodable import UndecodableVideo
from videos.reasons import Code

# FFmpeg's codecs -> its decoders of them that we use.
_DECODERS = {
    "h264": "h264",
    "hevc": "hevc",
    "vp8": "vp8",
    "vp9": "vp9",
    "av1": "libdav1d",
    "mjpeg": "mjpeg",
}
_NO_FILM = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
# Each thread holds pictures of a large video, and a server has other work too.
_MOST_THREADS = 4
# A decoder's own picture may be padded to whole blocks.
_PADDING = 1.1


@dataclass(frozen=True)
class Track:
    """The film in a file. `packets`: about as many frames come out of it; `seconds`: as it is played."""

    path: Path
    index: int
    codec: str
    packets: int
    seconds: float
    max_pixels: int


@dataclass
class _Span:
    """What was seen of a track: how many packets, and from when to when."""

    packets: int = 0
    begin: float = float("inf")
    last: float = 0.0
    end: float = 0.0

    def add(self, packet: "Packet[VideoStream]") -> None:
        self.packets += 1
        if packet.pts is not None:
            begin = float(packet.pts * packet.time_base)
            self.begin = min(self.begin, begin)
            self.last = max(self.last, begin)
            self.end = max(self.end, begin + float((packet.duration or 0) * packet.time_base))

    @property
    def seconds(self) -> float:
        """To the end of the last frame, which many containers don't know: then it takes as long as the others."""
        if self.begin > self.last:
            return 0.0
        average = (self.last - self.begin) / (self.packets - 1) if self.packets > 1 else 0.0
        return max(self.last + average, self.end) - self.begin


@contextmanager
def damage_refused() -> Iterator[None]:
    """Raise UndecodableVideo for whatever the damage in a file makes FFmpeg or PyAV raise."""
    try:
        yield
    except UndecodableVideo:
        raise
    except av.error.FFmpegError as error:
        raise UndecodableVideo(Code.DAMAGED) from error
    except MemoryError:
        raise
    except Exception as error:  # names that are no text, numbers out of range
        raise UndecodableVideo(Code.DAMAGED) from error


@contextmanager
def opened(path: Path, max_pixels: int) -> Iterator[InputContainer]:
    """The file, read by the one demuxer of its kind and from the disk alone."""
    demuxer = demuxer_of(path)
    options = {
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join(_DECODERS.values()),
        "max_pixels": str(int(max_pixels * _PADDING)),
    }
    with damage_refused():
        container = av.open(f"file:{path}", "r", format=demuxer, options=options, metadata_errors="replace")
    try:
        yield container
    finally:
        container.close()


def find(path: Path, max_pixels: int) -> Track:
    """Return the film of the file: no cover picture, by preference the track that players show.

    Raises UndecodableVideo.
    """
    with opened(path, max_pixels) as container, damage_refused():
        films = [stream for stream in container.streams.video if not stream.disposition & _NO_FILM]
        if not films:
            raise UndecodableVideo(Code.NO_FRAMES)
        spans = _spans(container, films)
        film = max(films, key=lambda stream: _rank(stream, spans[stream.index]))
        _check(film, max_pixels)
        span = spans[film.index]
        if not span.packets:
            raise UndecodableVideo(Code.NO_FRAMES)
        return Track(path, film.index, _codec(film), span.packets, span.seconds, max_pixels)


def _spans(container: InputContainer, films: list[VideoStream]) -> dict[int, _Span]:
    spans = {film.index: _Span() for film in films}
    for packet in container.demux(tuple(films)):
        if packet.size and not packet.is_discard:
            spans[packet.stream_index].add(packet)
    return spans


def _rank(stream: VideoStream, span: _Span) -> tuple[bool, bool, bool, float, int]:
    is_default = bool(stream.disposition & Disposition.default)
    return _codec(stream) in _DECODERS, span.packets > 1, is_default, span.seconds, stream.width * stream.height


def _check(film: VideoStream, max_pixels: int) -> None:
    if _codec(film) not in _DECODERS:
        raise UndecodableVideo(Code.CODEC_UNSUPPORTED, codec=_codec(film) or "?")
    if film.width * film.height > max_pixels:
        raise UndecodableVideo(Code.TOO_MANY_PIXELS, width=film.width, height=film.height)


def _codec(stream: VideoStream) -> str:
    """FFmpeg's name of the codec, "" for one that it doesn't know."""
    return stream.codec_context.codec.canonical_name if stream.codec_context else ""


def threads() -> int:
    """How many threads decode a video, and how many pack its frames."""
    return min(cores(), _MOST_THREADS)


def prepared(container: InputContainer, track: Track, is_rough: bool) -> VideoStream:
    """The track of the file, with a decoder that is set but not open yet. `is_rough`: faster, with visible blocks."""
    stream = container.streams[track.index]
    assert isinstance(stream, VideoStream)  # find() took it from the video tracks
    stream.thread_type = ThreadType.AUTO
    stream.thread_count = threads()
    stream.codec_context.options = {
        "max_pixels": str(int(track.max_pixels * _PADDING)),
        **({"skip_loop_filter": "all"} if is_rough else {}),
    }
    return stream
