"""What is asked for at the same moment: no minute is spent twice, and no job is given to two."""

import http.client
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from datasets.models import Dataset
from detector.contract import catalog
from ftcml.accounts.models import ApiToken, LedgerEntry, Team, User
from ftcml.accounts.services import ledger
from tests.factories import DatasetFactory, TrainingJobFactory, add_model
from tests.lineages import trained
from tests.processes import at_once, web_server
from training.integrity import sweeping
from training.models import JobEvent, ModelFile, TrainingJob
from training.refusals import JobRefused
from training.services import jobs
from training.services.jobs import HasChildren
from training.services.starting.choices import TrainingChoices
from training.states import JobState
from training.worker import job_leases

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

STARTS = 200


def test_of_200_starts_at_once_those_that_the_team_has_minutes_for_are_accepted(team, coach, training_worker) -> None:
    # Starts with the same dataset would wait for each other before they come to the minutes.
    datasets = [DatasetFactory(team=team) for _ in range(20)]
    choices = {
        "starting_model": catalog.DEFAULT,
        "training_steps": 400,
        "max_minutes": 200,
        "description": "one of many",
    }
    headers = {"Authorization": f"Token {ApiToken.issue(coach.memberships.get())}", "Content-Type": "application/json"}
    everybody_is_there = Barrier(STARTS)

    def start(number: int) -> tuple[int, dict]:
        asked_for = {**choices, "datasets": [str(datasets[number % len(datasets)].pk)]}
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        client.connect()
        everybody_is_there.wait()
        client.request("POST", "/api/v1/training-jobs/", json.dumps(asked_for), headers)
        answer = client.getresponse()
        return answer.status, json.load(answer)

    with web_server(workers=4, FTCML_START_RATE="1000/min") as port, ThreadPoolExecutor(STARTS) as clients:
        answers = list(clients.map(start, range(STARTS)))

    accepted = [job["id"] for code, job in answers if code == 201]
    refused = [(code, error["detail"]) for code, error in answers if code != 201]
    assert len(accepted) == 3
    assert set(refused) == {
        (
            400,
            "Your team has 0 training minutes left, but this training would reserve 200. Choose fewer minutes, or ask "
            "your coach for more.",
        )
    }
    assert {str(job.pk) for job in TrainingJob.objects.filter(state=JobState.QUEUED)} == set(accepted)
    assert JobEvent.objects.count() == 3
    assert ledger.balance_of(team).seconds_remaining == 0
    assert _entries(team) == [("grant", 36_000), *[("reserve", -12_000)] * 3]


def test_starts_at_once_keep_to_the_limits(team, coach, training_worker, settings) -> None:
    """Of the queue of all teams, and of one team."""
    settings.QUEUE_LIMIT, settings.TEAM_MAX_JOBS = 2, 3
    datasets = [DatasetFactory(team=team) for _ in range(6)]
    outcomes = at_once(*(partial(_start, team, coach, dataset) for dataset in datasets))
    assert sum(isinstance(outcome, JobRefused) for outcome in outcomes) == 3
    states = TrainingJob.objects.values_list("state", flat=True)
    assert sorted(states) == [JobState.QUEUED, JobState.QUEUED, JobState.TRY_AGAIN_LATER]


def _start(team: Team, coach: User, dataset: Dataset) -> TrainingJob:
    return jobs.start(team, coach, TrainingChoices([dataset], 400, 10, "one of six"))


def _entries(team: Team) -> list[tuple[str, int]]:
    return sorted(LedgerEntry.objects.filter(team=team).values_list("kind", "balance_change"))


def test_workers_that_claim_at_once_never_get_the_same_job() -> None:
    waiting = {TrainingJobFactory().pk for _ in range(12)}

    claimed = at_once(*(partial(_claim_all, f"worker-{number}") for number in range(4)))

    assert sorted(job for of_one in claimed for job in of_one) == sorted(waiting)
    assert set(TrainingJob.objects.values_list("lease_number", "state")) == {(1, JobState.PREPARING)}


def _claim_all(worker: str) -> list:
    claimed = []
    while job := job_leases.claim_next(worker, "cpu"):
        claimed.append(job.pk)
    return claimed


class TestTwiceAtOnce:
    """The second does nothing."""

    @pytest.fixture
    def job(self, start) -> TrainingJob:
        return start(max_minutes=10)

    def test_sweeping_counts_one_death(self, job: TrainingJob) -> None:
        job_leases.claim(job, "worker-1", "cpu", timezone.now() - timedelta(hours=1))
        assert at_once(sweeping.sweep, sweeping.sweep) == [None, None]
        job.refresh_from_db()
        assert (job.state, job.deaths_in_a_row) == (JobState.QUEUED, 1)
        assert [event.new_state for event in job.events.all()] == ["QUEUED", "PREPARING", "QUEUED"]

    def test_settling_charges_once(self, job: TrainingJob, team: Team) -> None:
        assert at_once(*[partial(ledger.settle, job.pk, 200)] * 2) == [200, 200]
        assert ledger.balance_of(team).seconds_remaining == 36_000 - 200
        assert _entries(team) == [("charge", 0), ("grant", 36_000), ("refund", 400), ("reserve", -600)]

    def test_trying_again_reserves_once(self, start, team: Team, coach: User, settings) -> None:
        settings.QUEUE_LIMIT = 0
        job = start(max_minutes=10)
        settings.QUEUE_LIMIT = 50
        outcomes = at_once(*[partial(jobs.retry, job, coach)] * 2)
        assert [outcome.state for outcome in outcomes] == [JobState.QUEUED] * 2
        assert ledger.balance_of(team).seconds_remaining == 36_000 - 600
        assert [event.new_state for event in job.events.all()] == ["TRY_AGAIN_LATER", "QUEUED"]

    def test_stopping_ends_it_once(self, job: TrainingJob, team: Team, coach: User) -> None:
        outcomes = at_once(*[partial(jobs.request_stop, job, coach)] * 2)
        assert [outcome.state for outcome in outcomes] == [JobState.CANCELED] * 2
        assert ledger.balance_of(team).seconds_remaining == 36_000
        assert [event.new_state for event in job.events.all()] == ["QUEUED", "CANCELED"]

    def test_deleting_removes_it_once(self, job: TrainingJob, coach: User) -> None:
        jobs.request_stop(job, coach)
        assert at_once(*[partial(jobs.delete, job, coach)] * 2) == [None, None]
        assert not TrainingJob.objects.exists()
        assert LedgerEntry.objects.filter(job_id=job.pk).count() == 3


def test_a_model_that_is_deleted_while_a_child_starts(team, coach, training_worker) -> None:
    """One of the two wins, and the other says why it did not."""
    parent = trained(team=team, description="raccoons")

    deleted, started = at_once(partial(jobs.delete, parent, coach), partial(_train_more, parent, coach))

    if deleted is None:
        assert isinstance(started, JobRefused)
        assert str(started) == "The model “raccoons” was deleted. Reload the page, then choose again."
        assert not TrainingJob.objects.exists()
        assert _entries(team) == []
    else:
        assert isinstance(deleted, HasChildren)
        assert "“raccoons again” was trained from “raccoons”" in str(deleted)
        assert set(TrainingJob.objects.all()) == {parent, started}


def test_the_winner_is_who_has_the_parents_row_first(team, coach, training_worker) -> None:
    parent = trained(team=team, description="raccoons")
    is_started, deletes = Event(), Event()

    def start() -> None:
        with transaction.atomic():
            _train_more(parent, coach)
            is_started.set()
            assert deletes.wait(30)
        connection.close()

    with ThreadPoolExecutor(1) as threads, connection.execute_wrapper(_noticing(deletes)):
        started = threads.submit(start)
        assert is_started.wait(30)
        with pytest.raises(HasChildren):
            jobs.delete(parent, coach)
        started.result()
    assert TrainingJob.objects.count() == 2


def _train_more(parent: TrainingJob, coach: User) -> TrainingJob:
    return jobs.train_more(parent, coach, TrainingChoices([], 200, 10, "raccoons again"))


def _noticing(waits: Event) -> Callable:
    """Says when something waits for another's transaction: its beginning on SQLite, a job's row on PostgreSQL."""

    def notice(execute, sql, *rest):
        if sql.startswith("BEGIN") or ("training_trainingjob" in sql and ("FOR UPDATE" in sql or sql[:6] == "DELETE")):
            waits.set()
        return execute(sql, *rest)

    return notice


def test_a_model_file_that_arrives_during_the_delete_goes_with_the_job(coach) -> None:
    job = TrainingJobFactory(state=JobState.STOPPED)
    is_written, deletes = Event(), Event()

    def publish() -> None:
        with transaction.atomic():
            add_model(TrainingJob.objects.get(pk=job.pk))
            is_written.set()
            assert deletes.wait(30)
        connection.close()

    with ThreadPoolExecutor(1) as threads, connection.execute_wrapper(_noticing(deletes)):
        published = threads.submit(publish)
        assert is_written.wait(30)
        jobs.delete(job, coach)
        published.result()
    assert not ModelFile.objects.exists()
