"""`manage.py add_video`: a file of this machine, without a browser."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.videos.uploads.sending import JPEG, MP4
from videos.models import Video

pytestmark = pytest.mark.django_db


def test_a_file_becomes_a_video_and_stays_where_it_is(team: Team, tmp_path: Path) -> None:
    film = tmp_path / "red_cones.mp4"
    film.write_bytes(MP4)
    call_command("add_video", str(film), team=team.number, every=5)
    video = Video.objects.get()
    assert (video.description, video.state, video.extraction, video.every_nth) == (
        "red cones", "EXTRACTING", "every_nth", 5,
    )  # fmt: skip
    assert (video.filename, video.file_bytes) == ("red_cones.mp4", len(MP4))
    with storage.open_file(video.uploads.get().stored_name) as stored:
        assert stored.read() == film.read_bytes() == MP4


def test_a_file_that_is_something_else_is_refused(team: Team, tmp_path: Path, stored_files) -> None:
    (tmp_path / "film.mp4").write_bytes(JPEG)
    with pytest.raises(CommandError, match="isn't a video we can read"):
        call_command("add_video", str(tmp_path / "film.mp4"), team=team.number)
    assert not Video.everything.exists()
    assert stored_files() == []
