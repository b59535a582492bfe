"""One picture as a stranger sent it -> an upright JPEG that every decoder reads."""

import io
from dataclasses import dataclass

from django.conf import settings
from PIL import ExifTags, Image, ImageOps

from datasets.lookalikes import fingerprint
from datasets.refusals import DatasetRefused

# Pillow knows many more formats, some of which start other programs.
FORMATS = ("JPEG", "PNG", "BMP", "WEBP")
_JPEG_QUALITY = 95
_UPRIGHT = 1
_QUARTER_TURNS = range(5, 9)
# What Pillow calls a JPEG file, and one of a phone that has more pictures behind the first.
_JPEG = ("JPEG", "MPO")


class UndecodablePicture(Exception):
    """The file is no picture, or a damaged one."""


@dataclass(frozen=True)
class UprightPicture:
    """`orientation`: the EXIF orientation that was applied, 1 for none. `stored_size`: (width, height) before that.

    `fingerprint`: how it looks, see datasets/lookalikes.py.
    """

    jpeg: bytes
    width: int
    height: int
    orientation: int
    stored_size: tuple[int, int]
    fingerprint: str

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


def upright_jpeg(data: bytes, filename: str) -> UprightPicture:
    """Decode the whole picture; keep the bytes of a JPEG that needs no change, encode all others.

    Raises UndecodablePicture, and DatasetRefused for a picture that is larger than the limit once decoded.
    """
    picture = _decoded(data, filename)
    orientation = _orientation(picture)
    if orientation == _UPRIGHT and picture.format in _JPEG and picture.mode in ("RGB", "L"):
        return UprightPicture(data, *picture.size, orientation, picture.size, fingerprint(picture))
    upright = _in_colour(picture if orientation == _UPRIGHT else ImageOps.exif_transpose(picture))
    return UprightPicture(_encoded(upright), *upright.size, orientation, picture.size, fingerprint(upright))


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


def _decoded(data: bytes, filename: str) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        _check_pixels(picture, filename)
        picture.load()
    except DatasetRefused:
        raise
    except Image.DecompressionBombError:
        raise _too_large(filename) from None
    except Exception as error:  # a decoder raises whatever the damage made it meet
        raise UndecodablePicture(str(error)) from error
    return picture


def _check_pixels(picture: Image.Image, filename: str) -> None:
    """By the size in the picture's header, before any pixel of it takes memory."""
    if picture.width * picture.height > settings.IMPORT_MAX_PIXELS:
        raise _too_large(filename)


def _too_large(filename: str) -> DatasetRefused:
    limit = settings.IMPORT_MAX_PIXELS / 1_000_000
    return DatasetRefused(
        f"“{filename}” has more than {limit:g} million pixels, the most that one picture may have. Make it smaller."
    )


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; a damaged EXIF block does not spoil the picture."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, _UPRIGHT)
    except Exception:  # as above
        return _UPRIGHT
    return orientation if orientation in range(1, 9) else _UPRIGHT


def _in_colour(picture: Image.Image) -> Image.Image:
    """Three channels of 8 bits; what is transparent becomes white."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.has_transparency_data:
        layers = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, layers).convert("RGB")
    return picture.convert("RGB")


def _encoded(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_JPEG_QUALITY)
    return stream.getvalue()
