"""Where a job stands in line, and when it begins: by what runs, what waits before it, and how fast the workers are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from detector.contract import catalog
from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from training.models import MeasuredSpeed, TrainingJob
from training.reasons import Code
from training.services import registry
from training.services.waiting import Wait, waits
from training.states import JobState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("training_worker")]

# With 0.1 s a frame a step takes 3.2 s.
FIRST, HUNDRED_STEPS = {"batch_size": 32, "steps_requested": 100}, 320


@pytest.fixture
def speed() -> None:
    MeasuredSpeed.objects.create(
        worker="worker-1", accelerator="cpu", starting_model=catalog.DEFAULT, seconds_per_frame=0.1
    )


def waiting(**fields: object) -> TrainingJob:
    return TrainingJobFactory(**{**FIRST, **fields})


def running(steps_left: int = 200, **fields: object) -> TrainingJob:
    steps = {"steps_requested": 400, "live_step": 400 - steps_left, "live_steps_per_second": 0.5}
    return TrainingJobFactory(state=JobState.RUNNING, **{**steps, **fields})


def test_each_begins_when_those_before_it_are_done(speed) -> None:
    running(steps_left=200)
    first, second = waiting(), waiting()
    assert waits([first, second]) == {first.pk: Wait(1, 400), second.pk: Wait(2, 400 + HUNDRED_STEPS)}


def test_two_workers_take_the_next_two(speed) -> None:
    registry.report("worker-2", "cpu", 1)
    running(steps_left=200)
    jobs = [waiting(), waiting(), waiting()]
    assert [wait.seconds for wait in waits(jobs).values()] == [0, HUNDRED_STEPS, 400]


def test_a_job_takes_no_longer_than_it_may(speed) -> None:
    first, second = waiting(max_seconds=60), waiting()
    assert waits([second])[second.pk] == Wait(2, 60)
    assert first.pk not in waits([second])


def test_without_a_worker_or_a_measurement_there_is_a_place_and_a_limit(speed) -> None:
    registry.report_gone("worker-1")
    job = waiting()
    assert waits([job]) == {job.pk: Wait(1, None)}


def test_a_job_for_which_the_queue_was_full_comes_after_it(speed) -> None:
    waiting()
    full = waiting(state=JobState.TRY_AGAIN_LATER, reason_code=Code.QUEUE_IS_FULL, reason_params={"waiting": 1})
    switched_off = waiting(state=JobState.TRY_AGAIN_LATER, reason_code=Code.SWITCHED_OFF)
    assert waits([full, switched_off]) == {full.pk: Wait(2, HUNDRED_STEPS)}


def test_jobs_that_do_not_wait_cost_no_query() -> None:
    jobs = [running(), TrainingJobFactory(state=JobState.SUCCEEDED)]
    with CaptureQueriesContext(connection) as queries:
        assert waits(jobs) == {}
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (Wait(1, 10), "Next in line, starts in less than a minute"),
        (Wait(2, 700), "2nd in line, starts in about 12 minutes"),
        (Wait(3, 60), "3rd in line, starts in about 1 minute"),
        (Wait(11, 7260), "11th in line, starts in about 2 hours 1 minute"),
        (Wait(4, None), "4th in line"),
    ],
)
def test_it_is_said_in_words(wait: Wait, words: str) -> None:
    assert wait.text == words


def test_the_models_tab_and_the_models_page_say_it(member_client: Client, team: Team, speed) -> None:
    running(steps_left=200)
    job = waiting(team=team)
    for address in ("/models/", f"/models/{job.pk}/"):
        assert "Next in line, starts in about 7 minutes" in member_client.get(address).content.decode()
