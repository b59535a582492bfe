"""What the Graphs page asks the server for: only what is new, and nobody else's."""

import pytest
from django.test import Client

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from tests.training.curve_points import publish
from training.insight.curves import MOST_COMPARED
from training.models import TrainingJob


@pytest.fixture
def job(team: Team) -> TrainingJob:
    job = TrainingJobFactory(team=team, description="finder", steps_requested=8000)
    publish(job, range(100, 500, 100))
    return job


def test_the_curves_of_a_model_come_after_those_that_it_goes_on_from(member_client: Client, job: TrainingJob) -> None:
    child = TrainingJobFactory(team=job.team, parent=job, first_step=400)
    publish(child, (500, 600))
    other = TrainingJobFactory(team=job.team)
    publish(other, (100,))
    told = member_client.get(f"/models/{child.pk}/metrics.json?with={other.pk}").json()
    assert [(one["id"], one["first_step"], one["steps"]) for one in told["lineage"]] == [
        (str(job.pk), 0, [100, 200, 300, 400]),
        (str(child.pk), 400, [500, 600]),
    ]
    assert [one["id"] for one in told["compared"]] == [str(other.pk)]


def test_only_newer_steps_are_sent_and_nothing_when_nothing_changed(member_client: Client, job: TrainingJob) -> None:
    publish(job, range(500, 8100, 100))
    whole = member_client.get(f"/models/{job.pk}/metrics.json")
    newer = member_client.get(f"/models/{job.pk}/metrics.json?since=7900")
    assert newer.json()["lineage"][0]["steps"] == [8000]
    assert len(newer.content) < len(whole.content) / 10
    again = member_client.get(f"/models/{job.pk}/metrics.json", headers={"If-None-Match": whole["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publish(job, (8100,))
    again = member_client.get(f"/models/{job.pk}/metrics.json", headers={"If-None-Match": whole["ETag"]})
    assert again.status_code == 200


def test_another_teams_model_cannot_be_laid_over(outsider_client: Client, member_client: Client, job) -> None:
    theirs = TrainingJobFactory(team__number=7003)
    for address in ("graphs/", "metrics.json"):
        assert member_client.get(f"/models/{job.pk}/{address}?with={theirs.pk}").status_code == 404
        assert member_client.get(f"/models/{job.pk}/{address}?with=no-id").status_code == 404


def test_more_models_than_can_be_told_apart_are_refused_in_words(member_client: Client, job: TrainingJob) -> None:
    others = TrainingJobFactory.create_batch(MOST_COMPARED + 1, team=job.team)
    query = "&".join(f"with={other.pk}" for other in others)
    told = member_client.get(f"/models/{job.pk}/metrics.json?{query}")
    assert (told.status_code, told.json()["detail"]) == (
        400, "You can compare up to 5 other models. Uncheck some of them.",
    )  # fmt: skip
    assert (
        "You can compare up to 5 other models"
        in member_client.get(f"/models/{job.pk}/graphs/?{query}").content.decode()
    )


@pytest.mark.parametrize("step", ["soon", "-1"])
def test_a_step_that_is_none_is_refused(member_client: Client, job: TrainingJob, step: str) -> None:
    assert member_client.get(f"/models/{job.pk}/metrics.json?since={step}").status_code == 400


def test_the_details_page_and_the_graphs_page_tell_the_same_verdict(member_client: Client, job: TrainingJob) -> None:
    for address in ("", "graphs/", "graphs/part/"):
        page = member_client.get(f"/models/{job.pk}/{address}").content.decode()
        assert "Is it still learning?" in page
        assert "Too few checkpoints to see a trend" in page
