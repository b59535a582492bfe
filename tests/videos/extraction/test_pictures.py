"""From a set of pictures to frames, in the order of their names; what can't be read is named."""

import pytest

from datasets import reasons as of_datasets
from datasets.repairs import Kind as KindOfDatasets
from ftcml.core.files import storage
from ftcml.core.repairs import PictureKind, PictureNote
from tests.datasets.archives import picture
from videos.models import Video
from videos.reasons import Code

pytestmark = pytest.mark.django_db


def test_pictures_become_frames_in_the_order_of_their_names(extracted, stored_files) -> None:
    files = {"b10.png": picture(kind="PNG"), "b9.jpg": picture(orientation=6), "b2.jpg": b"no picture"}
    video = extracted(files)
    assert (video.state, video.width, video.frames_in_video) == (Video.State.READY, 0, 2)
    assert list(video.frames.values_list("number", "filename", "width", "height", "number_in_video")) == [
        (0, "b9.jpg", 120, 160, None),
        (1, "b10.png", 160, 120, None),
    ]
    assert video.repairs == [
        {"kind": "picture_skipped", "file": "b2.jpg", "code": "picture_damaged", "params": {}, "files": 1}
    ]
    assert len(stored_files()) == 2
    assert b"Exif" not in storage.open_file(video.picture_name(0)).read()


def test_where_no_picture_can_be_read_one_is_named(extracted, settings, stored_files) -> None:
    video = extracted({"2.jpg": b"no picture", "1.png": b"none either"})
    assert (video.state, video.reason_code, video.reason_params) == ("FAILED", Code.NOT_A_PICTURE, {"file": "1.png"})
    settings.IMPORT_MAX_PIXELS = 100
    assert extracted({"large.jpg": picture()}).error.startswith("“large.jpg” is over 0.0001 million pixels")
    assert stored_files() == []


def test_its_notes_are_those_of_imports_which_have_the_words() -> None:
    assert {kind.value for kind in PictureKind} <= {kind.value for kind in KindOfDatasets}
    assert {note.value for note in PictureNote} <= {note.value for note in of_datasets.Note}
