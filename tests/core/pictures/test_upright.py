"""A picture keeps what it shows, and loses what it says of its making."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from datasets.formats.common.samples import Sample
from ftcml.core.pictures import upright
from ftcml.core.pictures.all_upright import upright_pictures
from ftcml.core.pictures.jpeg_segments import MAX_SCANS
from ftcml.core.pictures.upright import TooLargePicture, UndecodablePicture, upright_jpeg
from machine.processors import cores
from tests.datasets.archives import picture

SECRET = b"Kim at 52.1 N 4.3 E"
ICC = SECRET + bytes(1000)


def colorful(size: tuple[int, int] = (67, 45)) -> Image.Image:
    return Image.effect_noise(size, 80).convert("RGB").rotate(7, fillcolor="red")


def packed(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    return stream.getvalue()


def telling_exif(orientation: int = 1) -> Image.Exif:
    """A camera's: orientation, place, and the name of the one who took the picture."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 6.0, 0.0)
    return exif


def telling(image: Image.Image, orientation: int = 1, **how: object) -> bytes:
    told = {"exif": telling_exif(orientation), "comment": SECRET, "xmp": SECRET, "icc_profile": ICC}
    return packed(image, **told, **how) + SECRET


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    "how",
    [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 1}, {"keep_rgb": True}, {"quality": 30}],
    ids=lambda how: " ".join(how) or "plain",
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_an_upright_jpeg_keeps_every_pixel_and_no_metadata(mode: str, how: dict) -> None:
    if mode == "L":
        how = {name: value for name, value in how.items() if name != "keep_rgb"}
    source = telling(colorful().convert(mode), **how)
    upright = upright_jpeg(source)
    np.testing.assert_array_equal(pixels(upright.jpeg), pixels(source))
    assert SECRET not in upright.jpeg
    assert not Image.open(io.BytesIO(upright.jpeg)).info.keys() & {"exif", "comment", "xmp", "icc_profile"}
    assert len(upright.jpeg) < len(source) - len(ICC)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_jpeg_is_upright_and_has_no_metadata(orientation: int) -> None:
    source = telling(colorful(), orientation, quality=95, subsampling=0)
    upright = upright_jpeg(source)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(source))), np.int16)
    assert np.abs(pixels(upright.jpeg) - expected).mean() < 12  # encoded once more, with coarser colors
    assert upright.orientation == orientation
    assert SECRET not in upright.jpeg


def test_metadata_of_other_formats_stays_behind_as_well() -> None:
    text = PngInfo()
    text.add_text("Author", SECRET.decode())
    source = packed(colorful(), "PNG", pnginfo=text, exif=telling_exif(), icc_profile=ICC)
    assert SECRET not in upright_jpeg(source).jpeg


def test_a_thumbnail_in_the_jfif_header_is_left_out() -> None:
    """It may show what was cut away from the picture."""
    source = packed(colorful())
    thumbnail = SECRET + bytes(3 * 100 - len(SECRET))
    header = b"JFIF\0\1\1\0\0\1\0\1" + bytes([10, 10]) + thumbnail
    with_thumbnail = source[:2] + b"\xff\xe0" + struct.pack(">H", len(header) + 2) + header + source[20:]
    upright = upright_jpeg(with_thumbnail)
    assert SECRET not in upright.jpeg
    np.testing.assert_array_equal(pixels(upright.jpeg), pixels(source))


def test_of_a_phones_file_with_several_pictures_the_first_is_kept_alone() -> None:
    shown, hidden = colorful(), colorful((300, 300))
    source = packed(shown, "MPO", save_all=True, append_images=[hidden])
    upright = upright_jpeg(source)
    np.testing.assert_array_equal(pixels(upright.jpeg), pixels(source))
    assert len(upright.jpeg) < len(packed(shown)) + 100


@pytest.mark.parametrize("lacking", [1, 2, 8])
@pytest.mark.parametrize(
    "how", [{}, {"progressive": True}, {"exif": telling_exif(6)}], ids=["plain", "passes", "turned"]
)
def test_a_jpeg_that_lacks_its_last_bytes_is_completed(lacking: int, how: dict) -> None:
    """Some cameras forget the mark at the end, or stop writing a moment too early."""
    source = packed(colorful((320, 240)), quality=90, **how)
    completed, whole = upright_jpeg(source[:-lacking]), upright_jpeg(source)
    assert (completed.is_completed, whole.is_completed) == (True, False)
    assert completed.size == whole.size
    if lacking < 3 and not how:
        np.testing.assert_array_equal(pixels(completed.jpeg), pixels(whole.jpeg))


def test_a_second_look_changes_nothing_more() -> None:
    once = upright_jpeg(telling(colorful())).jpeg
    assert upright_jpeg(once).jpeg == once


def test_a_jpeg_that_is_not_built_by_the_book_is_encoded_again() -> None:
    """Zeros between two segments, which a lenient decoder passes over and a strict one does not."""
    source = packed(colorful())
    odd = source[:20] + b"\0\0\0" + source[20:]
    upright = upright_jpeg(odd)
    assert b"\0\0\0\xff\xdb" not in upright.jpeg
    assert upright.size == colorful().size


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP"])
def test_half_a_picture_is_no_picture(kind: str, part: float) -> None:
    data = packed(colorful((300, 200)), kind)
    with pytest.raises(UndecodablePicture):
        upright_jpeg(data[: int(len(data) * part)])


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP"])
def test_another_kind_of_picture_named_jpg_is_taken_for_what_it_is(kind: str) -> None:
    assert upright_jpeg(packed(colorful(), kind)).size == colorful().size


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\0" + bytes(500),
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        packed(colorful(), "GIF"),
        packed(colorful(), "TIFF"),
    ],
    ids=["nothing", "a program", "SVG", "PostScript", "GIF", "TIFF"],
)
def test_what_is_no_picture_of_a_known_kind_is_not_opened(data: bytes) -> None:
    with pytest.raises(UndecodablePicture):
        upright_jpeg(data)


def png_with(kind: bytes, content: bytes) -> bytes:
    """A sound PNG with one more chunk before its pixels."""
    sound = packed(colorful(), "PNG")
    chunk = struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return sound[:33] + chunk + sound[33:]


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt"])
def test_a_chunk_that_unpacks_to_any_size_is_not_unpacked(kind: bytes) -> None:
    bomb = png_with(kind, b"name\0\0" + zlib.compress(bytes(50_000_000)))
    assert len(bomb) < 100_000
    with pytest.raises(UndecodablePicture):
        upright_jpeg(bomb)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_taken(kind: str) -> None:
    later = [colorful() for _ in range(5)]
    first = Image.new("RGB", (67, 45), "blue")
    data = packed(first, kind, save_all=True, append_images=later)
    assert pixels(upright_jpeg(data).jpeg)[20, 20].tolist() == pytest.approx([0, 0, 255], abs=8)


def test_a_jpeg_with_more_passes_than_any_encoder_makes_is_not_decoded() -> None:
    """Each takes a few bytes, and as much time as the whole picture."""
    source = packed(colorful(), progressive=True)
    last = source.rindex(b"\xff\xda")
    with pytest.raises(UndecodablePicture, match="scans"):
        upright_jpeg(source[:last] + source[last:-2] * (MAX_SCANS + 1) + source[-2:])


def test_a_webp_that_says_it_is_huge_is_refused_by_its_header() -> None:
    size = struct.pack("<I", 16_382)[:3] * 2
    content = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + packed(colorful(), "WEBP")[12:]
    with pytest.raises(TooLargePicture, match="over 64 million pixels"):
        upright_jpeg(b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content)


def test_what_shines_through_becomes_white() -> None:
    clear = Image.new("RGBA", (16, 16), (255, 0, 0, 0))
    assert pixels(upright_jpeg(packed(clear, "PNG")).jpeg).min() == 255


def samples(files: list[bytes]) -> list[Sample]:
    return [Sample(f"{number}.jpg", lambda data=data: data) for number, data in enumerate(files)]


def test_pictures_come_in_the_order_in_which_they_were_sent() -> None:
    """The large and the damaged ones as well: each where its file was."""
    sizes = [(900, 700), (8, 9), (300, 200), (10, 11), (700, 900), (12, 13)] * 4
    files = [picture(size) for size in sizes]
    files[5] = b"no picture"
    found = list(upright_pictures(samples(files)))
    assert [sample.filename for sample, _ in found] == [f"{number}.jpg" for number in range(24)]
    with pytest.raises(UndecodablePicture):
        found[5][1].result()
    assert [done.result().size for number, (_, done) in enumerate(found) if number != 5] == sizes[:5] + sizes[6:]


def test_large_pictures_are_decoded_one_at_a_time(monkeypatch) -> None:
    """Here each is large; none waits for ever."""
    monkeypatch.setattr(upright, "_LARGE_PIXELS", 100)
    done = [future.result().size for _, future in upright_pictures(samples([picture(orientation=6)] * 8))]
    assert done == [(120, 160)] * 8


def test_no_more_files_are_read_than_are_soon_needed() -> None:
    read = []

    def files() -> Iterator[Sample]:
        for number in range(1000):
            read.append(number)
            yield Sample(f"{number}.jpg", picture)

    going = upright_pictures(files())
    next(going)
    going.close()
    assert len(read) <= 2 * cores() + 2
