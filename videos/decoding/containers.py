"""Which kind of file it is by its first bytes, and whether its end is missing: before any decoder sees it.

The kind chooses the one demuxer of FFmpeg that may open the file. So no playlist, no list of other files, no picture
and no address in the network is ever followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from videos.decoding.undecodable import UndecodableVideo
from videos.reasons import Code

# Brands of files that are built as MP4 is and hold pictures: HEIF and AVIF.
_PICTURE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"msf1", b"hevx", b"avif", b"avis", b"crx "}
_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
# An MP4 file that lacks part of one of these lacks its frames; what follows them may be anything.
_NEEDED_BOXES = {b"moov", b"mdat", b"moof"}
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
# Chrome leaves a few bytes of an index away; a recorder that died leaves more.
_AVI_TOLERANCE = 1024
# Parts of a recording of hours; a file with more is made to keep us busy.
_MOST_PARTS = 2_000_000


@dataclass(frozen=True)
class _Part:
    name: bytes | int
    end: int


def demuxer_of(path: Path) -> str:
    """Return FFmpeg's name of the demuxer for the file: mov, matroska or avi.

    Raises UndecodableVideo: NOT_A_VIDEO for any other file, DAMAGED for one whose end is missing.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(16)
        if start[:4] == b"\x1a\x45\xdf\xa3":
            name, is_whole = "matroska", _is_whole_matroska(stream, size)
        elif start[:4] == b"RIFF" and start[8:12] == b"AVI ":
            name, is_whole = "avi", _is_whole_avi(stream, size)
        elif start[4:8] in _FIRST_BOXES and start[8:12] not in _PICTURE_BRANDS:
            name, is_whole = "mov", _is_whole_mp4(stream, size)
        else:
            raise UndecodableVideo(Code.NOT_A_VIDEO)
    if not is_whole:
        raise UndecodableVideo(Code.DAMAGED)
    return name


def _is_whole_mp4(stream: BinaryIO, size: int) -> bool:
    """Whether the index is there, and all that the boxes of the file announce."""
    names = []
    for box in _boxes(stream, size):
        if box.name in _NEEDED_BOXES:
            names.append(box.name)
            if box.end > size:
                return False
    return b"moov" in names and names[-1] != b"moof"


def _boxes(stream: BinaryIO, size: int) -> Iterator[_Part]:
    """The outermost boxes, up to the first that is none."""
    at = 0
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        head = stream.read(16)
        name, length = head[4:8], int.from_bytes(head[:4], "big")
        if len(head) < 8 or not name.isascii():
            return
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - at
        if length < 8:
            return
        at += length
        yield _Part(name, at)


def _is_whole_avi(stream: BinaryIO, size: int) -> bool:
    at = 0
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        head = stream.read(8)
        if head[:4] != b"RIFF":
            break
        length = int.from_bytes(head[4:], "little")
        at += 8 + length + length % 2
        if not length or at > size + _AVI_TOLERANCE:
            return False
    return True


def _is_whole_matroska(stream: BinaryIO, size: int) -> bool:
    """Whether all is there that elements announce. Browsers record without saying how long the whole will be."""
    at = 0
    for _ in range(_MOST_PARTS):
        if at >= size:
            break
        element = _element(stream, at, size)
        if element is None:
            break
        if element.end > size:
            return False
        at = element.end
    return True


def _element(stream: BinaryIO, at: int, size: int) -> _Part | None:
    """The element that begins at `at`; of one without a length its end is where its content begins.

    None where there is no element.
    """
    stream.seek(at)
    head = stream.read(12)
    id_length = 9 - head[0].bit_length()
    if id_length > 4 or len(head) <= id_length:
        return None if len(head) == 12 else _Part(0, size + 1)
    name = int.from_bytes(head[:id_length], "big")
    length_length = 9 - head[id_length].bit_length()
    content = id_length + length_length
    if length_length > 8 or len(head) < content:
        return None if len(head) == 12 else _Part(0, size + 1)
    mask = (1 << 7 * length_length) - 1
    length = int.from_bytes(head[id_length:content], "big") & mask
    if length == mask:
        return _Part(name, at + content) if name in (_SEGMENT, _CLUSTER) else None
    return _Part(name, at + content + length)
