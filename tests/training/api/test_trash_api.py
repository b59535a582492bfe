"""A program restores what the team deleted, or deletes it for good."""

import pytest
from rest_framework.test import APIClient

from datasets.models import Dataset
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, TrainingJobFactory, VideoFactory
from training.models import TrainingJob
from training.states import JobState
from videos.models import Video

pytestmark = pytest.mark.django_db

TRASH = "/api/v1/trash/"


def test_what_was_deleted_is_listed_restored_and_deleted_for_good(member_api: APIClient, team: Team) -> None:
    video, dataset = VideoFactory(team=team), DatasetFactory(team=team)
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    things = {"videos": video, "datasets": dataset, "training-jobs": job}
    for kind, row in things.items():
        assert member_api.delete(f"/api/v1/{kind}/{row.pk}/").status_code == 204
    listed = member_api.get(TRASH).json()
    assert [one["kind"] for one in listed] == ["model", "dataset", "video"]
    for kind, row in things.items():
        assert member_api.post(f"{TRASH}{kind}/{row.pk}/restore/").status_code == 204
        assert member_api.get(f"/api/v1/{kind}/{row.pk}/").status_code == 200
        assert member_api.post(f"{TRASH}{kind}/{row.pk}/restore/").status_code == 404
        member_api.delete(f"/api/v1/{kind}/{row.pk}/")
        assert member_api.delete(f"{TRASH}{kind}/{row.pk}/").status_code == 204
    assert not Video.kept.exists()
    assert not TrainingJob.everything.exists()
    assert not Dataset.kept.filter(pk=dataset.pk).exists()


def test_a_model_that_others_go_on_from_stays_and_says_why(member_api: APIClient, team: Team) -> None:
    parent = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    child = TrainingJobFactory(team=team, state=JobState.SUCCEEDED, parent=parent)
    for job in (child, parent):
        member_api.delete(f"/api/v1/training-jobs/{job.pk}/")
    answer = member_api.delete(f"{TRASH}training-jobs/{parent.pk}/")
    assert (answer.status_code, str(child) in answer.json()["detail"]) == (409, True)


def test_the_trash_of_another_team_is_not_there(outsider_api: APIClient, member_api: APIClient, team: Team) -> None:
    dataset = DatasetFactory(team=team)
    member_api.delete(f"/api/v1/datasets/{dataset.pk}/")
    assert outsider_api.get(TRASH).json() == []
    assert outsider_api.post(f"{TRASH}datasets/{dataset.pk}/restore/").status_code == 404
    assert outsider_api.delete(f"{TRASH}datasets/{dataset.pk}/").status_code == 404
