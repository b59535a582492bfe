"""JPEG files without what they say of their making: segments are left out, and no pixel is touched.

A photograph's metadata names the place, the time and the camera, and may hold a second, uncropped picture. What a set's
pictures show is for the team; where its members live is for nobody.
"""

import re

# No encoder makes more passes over a picture than a dozen; each takes its time, however few bytes it has.
MAX_SCANS = 100
_START, _SCAN, _END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"
# A file that lacks its end is complete where both make a decoder draw the same: the second goes on with other pixels.
ENDINGS_TO_TRY = (_END, bytes(range(1, 128)) * 4 + _END)
# Baseline, extended and progressive pictures: other kinds are read by few decoders.
_COMMON_FRAMES = {0xC0, 0xC1, 0xC2}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = {0xC4, 0xDB, 0xDC, 0xDD}
_JFIF, _ADOBE = (0xE0, b"JFIF\0"), (0xEE, b"Adobe")
# A marker that ends the pixels of a scan: not a byte that was stuffed, not a restart, not one that fills.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def has_too_many_scans(data: bytes) -> bool:
    """Whether decoding may take for ever; true of a file that was made for that alone."""
    return data.count(_SCAN) > MAX_SCANS


def without_metadata(data: bytes) -> bytes | None:
    """The file with what its pixels need, and nothing behind its end; None for one that is not built by the book."""
    if not data.startswith(_START):
        return None
    kept, at = [_START], len(_START)
    while data[at : at + 2] != _END:
        marker, end = _segment(data, at)
        if not end or (marker in _FRAMES and marker not in _COMMON_FRAMES):
            return None
        if marker == _SCAN[1]:
            found = _AFTER_SCAN.search(data, end)
            if not found:
                return None
            end = found.start()
        kept.append(_needed(marker, data[at:end]))
        at = end
    return b"".join([*kept, _END])


def _segment(data: bytes, at: int) -> tuple[int, int]:
    """The marker of the segment that begins at `at`, and where it ends; 0 where there is no whole segment."""
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    end = at + 2 + length
    is_whole = data[at : at + 1] == b"\xff" and length >= 2 and end < len(data)
    return (data[at + 1], end) if is_whole else (0, 0)


def _needed(marker: int, segment: bytes) -> bytes:
    """What of a segment must stay: all of a table, frame or scan; of JFIF and Adobe what tells the colors."""
    if marker in _FRAMES | _TABLES or marker == _SCAN[1]:
        return segment
    content = segment[4:]
    if marker == _JFIF[0] and content.startswith(_JFIF[1]) and len(content) >= 14:
        return _shortened(marker, content[:12] + b"\0\0")  # no thumbnail
    if marker == _ADOBE[0] and content.startswith(_ADOBE[1]) and len(content) >= 12:
        return _shortened(marker, content[:12])
    return b""


def _shortened(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content
