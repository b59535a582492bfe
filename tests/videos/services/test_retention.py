"""Where the operator wants it, a video that nobody works on goes to the trash, and the team is told before."""

from datetime import timedelta

import pytest
from django.test import Client

from datasets.models import DatasetVideo
from ftcml.accounts.models import Team
from ftcml.core import clock
from ftcml.installation import identity
from tests.factories import DatasetFactory, VideoFactory
from videos import tasks
from videos.models import Activity, Video
from videos.services import trash

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_month(settings) -> None:
    settings.VIDEO_DAYS = 30
    identity.check()


def video_of(team: Team, days: float, **columns) -> Video:
    """A video that was uploaded so many days ago."""
    return VideoFactory(team=team, created=clock.now() - timedelta(days=days), **columns)


def test_the_team_is_told_and_then_it_goes(team: Team, member_client: Client) -> None:
    soon, later = video_of(team, 25), video_of(team, 1)
    shown = member_client.get("/videos/").content.decode()
    assert f"“{soon}” goes to the trash" in shown
    assert f"“{later}” goes" not in shown
    assert "Goes to the trash" in member_client.get(f"/videos/{later.pk}/").content.decode()
    tasks.tidy()
    assert Video.objects.count() == 2
    Video.objects.filter(pk=soon.pk).update(created=clock.now() - timedelta(days=31))
    tasks.tidy()
    assert list(Video.objects.all()) == [later]
    assert list(trash.in_trash()) == [soon]


def test_work_keeps_it_and_so_does_a_dataset(team: Team, member_client: Client) -> None:
    labeled, used, on_its_way = video_of(team, 40), video_of(team, 40), video_of(team, 40, state="EXTRACTING")
    Activity.objects.create(video=labeled, action=Activity.Action.LABELED, at=clock.now() - timedelta(days=2))
    DatasetVideo.objects.create(dataset=DatasetFactory(team=team), video=used)
    tasks.tidy()
    assert set(Video.objects.all()) == {labeled, used, on_its_way}
    assert "Goes to the trash" not in member_client.get(f"/videos/{used.pk}/").content.decode()


def test_what_is_restored_counts_anew(team: Team) -> None:
    video = video_of(team, 40)
    tasks.tidy()
    trash.restore(video, None)
    tasks.tidy()
    assert Video.objects.exists()


def test_it_is_off_by_default(team: Team, settings) -> None:
    settings.VIDEO_DAYS = 0
    video_of(team, 4000)
    tasks.tidy()
    assert Video.objects.exists()
