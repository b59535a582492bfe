"""One picture as a stranger sent it -> an upright JPEG that every decoder reads."""

import io
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

import pi_heif
from django.conf import settings
from PIL import ExifTags, Image, ImageChops, ImageCms

from ftcml.core.pictures.jpeg_segments import ENDINGS_TO_TRY, has_too_many_scans, without_metadata
from ftcml.core.pictures.near_duplicates import fingerprint

# Pillow knows many more formats, some of which start other programs.
FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "HEIF")
# HEIF, what iPhones take pictures in. The library turns a picture upright by itself, and clears what EXIF says of that.
# Of several pictures in a file it shows the main one; the others aren't looked at.
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
_JPEG_QUALITY = 95
_UPRIGHT = 1
_QUARTER_TURNS = range(5, 9)
# EXIF orientation -> what turns such a picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow calls a JPEG file, and one of a phone that has more pictures behind the first.
_JPEG = ("JPEG", "MPO")
# Of pictures with more pixels one is in memory at a time, however many threads there are.
_LARGE_PIXELS = 16_000_000
# Of a JPEG that ends too early: one row of its largest blocks.
_ROWS_THAT_MAY_LACK = 16
_large = threading.Lock()


class UndecodablePicture(Exception):
    """The file is no picture, or a damaged one."""


class TooLargePicture(UndecodablePicture):
    """The picture has more pixels than the limit."""


@dataclass(frozen=True)
class UprightPicture:
    """`orientation`: the EXIF orientation that was applied, 1 for none. `stored_size`: (width, height) before that.

    `fingerprint`: how it looks, see near_duplicates.py. `is_completed`: whether its file lacked its last bytes.
    """

    jpeg: bytes
    width: int
    height: int
    orientation: int
    stored_size: tuple[int, int]
    fingerprint: str
    is_completed: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


def upright_jpeg(data: bytes) -> UprightPicture:
    """Decode the whole picture; keep the pixels of a JPEG that needs no change as they are packed, encode all others.

    No metadata is left. Raises UndecodablePicture, TooLargePicture for one that is larger than the limit once decoded.
    May be called by several threads at once.
    """
    picture = _opened(data)
    with _room_for(picture):
        try:
            return _upright(picture, data)
        except UndecodablePicture:
            if picture.format not in _JPEG or not (whole := _completed(data)):
                raise
            return replace(_upright(_opened(whole), whole), is_completed=True)


def _upright(picture: Image.Image, data: bytes) -> UprightPicture:
    if stripped := _as_it_is(picture, data):
        kept = _opened(stripped)
        _load(kept)
        return UprightPicture(stripped, *picture.size, _UPRIGHT, picture.size, fingerprint(kept))
    _load(picture)
    orientation = _orientation(picture)
    shown = _in_usual_colors(picture) if picture.format == "HEIF" else picture
    upright = _in_color(shown.transpose(_TURNS[orientation]) if orientation in _TURNS else shown)
    return UprightPicture(_encoded(upright), *upright.size, orientation, picture.size, fingerprint(upright))


def _completed(data: bytes) -> bytes | None:
    """A JPEG that lacks its last bytes with an end, as some cameras forget it; None where more is missing.

    A decoder fills up what is missing, so it is told by two endings: whatever they make it draw differently was not in
    the file. The last rows of blocks may differ.
    """
    ends = [data.removesuffix(b"\xff") + ending for ending in ENDINGS_TO_TRY]
    pictures = [_opened(whole) for whole in ends]
    for picture in pictures:
        picture.draft("L", picture.size)
        _load(picture)
    difference = ImageChops.difference(*(picture.convert("L") for picture in pictures)).getbbox()
    is_whole = not difference or difference[1] >= pictures[0].height - _ROWS_THAT_MAY_LACK
    return ends[0] if is_whole else None


def sizes(data: bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    """(width, height) of the picture as it is stored, and as it stands upright, by its header alone.

    Raises UndecodablePicture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            stored = picture.size
            return stored, stored[::-1] if _orientation(picture) in _QUARTER_TURNS else stored
    except Exception as error:  # a decoder raises whatever the damage made it meet
        raise UndecodablePicture(str(error)) from error


def _opened(data: bytes) -> Image.Image:
    """The picture by its header: nothing is decoded yet."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception as error:  # a decoder raises whatever the damage made it meet
        raise UndecodablePicture(str(error)) from error
    _check_pixels(picture)
    if picture.format in _JPEG and has_too_many_scans(data):
        raise UndecodablePicture("too many scans")
    return picture


def _load(picture: Image.Image) -> None:
    try:
        picture.load()
    except Exception as error:  # as above
        raise UndecodablePicture(str(error)) from error


def _as_it_is(picture: Image.Image, data: bytes) -> bytes | None:
    """The file of an upright JPEG in gray or color, without its metadata; None for any other picture."""
    is_plain = picture.format in _JPEG and picture.mode in ("RGB", "L")
    return without_metadata(data) if is_plain and _orientation(picture) == _UPRIGHT else None


def _room_for(picture: Image.Image) -> AbstractContextManager[object]:
    return _large if picture.width * picture.height > _LARGE_PIXELS else nullcontext()


def _check_pixels(picture: Image.Image) -> None:
    """By the size in the picture's header, before any pixel of it takes memory."""
    if picture.width * picture.height > settings.IMPORT_MAX_PIXELS:
        raise _too_large()


def _too_large() -> TooLargePicture:
    limit = settings.IMPORT_MAX_PIXELS / 1_000_000
    return TooLargePicture(f"over {limit:g} million pixels")


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; a damaged EXIF block does not spoil the picture."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, _UPRIGHT)
    except Exception:  # as above
        return _UPRIGHT
    return orientation if orientation in _TURNS else _UPRIGHT


def _in_usual_colors(picture: Image.Image) -> Image.Image:
    """The picture in sRGB, as robots' cameras give theirs. An iPhone's has colors that are wider (Display P3)."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode != "RGB":
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):  # damaged, or of another kind: the picture is there without it
        return picture
    return shown or picture


def _in_color(picture: Image.Image) -> Image.Image:
    """Three channels of 8 bits; what is transparent becomes white."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.has_transparency_data:
        layers = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(layers, mask=layers.getchannel("A"))
        return ground
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _encoded(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_JPEG_QUALITY, comment=b"")
    return stream.getvalue()
