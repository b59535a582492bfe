"""Pictures of iPhones (HEIC) are read wherever a picture is."""

import io

import numpy as np
import pytest
from PIL import Image

from datasets.formats.common.picture_files import PICTURE_SUFFIXES
from ftcml.core.pictures.upright import UndecodablePicture, sizes, upright_jpeg
from tests.core.pictures.heic import display_p3, heic
from tests.core.pictures.test_upright import SECRET, telling_exif
from tests.videos.decoding.filming import corners_of, number_of, picture


def pixels_of(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg), formats=["JPEG"]))


@pytest.mark.parametrize("form", ["yuv420p", "yuv420p10le"])
def test_its_picture_is_taken_without_what_it_says_of_its_making(form: str) -> None:
    exif = telling_exif(orientation=6).tobytes()
    source = heic(picture(21), form=form, exif=exif)
    assert SECRET in source
    taken = upright_jpeg(source)
    assert (taken.size, taken.stored_size, taken.orientation) == ((160, 96), (160, 96), 1)
    assert number_of(pixels_of(taken.jpeg)) == 21
    assert SECRET not in taken.jpeg
    assert b"Exif" not in taken.jpeg


def test_it_is_turned_once() -> None:
    """An iPhone says twice how it was held: in the picture's own box, which counts, and in EXIF."""
    source = heic(np.rot90(picture(9), -1).copy(), quarters_left=1, exif=telling_exif(orientation=8).tobytes())
    taken = upright_jpeg(source)
    assert (taken.size, taken.orientation) == ((160, 96), 1)
    assert sizes(source) == ((160, 96), (160, 96))
    assert number_of(pixels_of(taken.jpeg)) == 9
    red, green, _ = corners_of(pixels_of(taken.jpeg))["top left"]
    assert red > green + 100


def test_its_colors_are_those_that_its_own_viewer_shows() -> None:
    """By both standards (200, 60, 60) of Display P3 is (219, 37, 49) of sRGB."""
    stored = np.full((96, 160, 3), (200, 60, 60), np.uint8)
    shown = pixels_of(upright_jpeg(heic(stored, profile=display_p3())).jpeg)[48, 80].astype(int)
    as_stored = pixels_of(upright_jpeg(heic(stored)).jpeg)[48, 80].astype(int)
    assert np.abs(as_stored - (200, 60, 60)).max() <= 4
    assert np.abs(shown - (219, 37, 49)).max() <= 5
    damaged = heic(stored, profile=display_p3()[:90])
    assert np.abs(pixels_of(upright_jpeg(damaged).jpeg)[48, 80].astype(int) - as_stored).max() <= 2


@pytest.mark.parametrize("part", [0.05, 0.3, 0.9])
def test_half_of_one_is_no_picture(part: float) -> None:
    source = heic(picture(5))
    with pytest.raises(UndecodablePicture):
        upright_jpeg(source[: int(len(source) * part)])


def test_its_ending_is_known() -> None:
    assert {".heic", ".heif"} < set(PICTURE_SUFFIXES)
