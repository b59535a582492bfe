"""A file from which no frames come says why, whatever its name claims."""

import io
import random
from contextlib import suppress

import av
import numpy as np
import pytest
from PIL import Image

from tests.videos.decoding.filming import film, picture, sound
from videos.decoding.choosing import Differing, EveryNth
from videos.decoding.decoder import Limits, decode, probe
from videos.decoding.undecodable import UndecodableVideo
from videos.reasons import Code

LIMITS = Limits(seconds=120, pixels=3840 * 2160, frames=1000)
PICTURES = [picture(number) for number in range(12)]
TRIES = 60


def refusal(path, choice=None, limits=LIMITS):
    with pytest.raises(UndecodableVideo) as refused:
        list(decode(path, choice or EveryNth(1), limits))
    return refused.value.reason


def code(path):
    with pytest.raises(UndecodableVideo):
        probe(path, LIMITS)
    return refusal(path).code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_no_video(tmp_path, form):
    path = tmp_path / "film.mp4"
    Image.fromarray(PICTURES[0]).save(path, form)
    assert code(path) == Code.NOT_A_VIDEO


@pytest.mark.parametrize(
    "start", [b"", b"\0", b"\x1a\x45\xdf", b"\x1a\x45\xdf\xa3", b"RIFF\0\0\0\0WEBP", b"#EXTM3U\nfile:///etc/passwd"]
)
def test_bytes_that_are_no_video_are_refused(tmp_path, start):
    path = tmp_path / "film.mp4"
    path.write_bytes(start + random.Random(0).randbytes(500 if start else 0))
    assert code(path) in (Code.NOT_A_VIDEO, Code.DAMAGED)


def test_sound_alone_has_no_frames(tmp_path):
    assert code(sound(tmp_path / "song.mp4")) == Code.NO_FRAMES


def test_a_cover_picture_is_no_film(tmp_path):
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 160, 96, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(PICTURES[0]).reformat(format="yuvj420p")))
        container.mux(cover.encode(None))
    assert code(path) == Code.NO_FRAMES


@pytest.mark.parametrize(
    ("name", "codec", "index_first", "pixels"),
    [
        ("film.mp4", "libx264", False, "yuv420p"),
        ("film.mp4", "libx264", True, "yuv420p"),
        ("film.webm", "libvpx", False, "yuv420p"),
        ("film.mkv", "libx264", False, "yuv420p"),
        ("film.avi", "mjpeg", False, "yuvj420p"),
    ],
)
@pytest.mark.parametrize("part", [0.3, 0.8])
def test_half_a_video_is_damaged(tmp_path, name, codec, index_first, pixels, part):
    path = film(tmp_path / name, PICTURES, codec, index_first=index_first, pixels=pixels)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert code(path) == Code.DAMAGED


def test_other_codecs_are_named(tmp_path):
    path = film(tmp_path / "old.mov", PICTURES, "mpeg4")
    assert refusal(path).params == {"codec": "mpeg4"}


def test_limits_are_kept(tmp_path):
    path = film(tmp_path / "film.mp4", PICTURES, times=[number * 30 for number in range(12)])
    assert refusal(path, limits=Limits(5, 10**6, 100)).params == {"seconds": 5}
    assert refusal(path, limits=Limits(60, 160 * 95, 100)).params == {"width": 160, "height": 96}
    assert refusal(path, limits=Limits(60, 10**6, 11)).params == {"most": 11}
    assert len(list(decode(path, EveryNth(2), Limits(60, 10**6, 6)))) == 6
    assert len(list(decode(path, Differing(200), Limits(60, 10**6, 6)))) == 6


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [("film.mp4", "libx264", "yuv420p"), ("film.webm", "libvpx", "yuv420p"), ("film.avi", "mjpeg", "yuvj420p")],
)
def test_damage_ends_in_frames_or_a_refusal(tmp_path, name, codec, pixels):
    """`make fuzz` tries more, each in a process of its own."""
    whole = film(tmp_path / name, PICTURES, codec, pixels=pixels).read_bytes()
    path = tmp_path / f"damaged-{name}"
    for seed in range(TRIES // 3):
        rng = random.Random(seed)
        data = bytearray(whole)
        for _ in range(rng.choice((1, 10, 100))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
        with suppress(UndecodableVideo):
            probe(path, LIMITS)
            frames = list(decode(path, Differing(5), LIMITS))
            assert all(np.asarray(Image.open(io.BytesIO(frame.picture.jpeg))).any() for frame in frames)
