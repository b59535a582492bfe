"""Whatever device wrote a video, its frames come out whole, upright, in order and in their colors."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from tests.videos.decoding.filming import CORNERS, corners_of, film, number_of, picture
from videos.decoding.choosing import EveryNth
from videos.decoding.decoder import Limits, decode, probe

LIMITS = Limits(seconds=120, pixels=3840 * 2160, frames=1000)
PICTURES = [picture(number) for number in range(12)]


def frames(path, nth=1):
    return list(decode(path, EveryNth(nth), LIMITS))


def shown(path):
    """The pixels of each frame."""
    return [np.asarray(Image.open(io.BytesIO(frame.picture.jpeg))) for frame in frames(path)]


def color_error(pixels, corners=CORNERS):
    found = corners_of(pixels)
    return max(abs(found[place][channel] - corners[place][channel]) for place in corners for channel in range(3))


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("phone.mp4", "libx264", {}),
        ("phone.mov", "libx265", {"x265-params": "log-level=error"}),
        ("browser.webm", "libvpx", {"deadline": "realtime"}),
        ("screen.webm", "libvpx-vp9", {"deadline": "realtime"}),
        ("robot.avi", "mjpeg", {"pixels": "yuvj420p"}),
        ("recorder.mkv", "libsvtav1", {"preset": "12"}),
    ],
)
def test_every_codec_gives_all_frames(tmp_path, name, codec, options):
    path = film(tmp_path / name, PICTURES, codec, **options)
    pictures = shown(path)
    assert [number_of(pixels) for pixels in pictures] == list(range(12))
    assert max(map(color_error, pictures)) < 20
    info = probe(path, LIMITS)
    assert (info.width, info.height, info.frames) == (160, 96, 12)
    assert info.frames_per_second == pytest.approx(30, rel=0.05)


@pytest.mark.parametrize(("degrees", "size"), [(90, (96, 160)), (180, (160, 96)), (-90, (96, 160))])
def test_a_turned_phone_gives_upright_frames(tmp_path, degrees, size):
    path = film(tmp_path / "turned.mov", PICTURES[:2], turned=degrees)
    pixels = shown(path)[0]
    assert (probe(path, LIMITS).width, probe(path, LIMITS).height) == size
    assert color_error(np.rot90(pixels, -degrees // 90)) < 20


def test_an_edit_list_leaves_frames_out(tmp_path):
    path = film(tmp_path / "cut.mov", PICTURES, begins_at=4, bf="0")
    assert [number_of(pixels) for pixels in shown(path)] == list(range(4, 12))
    assert [frame.number for frame in frames(path)] == list(range(8))


def test_a_variable_rate_repeats_and_drops_nothing(tmp_path):
    times = list(itertools.accumulate([0, 1, 1, 5, 1, 2, 9, 1, 1, 1, 3, 1]))
    path = film(tmp_path / "variable.mp4", PICTURES, times=times)
    assert [number_of(pixels) for pixels in shown(path)] == list(range(12))
    assert [round(frame.seconds * 30) for frame in frames(path)] == times


def test_slow_motion_keeps_all_its_frames(tmp_path):
    path = film(tmp_path / "slow.mov", [picture(number % 60) for number in range(240)], rate=240, preset="ultrafast")
    assert len(frames(path)) == 240
    assert [frame.number for frame in frames(path, 60)] == [0, 60, 120, 180]
    assert probe(path, LIMITS).seconds == pytest.approx(1)


def test_sizes_are_as_shown(tmp_path):
    odd = film(tmp_path / "odd.avi", [picture(0, 161, 91)], "mjpeg", pixels="yuvj420p")
    wide = film(tmp_path / "wide.mp4", PICTURES[:1], pixel_aspect=2)
    large = film(tmp_path / "large.mp4", [picture(5, 1920, 1080)])
    assert [shown(path)[0].shape[:2] for path in (odd, wide, large)] == [(91, 161), (96, 320), (720, 1280)]
    assert (probe(large, LIMITS).width, probe(large, LIMITS).height) == (1920, 1080)
    assert number_of(shown(large)[0]) == 5


def test_one_frame_is_a_video(tmp_path):
    path = film(tmp_path / "one.mp4", PICTURES[3:4])
    assert [number_of(pixels) for pixels in shown(path)] == [3]


def hdr(pixels, transfer):
    """The picture as an HDR camera codes it, with paper white at 203 cd/m²."""
    to_wide = np.linalg.inv([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])
    light = np.clip((pixels / 255) ** 2.4 @ to_wide.T, 0, 1) * 203
    if transfer == "smpte2084":
        power = (light / 10_000) ** 0.1593017578125
        code = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    else:
        scene = (light / 1000) ** (1 / 1.2)
        low, high = np.sqrt(3 * scene), 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        code = np.where(scene <= 1 / 12, low, high)
    return np.round(code * 65535).astype(np.uint16)


@pytest.mark.parametrize(("transfer", "code"), [("arib-std-b67", 18), ("smpte2084", 16)])
def test_hdr_isn_t_washed_out(tmp_path, transfer, code):
    tags = f"log-level=error:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:range=limited"
    pictures = [hdr(pixels, transfer) for pixels in PICTURES[:3]]
    path = film(
        tmp_path / "hdr.mov", pictures, "libx265", pixels="yuv420p10le", color=(9, code), **{"x265-params": tags}
    )
    assert max(map(color_error, shown(path))) < 16
    assert [number_of(pixels) for pixels in shown(path)] == [0, 1, 2]


def test_large_pictures_stay_small_files(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    path = film(tmp_path / "noise.mkv", [noise], "mjpeg", pixels="yuvj444p", qmin="1", qmax="1")
    jpeg = frames(path)[0].picture.jpeg
    assert len(jpeg) < 400_000
    assert b"Exif" not in jpeg
