"""Everybody who watches the same training has the same answer for a moment, and no other team has it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ftcml.accounts.models import Team, User
from tests.factories import TrainingJobFactory
from training.models import TrainingJob
from training.pages.shared_answers import Answers

PARTS = ("part/", "head/job-details/", "graphs/part/", "metrics.json", "checkpoints.json")


@pytest.fixture(autouse=True)
def _for_long(settings) -> None:
    settings.SHARED_ANSWER_SECONDS = 60


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return TrainingJobFactory(team=team, state="RUNNING")


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("part", PARTS)
def test_the_second_who_asks_costs_little(part: str, member_client: Client, coach: User, job: TrainingJob) -> None:
    address = f"/models/{job.pk}/{part}"
    first = member_client.get(address)
    other = Client()
    other.force_login(coach)
    assert _queries(other, address) <= 7
    assert other.get(address).content == first.content


@pytest.mark.parametrize("part", PARTS)
def test_another_team_does_not_have_it(part: str, member_client: Client, outsider: User, job: TrainingJob) -> None:
    address = f"/models/{job.pk}/{part}"
    assert member_client.get(address).status_code == 200
    other = Client()
    other.force_login(outsider)
    assert other.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_what_changes_of_a_job_is_seen_at_once(member_client: Client, job: TrainingJob) -> None:
    address = f"/models/{job.pk}/head/job-details/"
    assert "RUNNING" in member_client.get(address).content.decode()
    TrainingJob.objects.filter(pk=job.pk).update(state="FAILED", reason_code="no_gpu")
    assert "should train on a GPU" in member_client.get(address).content.decode()


def test_who_asks_at_the_same_time_waits_for_one_answer() -> None:
    answers, made, together = Answers(), [], Barrier(8)

    def ask(_: int) -> bytes:
        together.wait()
        return answers.get("the same", 60, make).content

    def make() -> HttpResponse:
        made.append(1)
        return HttpResponse(b"one")

    with ThreadPoolExecutor(8) as people:
        assert set(people.map(ask, range(8))) == {b"one"}
    assert len(made) == 1


def test_after_a_moment_it_is_made_again_and_a_mistake_is_never_kept() -> None:
    now = [0.0]
    answers = Answers(lambda: now[0])
    given = iter([HttpResponse(status=400), HttpResponse(b"first"), HttpResponse(b"second")])

    def ask() -> bytes:
        return answers.get("the same", 1, lambda: next(given)).content

    assert [ask(), ask(), ask()] == [b"", b"first", b"first"]
    now[0] = 1.5
    assert ask() == b"second"
