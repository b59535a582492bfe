"""What a team may store: one update counts what comes in, so that two at once can't pass the limit."""

from functools import partial
from unittest.mock import Mock

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from ftcml.accounts.models import Team, TeamLimits, User
from ftcml.accounts.services import quota
from ftcml.console import tasks
from ftcml.core.files import storage
from tests.factories import DatasetFactory
from tests.processes import at_once
from training.refusals import JobRefused
from training.services.starting import checks
from videos.refusals import VideoRefused
from videos.services import uploads

pytestmark = pytest.mark.django_db

GIGABYTE = 1000**3
SENTENCE = (
    "Your team has stored 900.0 MB of 1.0 GB, and this needs 200.0 MB. Delete videos, datasets or models that you "
    "don't need, then delete them from the trash too. Try again a minute later."
)


def hold(team: Team, stored: int, limit: int | None = GIGABYTE) -> None:
    TeamLimits.objects.update_or_create(team=team, defaults={"storage_bytes": limit, "counted_bytes": stored})


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> Mock:
    """What was sent to workers."""
    sent = Mock()
    monkeypatch.setattr(quota, "wake", sent)
    return sent


def test_without_a_limit_nothing_is_refused(team: Team) -> None:
    quota.take(team, 10**15)
    assert not TeamLimits.objects.exists()


def test_what_does_not_fit_is_refused_with_what_is_stored_and_what_to_delete(team: Team, woken: Mock) -> None:
    hold(team, 900 * 1000**2)
    with pytest.raises(quota.StorageFull) as refusal:
        quota.take(team, 200 * 1000**2)
    assert str(refusal.value) == SENTENCE
    quota.take(team, 100 * 1000**2)
    assert quota.use_of(team) == quota.Use(GIGABYTE, GIGABYTE)
    with pytest.raises(quota.StorageFull):
        quota.take(team, 1)
    assert woken.call_count == 1, "measured soon, and not for each try"


def test_the_servers_own_limit_holds_where_no_other_is_set(team: Team, settings) -> None:
    settings.TEAM_MAX_STORAGE_BYTES = 1000
    with pytest.raises(quota.StorageFull):
        quota.take(team, 1001)
    quota.set_limits(team, 2000, None)
    quota.take(team, 1001)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_uploads_at_the_same_moment_as_many_are_taken_as_fit(team: Team) -> None:
    hold(team, 0, limit=350)
    outcomes = at_once(*[partial(quota.take, team, 100)] * 8)
    assert sum(outcome is None for outcome in outcomes) == 3, outcomes
    assert TeamLimits.objects.get().counted_bytes == 300


def test_whatever_makes_files_is_refused(team: Team, coach: User, coach_client: Client) -> None:
    hold(team, GIGABYTE + 1)
    with pytest.raises(VideoRefused, match="Your team has stored"):
        uploads.begin(team, coach, "cones", "video")
    with pytest.raises(JobRefused, match="Your team has stored"):
        checks.check_room(team)
    archive = ContentFile(b"PK\x05\x06" + bytes(18), "cones.zip")
    form = {"description": "cones", "eval_percent": 20, "split_seed": 0, "upload": archive}
    assert "Your team has stored" in coach_client.post("/datasets/import/", form).content.decode()
    assert not team.datasets.exists()


def test_a_file_of_a_video_counts_when_it_is_announced(team: Team, coach: User) -> None:
    hold(team, GIGABYTE - 1000)
    sender = uploads.Sender(team, coach)
    uploads.add_file(uploads.begin(team, coach, "cones", "video"), sender, "cones.mp4", 800)
    video = uploads.begin(team, coach, "more cones", "video")
    with pytest.raises(VideoRefused, match="this needs 300 bytes"):
        uploads.add_file(video, sender, "more.mp4", 300)
    assert list(team.videos.values_list("description", flat=True)) == ["cones"]


def test_after_a_refusal_the_teams_files_are_measured_so_that_deleting_helps(team: Team) -> None:
    hold(team, GIGABYTE)
    storage.put(f"{DatasetFactory(team=team).prefix}/a.record", ContentFile(bytes(700)))
    with pytest.raises(quota.StorageFull):
        quota.take(team, 300)
    tasks.measure_full_teams()
    quota.take(team, 300)
    assert quota.use_of(team).used == 1000
    assert not quota.to_measure().exists()


def test_what_comes_in_during_a_measurement_is_counted(team: Team) -> None:
    hold(team, 500)
    before = quota.counted(team)
    quota.take(team, 100)
    quota.note_measured(team, 400, before)
    assert quota.use_of(team).used == 500


def test_an_operator_sets_limits_and_the_team_sees_them(operator_client: Client, member_client: Client, team) -> None:
    address = f"/console/teams/{team.pk}/limits/"
    assert operator_client.post(address, {"gigabytes": "5", "videos": "12"}).status_code == 204
    assert (quota.limit_of(team), quota.videos_of(team)) == (5 * GIGABYTE, 12)
    page = member_client.get("/resources/").content.decode()
    assert "0 of 12." in page
    assert "0 bytes of 5.0 GB" in page
    assert "0 of 600 minutes" in page
    assert 'value="5"' in operator_client.get(address).content.decode()
    operator_client.post(address, {"gigabytes": "", "videos": ""})
    assert (quota.limit_of(team), quota.videos_of(team)) == (None, 50)
    assert operator_client.post(address, {"gigabytes": "0"}).status_code == 422
