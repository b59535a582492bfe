"""Boxes on their way from an annotation to a shard."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from datasets import messages
from datasets.formats.common.samples import PixelBox, Sample
from datasets.importing.sample_to_record import clipped, on_upright, record_of
from datasets.repairs import Repairs
from ftcml.core.pictures.upright import upright_jpeg
from tests.datasets.archives import picture

COORDINATES = st.floats(-1e6, 1e6)
SIDES = st.integers(1, 10_000)
BOXES = st.builds(PixelBox, st.just("ball"), COORDINATES, COORDINATES, COORDINATES, COORDINATES)


@given(BOXES, SIDES, SIDES)
def test_what_is_left_of_a_box_lies_in_the_picture_and_in_the_box(box: PixelBox, width: int, height: int) -> None:
    left = clipped(box, width, height)
    if left is not None:
        assert 0 <= left.xmin < left.xmax <= width
        assert 0 <= left.ymin < left.ymax <= height
        assert box.xmin <= left.xmin < left.xmax <= box.xmax
        assert box.ymin <= left.ymin < left.ymax <= box.ymax


@given(BOXES, SIDES, SIDES)
def test_clipping_twice_changes_nothing_more(box: PixelBox, width: int, height: int) -> None:
    once = clipped(box, width, height)
    assert once is None or clipped(once, width, height) == once


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
def test_a_box_inside_stays_as_it_is(xmin: int, ymin: int, width: int, height: int) -> None:
    box = PixelBox("ball", xmin, ymin, xmin + width, ymin + height)
    assert clipped(box, 100, 100) == box


@given(st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8]), st.integers(0, 29), st.integers(0, 19))
def test_a_pixel_marked_before_the_rotation_is_marked_after_it(orientation: int, x: int, y: int) -> None:
    """Pillow turns the picture; the box must go where its pixel goes."""
    stored = Image.new("L", (30, 20))
    stored.putpixel((x, y), 255)
    stored.getexif()[ExifTags.Base.Orientation] = orientation
    turned = ImageOps.exif_transpose(stored)
    upright = upright_jpeg(picture((30, 20), orientation=orientation))
    box = on_upright(PixelBox("ball", x, y, x + 1, y + 1), (30, 20), upright, as_stored=True)
    assert turned.getbbox() == (box.xmin, box.ymin, box.xmax, box.ymax)
    assert upright.size == turned.size == Image.open(io.BytesIO(upright.jpeg)).size


APPLIED = "We turned it upright"
GUESSED = f"{APPLIED} and left its boxes where they were. Check them."
TURNED = f"{APPLIED} with its boxes."


@pytest.mark.parametrize(
    ("orientation", "size", "is_drawn_upright", "text"),
    [
        (2, (160, 120), None, GUESSED),
        (3, (160, 120), None, GUESSED),
        (4, (320, 240), None, GUESSED),
        (3, None, None, GUESSED),
        (6, None, None, GUESSED),
        (6, (50, 50), None, GUESSED),
        (6, (120, 160), None, f"{APPLIED}."),
        (6, (240, 320), None, f"{APPLIED}."),
        (6, (160, 120), None, f"{TURNED} Check them."),
        (3, (160, 120), True, f"{APPLIED}."),
        (3, (160, 120), False, TURNED),
    ],
)
def test_a_guess_on_which_picture_the_boxes_were_drawn_is_said(
    orientation: int, size: tuple[int, int] | None, is_drawn_upright: bool | None, text: str
) -> None:
    """The size of a picture that is mirrored or upside down is that of the upright one."""
    data, repairs = picture((160, 120), orientation=orientation), Repairs()
    box = PixelBox("ball", 20, 30, 40, 50)
    sample = Sample("a.jpg", lambda: data, size, [box], 1, is_drawn_upright=is_drawn_upright)
    record_of(sample, upright_jpeg(data), repairs)
    assert [messages.of_repair(entry) for entry in repairs.entries() if entry["kind"] == "rotated"] == [text]


def test_a_turned_picture_without_boxes_needs_no_look() -> None:
    data, repairs = picture((160, 120), orientation=3), Repairs()
    record_of(Sample("a.jpg", lambda: data), upright_jpeg(data), repairs)
    assert [messages.of_repair(entry) for entry in repairs.entries()] == [f"{APPLIED}."]
