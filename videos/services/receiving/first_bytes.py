"""What a file is, by its first bytes: a wrong one is refused before the rest of it is sent."""

from videos.models import Video

# So many bytes tell the kinds apart.
LENGTH = 32

_EBML = b"\x1a\x45\xdf\xa3"  # WebM and MKV
# Where an MP4 or MOV has the name of its first part. Old cameras begin without "ftyp".
_PARTS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
# What comes after "ftyp" in a file of HEIF, which holds pictures.
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def fits(kind: str, head: bytes) -> bool:
    """Return whether a file that begins so can be what a video of that kind is made of."""
    if kind == Video.Kind.ARCHIVE:
        return head.startswith(_ZIP)
    return _is_picture(head) if kind == Video.Kind.PICTURES else _is_video(head)


def _is_video(head: bytes) -> bool:
    if head.startswith(_EBML) or _is_riff(head, b"AVI "):
        return True
    return head[4:8] in _PARTS and not _is_heif(head)


def _is_picture(head: bytes) -> bool:
    return head.startswith(_PICTURES) or _is_riff(head, b"WEBP") or _is_heif(head)


def _is_heif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF


def _is_riff(head: bytes, form: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == form
