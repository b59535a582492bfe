"""Jobs of all teams: found by team and state, stopped and tried again, each with a line in the log."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ftcml.accounts.services import ledger
from ftcml.console.models import OperatorAction
from tests.factories import TeamFactory, TrainingJobFactory
from training.models import TrainerLog, TrainingJob
from training.services import jobs
from training.services.starting.choices import TrainingChoices
from training.states import JobState


@pytest.fixture
def queued(team, coach, training_worker) -> TrainingJob:
    """With its minutes reserved, as the pop-up starts it."""
    sample = TrainingJobFactory(team=team, state=JobState.FAILED)
    choices = TrainingChoices(list(sample.datasets.all()), 400, 60, "finds raccoons", sample.starting_model)
    return jobs.start(team, coach, choices)


def _said(action: OperatorAction) -> tuple[str, str, str, str]:
    return action.operator, action.kind, action.subject, action.details


def test_an_operator_stops_a_training_of_any_team(operator_client: Client, queued, team) -> None:
    assert operator_client.post(f"/console/jobs/{queued.pk}/stop/").status_code == 204

    queued.refresh_from_db()
    assert queued.state == JobState.CANCELED
    assert queued.events.last().by == "olga"
    assert ledger.balance_of(team).seconds_remaining == 600 * 60
    subject = f"“finds raccoons” of FTC 7001 ({queued.pk})"
    assert _said(OperatorAction.objects.get()) == ("olga", "stop", subject, "QUEUED → CANCELED")


def test_what_has_ended_meanwhile_is_not_stopped_and_the_dialog_says_so(operator_client: Client) -> None:
    job = TrainingJobFactory(state=JobState.SUCCEEDED, description="finder")
    answer = operator_client.post(f"/console/jobs/{job.pk}/stop/")
    assert answer.status_code == 422
    assert "“finder” is SUCCEEDED, so there&#x27;s nothing to stop." in answer.content.decode()
    assert not OperatorAction.objects.exists()


def test_trying_again_queues_a_job_or_says_why_not(operator_client: Client, team, training_worker, settings) -> None:
    job = TrainingJobFactory(team=team, state=JobState.TRY_AGAIN_LATER)
    address = f"/console/jobs/{job.pk}/retry/"

    settings.QUEUE_LIMIT = 0
    assert "The queue is full" in operator_client.post(address).content.decode()
    settings.QUEUE_LIMIT = 50
    assert operator_client.post(address).status_code == 204
    assert "You can only retry a training" in operator_client.post(address).content.decode()

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert ledger.balance_of(team).seconds_remaining == 600 * 60 - job.max_seconds
    second, first = OperatorAction.objects.values_list("details", flat=True)
    assert first.startswith("now TRY_AGAIN_LATER. The queue is full")
    assert second == "now QUEUED."


def test_a_team_without_minutes_is_not_queued_and_nothing_is_written(operator_client: Client, training_worker) -> None:
    job = TrainingJobFactory(state=JobState.TRY_AGAIN_LATER, max_seconds=10**6)
    answer = operator_client.post(f"/console/jobs/{job.pk}/retry/")
    assert answer.status_code == 422
    assert "training minutes left" in answer.content.decode()
    assert not OperatorAction.objects.exists()


def test_the_queue_is_in_the_order_in_which_it_is_served(operator_client: Client, team) -> None:
    busy = TeamFactory(number=7002)
    ended = TrainingJobFactory(team=busy, state=JobState.SUCCEEDED, training_seconds=900)
    ended.events.create(old_state="RUNNING", new_state="SUCCEEDED")
    now = timezone.now()
    TrainingJobFactory(team=busy, description="of the busy team", created=now - timedelta(minutes=9))
    TrainingJobFactory(team=team, description="second", created=now - timedelta(minutes=1))
    TrainingJobFactory(team=team, description="first", created=now - timedelta(minutes=2))
    queue = operator_client.get("/console/jobs/").context["queue"]
    assert [job.description for job in queue] == ["first", "second", "of the busy team"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"team": "7001"}, {"a", "b"}),
        ({"state": "RUNNING"}, {"b", "c"}),
        ({"team": "7001", "state": "RUNNING"}, {"b"}),
        ({"team": "9" * 30}, set()),
        ({"team": "raccoons", "state": "ASLEEP"}, {"a", "b", "c"}),
    ],
)
def test_the_filter(query: dict, found: set, operator_client: Client, team) -> None:
    TrainingJobFactory(team=team, description="a", state=JobState.FAILED)
    TrainingJobFactory(team=team, description="b", state=JobState.RUNNING)
    TrainingJobFactory(description="c", state=JobState.RUNNING)
    rows = operator_client.get("/console/jobs/", query).context["rows"]
    assert {row.job.description for row in rows} == found


def test_pages_keep_the_filter_and_never_hold_all_rows(operator_client: Client, team) -> None:
    TrainingJobFactory.create_batch(51, team=team, state=JobState.FAILED)
    answer = operator_client.get("/console/jobs/", {"team": "7001"})
    assert len(answer.context["rows"]) == 50
    assert 'href="?team=7001&amp;page=2"' in answer.content.decode()


def test_the_page_of_a_job_shows_the_end_of_its_log(operator_client: Client) -> None:
    job = TrainingJobFactory(state=JobState.RUNNING)
    address = f"/console/jobs/{job.pk}/"
    assert "No log yet" in operator_client.get(address).content.decode()
    TrainerLog.objects.create(job=job, tail="step 100 <loss> 0.5")
    assert "step 100 &lt;loss&gt; 0.5" in operator_client.get(address).content.decode()


def test_many_jobs_cost_no_more_queries_than_one(operator_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            operator_client.get("/console/jobs/")
        return len(queries)

    TrainingJobFactory()
    alone = queries()
    for state in JobState:
        TrainingJobFactory.create_batch(3, state=state)
    assert queries() == alone <= 8
