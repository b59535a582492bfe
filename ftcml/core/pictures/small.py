"""Stored pictures as a gallery shows them: small enough for a slow network, made when they are asked for."""

import io
from typing import IO

from PIL import Image

# A gallery shows them half as wide, or less; screens of phones and laptops have up to two pixels for one.
SIDE = 480
_QUALITY = 70


def small(picture: IO[bytes]) -> bytes:
    """Return the JPEG that a stored one makes when no side of it is longer than SIDE pixels.

    The decoder leaves out what isn't needed, so that a picture of 1080p takes a few milliseconds.
    """
    with Image.open(picture) as image:
        image.draft("RGB", (SIDE, SIDE))
        image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        stream = io.BytesIO()
        image.convert("RGB").save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
