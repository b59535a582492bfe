"""Small videos and pictures as phones, browsers and recorders write them, through the whole path.

Every frame carries its number and four colored corners, so that what was stored says itself whether it is right.
"""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ftcml.core.files import storage
from tests.conftest import REAL_DATA
from tests.videos.conftest import extract_what_waits
from tests.videos.marked_frames import read_marks
from videos.models import Frame, Video

pytestmark = pytest.mark.django_db

CASES = REAL_DATA.parent / "cases" / "videos"
_EXPECTED = CASES / "expected.json"
EXPECTED: dict[str, dict[str, Any]] = json.loads(_EXPECTED.read_text()) if _EXPECTED.exists() else {}
COLORS_OFF = 40
METADATA = {"exif", "xmp", "comment", "icc_profile", "photoshop", "mp"}


def kept_pictures(video: Video) -> list[Image.Image]:
    names = video.frames.values_list("picture_name", flat=True)
    return [Image.open(io.BytesIO(storage.open_file(name).read())) for name in names]


def test_the_videos_are_there() -> None:
    if not EXPECTED:
        pytest.skip(f"{CASES} is absent: put the videos there, or name the folder beside them in FTCML_TEST_DATA")


@pytest.mark.parametrize("name", EXPECTED)
def test_each_frame_is_the_one_that_it_says(uploaded, stored_files, name: str) -> None:
    expected = EXPECTED[name]
    file = CASES / name
    every = {"extraction": Video.Extraction.EVERY_NTH, "every_nth": 1}
    video = uploaded({name: file.read_bytes()}) if "picture" in expected else uploaded(file, **every)
    extract_what_waits()
    video.refresh_from_db()
    if expected.get("refused"):
        assert (video.state, video.frames.count(), stored_files()) == (Video.State.FAILED, 0, [])
        assert video.error
        return
    assert (video.state, video.error) == (Video.State.READY, "")
    pictures = kept_pictures(video)
    numbers = [expected["picture"]] if "picture" in expected else expected["numbers"]
    marks = [read_marks(picture) for picture in pictures]
    assert [mark.number for mark in marks] == numbers
    assert max(mark.off for mark in marks) <= COLORS_OFF
    assert {picture.size for picture in pictures} == {tuple(expected["size"])}
    assert set(video.frames.values_list("width", "height")) == {tuple(expected["size"])}
    assert len(stored_files()) == len(numbers), "the uploaded file is gone"
    assert not [picture for picture in pictures if picture.info.keys() & METADATA]
    if secret := expected.get("forget"):
        assert not [name for name in stored_files() if secret.encode() in Path(name).read_bytes()]
        rows = [*Frame.objects.values(), *Video.objects.values()]
        assert secret not in str(rows)
