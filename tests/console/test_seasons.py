"""A season is archived: each team keeps one zip of it, and begins the next one with nothing but its people."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from datasets.models import Dataset
from ftcml.accounts.models import Membership, Team, TrainingBalance
from ftcml.accounts.services import ledger
from ftcml.console import tasks
from ftcml.console.models import MaintenancePage
from ftcml.console.services import seasons
from ftcml.core import clock
from ftcml.installation import identity, removals
from ftcml.privacy import tasks as privacy_tasks
from ftcml.privacy.models import Export, Season
from tests.factories import MembershipFactory, TrainingJobFactory
from tests.one_of_everything import SECRET, make_team
from training.models import TrainingJob
from training.states import JobState
from videos.models import Activity, Upload, Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(settings) -> Team:
    team, _ = make_team()
    identity.check()
    Season.objects.all().delete()
    Upload.objects.all().delete()
    Video.objects.filter(state=Video.State.UPLOADING).delete()
    ledger.grant(team, 60, "a gift")
    return team


@pytest.fixture
def maintenance() -> None:
    MaintenancePage.objects.create(pk=1, is_on=True, sentence="We archive the season.")


def work() -> None:
    for _ in range(3):
        tasks.archive_seasons()
        privacy_tasks.export_next()
        removals.remove_deleted()


@pytest.mark.usefixtures("maintenance")
def test_a_team_keeps_a_zip_and_its_people(operator_client: Client, team: Team, settings) -> None:
    shown = operator_client.get("/console/privacy/archive-season/").content.decode()
    assert "1 team with" in shown
    assert operator_client.post("/console/privacy/archive-season/", {"season": "2026-27"}).status_code == 204
    work()
    assert Season.objects.get().state == Season.State.DONE
    assert "1 of 1" in operator_client.get("/console/privacy/").content.decode()
    left = (Dataset.everything, Video.everything, TrainingJob.everything)
    assert [rows.filter(team=team).count() for rows in left] == [0, 0, 0]
    assert TrainingBalance.objects.get(team=team).seconds_remaining == settings.TEAM_SECONDS_ALLOWED
    assert team.memberships.exists()

    MaintenancePage.objects.update(is_on=False)
    client = Client()
    client.force_login(MembershipFactory(team=team, role=Membership.Role.COACH).user)
    assert "2026-27" in client.get("/people/export/").content.decode()
    Export.objects.update(ended=clock.now() - timedelta(days=400))
    privacy_tasks.tidy()
    answer = client.get(f"/people/export/{Export.objects.exclude(season=None).get().pk}/")
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert any(name.startswith(f"models/{SECRET}-model-") for name in names)


def test_it_is_refused_while_teams_work(operator_client: Client, team: Team) -> None:
    answer = operator_client.post("/console/privacy/archive-season/", {"season": "2026-27"})
    assert (answer.status_code, "maintenance page" in answer.content.decode()) == (422, True)


@pytest.mark.usefixtures("maintenance")
def test_a_team_that_trains_waits_for_the_end(team: Team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.RUNNING)
    assert seasons.plan().busy == (team.full_number,)
    seasons.start(None, "2026-27")
    work()
    assert not Export.objects.exclude(season=None).exists()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED)
    work()
    assert Season.objects.get().state == Season.State.DONE


@pytest.mark.usefixtures("maintenance")
def test_nothing_goes_without_a_whole_zip(team: Team, monkeypatch, operator_client: Client) -> None:
    season = seasons.start(None, "2026-27")
    tasks.archive_seasons()
    Export.objects.filter(season=season).update(state=Export.State.FAILED)
    work()
    assert Dataset.objects.filter(team=team).exists()
    assert "Try 1 Again" in operator_client.get("/console/privacy/").content.decode()
    operator_client.post(f"/console/privacy/seasons/{season.pk}/retry/")
    tasks.archive_seasons()
    privacy_tasks.export_next()
    MaintenancePage.objects.update(is_on=False)
    work()
    assert Dataset.objects.filter(team=team).exists()  # people may work, so nothing is put away
    made = season.exports.get()
    Activity.objects.create(video=Video.objects.filter(team=team).first(), action=Activity.Action.LABELED)
    MaintenancePage.objects.update(is_on=True)
    tasks.archive_seasons()
    assert not Export.objects.filter(pk=made.pk).exists()  # what was labeled meanwhile isn't in it
    work()
    work()
    assert Season.objects.get().state == Season.State.DONE
