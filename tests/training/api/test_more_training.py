"""A model is trained more over the API."""

import pytest

from tests import lineages
from tests.factories import DatasetFactory, TrainingJobFactory
from training.models import TrainingJob
from training.states import JobState

pytestmark = pytest.mark.usefixtures("training_worker")

JOBS = "/api/v1/training-jobs/"
PLAN = "/api/v1/training-plan/"


@pytest.fixture
def parent(team) -> TrainingJob:
    return lineages.trained(400, team=team, description="raccoons")


def choices(parent: TrainingJob, **others) -> dict:
    usual = {"parent": str(parent.pk), "training_steps": 200, "max_minutes": 60, "description": "raccoons again"}
    return {**usual, **others}


def test_a_child_is_started_and_its_parent_names_it(member_api, parent) -> None:
    answer = member_api.post(JOBS, choices(parent), format="json")
    assert answer.status_code == 201
    child = answer.json()
    assert (child["parent"], child["children"]) == (str(parent.pk), [])
    assert (child["first_step"], child["steps_requested"], child["last_step"]) == (400, 200, 600)
    assert (child["steps_completed"], child["newest_step"]) == (400, None)
    assert child["datasets"] == [str(parent.datasets.get().pk)]
    assert child["started_from"] == "the model “raccoons” at step 400"

    before = member_api.get(f"{JOBS}{parent.pk}/").json()
    assert (before["parent"], before["children"], before["first_step"]) == (None, [child["id"]], 0)


def test_other_datasets_with_the_same_labels_are_added(member_api, parent, team) -> None:
    extra = DatasetFactory(team=team)
    child = member_api.post(JOBS, choices(parent, datasets=[str(extra.pk)]), format="json").json()
    assert set(child["datasets"]) == {str(extra.pk), str(parent.datasets.get().pk)}


def test_what_makes_no_child_is_refused_in_a_sentence(member_api, parent, team) -> None:
    cones = DatasetFactory(team=team, labels=["cone"])
    alive = TrainingJobFactory(team=team, state=JobState.RUNNING)
    for wrong, sentence in [
        ({"datasets": [str(cones.pk)]}, "Their labels must be the same"),
        ({"parent": str(alive.pk)}, "hasn't ended yet"),
    ]:
        answer = member_api.post(JOBS, {**choices(parent), **wrong}, format="json")
        assert answer.status_code == 400
        assert sentence in answer.json()["detail"]
    assert TrainingJob.objects.count() == 2


def test_a_parent_and_a_starting_model_exclude_each_other(member_api, parent) -> None:
    both = member_api.post(JOBS, choices(parent, starting_model="SSD MobileNet v2 320x320"), format="json")
    assert (both.status_code, list(both.json()["fields"])) == (400, ["starting_model"])
    neither = choices(parent)
    del neither["parent"]
    answer = member_api.post(JOBS, neither, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["starting_model"])


def test_another_teams_model_and_dataset_do_not_exist(member_api, outsider_api, parent) -> None:
    assert outsider_api.post(JOBS, choices(parent), format="json").status_code == 404
    of_another = choices(parent, datasets=[str(DatasetFactory().pk)])
    assert member_api.post(JOBS, of_another, format="json").status_code == 404


def test_a_plan_with_a_parent(member_api, outsider_api, parent) -> None:
    wanted = {"parent": str(parent.pk), "training_steps": 200}
    answer = member_api.post(PLAN, wanted, format="json").json()
    assert (answer["first_step"], answer["last_step"], answer["batch_size"]) == (400, 600, 32)
    assert answer["starting_weights"] == "the model “raccoons” at step 400"
    assert outsider_api.post(PLAN, wanted, format="json").status_code == 404


def test_a_model_with_children_is_not_deleted(member_api, parent, team) -> None:
    child = TrainingJobFactory(team=team, description="child", state=JobState.CANCELED, parent=parent, first_step=400)
    refused = member_api.delete(f"{JOBS}{parent.pk}/")
    assert refused.status_code == 409
    assert "“child” was trained from" in refused.json()["detail"]
    assert member_api.delete(f"{JOBS}{child.pk}/").status_code == 204
    assert member_api.delete(f"{JOBS}{parent.pk}/").status_code == 204
