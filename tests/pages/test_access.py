"""Who may open which page: another team's object is not there, and nobody sees anything without signing in."""

import uuid

import pytest
from django.test import Client

from datasets.models import Frame, Split
from ftcml.accounts.models import Team
from tests.factories import DatasetFactory, TrainingJobFactory

OF_A_TEAM = {
    "dataset page": "/datasets/{dataset}/",
    "dataset download": "/datasets/{dataset}/download/",
    "dataset inspection": "/datasets/{dataset}/inspection/",
    "dataset lookalikes": "/datasets/{dataset}/lookalikes/",
    "frame": "/datasets/{dataset}/frames/{frame}.jpg",
    "frame dialog": "/datasets/{dataset}/frames/{frame}/",
    "delete dataset": "/datasets/delete/?dataset={dataset}",
    "start training": "/start-training/?dataset={dataset}",
    "training plan": "/start-training/plan/?dataset={dataset}",
    "job details": "/models/{job}/",
    "job part": "/models/{job}/part/",
    "graphs": "/models/{job}/graphs/",
    "graphs part": "/models/{job}/graphs/part/",
    "curves": "/models/{job}/metrics.json",
    "metrics table": "/models/{job}/metrics.csv",
    "tensorboard files": "/models/{job}/tensorboard.zip",
    "model download": "/models/{job}/model.tflite",
    "robot code": "/models/{job}/robot-code/",
    "robot file": "/models/{job}/robot-code/python/labels.txt",
    "robot zip": "/models/{job}/robot-code/python.zip",
    "train more": "/models/{job}/train-more/",
    "plan of more": "/models/{job}/train-more/plan/",
    "stop": "/models/stop/?job={job}",
    "delete model": "/models/delete/?job={job}",
}
TABS = (
    "/",
    "/datasets/",
    "/datasets/table/",
    "/datasets/import/",
    "/models/",
    "/models/table/",
    "/resources/",
    "/help/",
)


@pytest.fixture
def ids(team: Team) -> dict[str, object]:
    """What the address of a page of `team` may hold."""
    dataset = DatasetFactory(team=team, description="secret frames")
    frame = Frame.objects.create(
        dataset=dataset, split=Split.TRAINING, number=0, filename="a.jpg", width=10, height=10, boxes=[]
    )
    job = TrainingJobFactory(team=team, dataset=dataset, description="secret model")
    return {"dataset": dataset.pk, "frame": frame.pk, "job": job.pk}


@pytest.mark.parametrize("address", OF_A_TEAM.values(), ids=OF_A_TEAM.keys())
def test_another_teams_page_does_not_exist(address: str, ids: dict, outsider_client: Client) -> None:
    assert outsider_client.get(address.format(**ids)).status_code == 404


@pytest.mark.parametrize("address", OF_A_TEAM.values(), ids=OF_A_TEAM.keys())
def test_a_page_of_nothing_does_not_exist(address: str, member_client: Client) -> None:
    nothing = {"dataset": uuid.uuid4(), "frame": 1, "job": uuid.uuid4()}
    assert member_client.get(address.format(**nothing)).status_code == 404


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/datasets/delete/", "dataset"),
        ("/start-training/", "dataset"),
        ("/models/stop/", "job"),
        ("/models/delete/", "job"),
    ],
)
def test_another_teams_things_cannot_be_changed(address: str, field: str, ids: dict, outsider_client: Client) -> None:
    assert outsider_client.post(address, {field: ids[field]}).status_code == 404


@pytest.mark.parametrize("address", TABS)
def test_the_tabs_show_nothing_of_another_team(address: str, ids: dict, outsider_client: Client) -> None:
    ticked = {"dataset": ids["dataset"], "job": ids["job"]}
    assert "secret" not in outsider_client.get(address, ticked, follow=True).content.decode()


@pytest.mark.parametrize("address", [*TABS, *OF_A_TEAM.values()])
def test_who_is_not_signed_in_is_asked_to(address: str, ids: dict, client: Client) -> None:
    address = address.format(**ids)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=/")
    part = client.get(address, headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (401, b"")
