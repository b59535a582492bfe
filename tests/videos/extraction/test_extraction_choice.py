"""A choice that gives too many frames is made again, without another upload."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from ftcml.core import clock
from ftcml.core.files import storage
from tests.factories import VideoFactory
from tests.videos.conftest import extract_what_waits
from tests.videos.extraction.lively_films import lively_film
from videos import tasks
from videos.extraction import extraction_leases
from videos.models import Video
from videos.refusals import VideoRefused
from videos.services import extraction_choice
from videos.services.receiving.rules import Choice

pytestmark = pytest.mark.django_db


@pytest.fixture
def too_many(extracted, settings, tmp_path: Path) -> Video:
    settings.VIDEO_MAX_FRAMES = 10
    return extracted(lively_film(tmp_path / "film.mp4"), extraction=Video.Extraction.EVERY_NTH, attempts=2)


def test_other_frames_are_taken_of_the_file_that_is_there(
    too_many: Video, member_client: Client, monkeypatch, django_capture_on_commit_callbacks, settings
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(extraction_choice, "wake_extractor", lambda: woken.append(True))
    address = reverse("video-extract-again", args=[too_many.pk])
    assert "You don't need to upload the video again." in member_client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert member_client.post(address, {"frames": "every_nth", "every": "1"}).status_code == 422
        assert member_client.post(address, {"frames": "every_nth", "every": "7"}).status_code == 204
    assert woken == [True]
    storage.put(too_many.picture_name(9), settings.BASE_DIR / "LICENSE")  # of a worker that died before it removed it
    extract_what_waits()
    assert not storage.exists(too_many.picture_name(9))
    too_many.refresh_from_db()
    assert (too_many.state, too_many.error, too_many.attempts) == (Video.State.READY, "", 1)
    assert list(too_many.frames.values_list("number_in_video", flat=True)) == [0, 7, 14]


def test_once_its_frames_are_taken_the_file_is_gone(too_many: Video, member, member_client: Client) -> None:
    extraction_choice.extract_again(too_many, Choice(), member)
    extract_what_waits()
    with pytest.raises(VideoRefused, match="We don't have that video anymore"):
        extraction_choice.extract_again(too_many, Choice(), member)
    address = reverse("video-extract-again", args=[too_many.pk])
    assert "have that video anymore. To take other frames" in member_client.get(address).content.decode()
    assert extraction_leases.claim_next() is None


def test_after_a_day_the_file_is_gone(too_many: Video, member, member_client: Client, stored_files) -> None:
    page = reverse("video", args=[too_many.pk])
    assert "Choose Frames Again" in member_client.get(page).content.decode()
    Video.objects.update(created=clock.now() - timedelta(days=1))
    assert "Choose Frames Again" not in member_client.get(page).content.decode()
    with pytest.raises(VideoRefused, match="We don't have that video anymore"):
        extraction_choice.extract_again(too_many, Choice(), member)
    tasks.tidy()
    assert stored_files() == []


def test_a_browser_never_shows_a_picture_of_the_former_choice(
    extracted, member, member_client: Client, tmp_path: Path
) -> None:
    """It keeps pictures for a day, and those of both choices have the same numbers."""
    video = extracted(lively_film(tmp_path / "film.mp4"), extraction=Video.Extraction.EVERY_NTH)
    page = reverse("video", args=[video.pk])
    before = _pictures(member_client.get(page).content.decode())
    video.frames.all().delete()
    Video.objects.update(state=Video.State.EXTRACTING, every_nth=7)
    video.refresh_from_db()
    storage.put(video.uploads.get().stored_name, tmp_path / "film.mp4")
    extract_what_waits()
    after = _pictures(member_client.get(page).content.decode())
    assert (len(after), before & after) == (3, set())


def _pictures(page: str) -> set[str]:
    return set(re.findall(r'src="(/videos/[^"]+[.]jpg[^"]*)"', page))


def test_who_may_upload_may_choose_again(too_many: Video, member, coach, settings) -> None:
    too_many.team.members_upload = False
    with pytest.raises(VideoRefused, match="only coaches upload"):
        extraction_choice.extract_again(too_many, Choice(), member)
    settings.TEAM_MAX_VIDEOS = 1
    VideoFactory(team=too_many.team)
    with pytest.raises(VideoRefused, match="Your team has 1 videos"):
        extraction_choice.extract_again(too_many, Choice(), coach)
