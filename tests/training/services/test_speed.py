"""How fast this computer trains: measured once while nothing else is to do, and told on the first page."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from bench.server.client import wait_until
from detector.contract import catalog
from tests.factories import TrainingJobFactory
from training.models import MeasuredSpeed
from training.services import registry
from training.services.starting import speed
from training.states import JobState
from training.worker.speed_trial import SpeedTrial

TINY = "Tiny test model 96x96"
ANSWER = json.dumps({"starting_model": catalog.DEFAULT, "accelerator": "cpu", "seconds_per_frame": 0.025})
QUICK = (sys.executable, "-c", f"print('a library says hello'); print({ANSWER!r})")
ENDLESS = (sys.executable, "-c", "import signal; signal.pause()")

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured() -> Callable[..., MeasuredSpeed]:
    def measured(seconds_per_frame: float, **fields: str) -> MeasuredSpeed:
        usual = {"worker": "training@here", "accelerator": "cpu", "starting_model": catalog.DEFAULT}
        kept = MeasuredSpeed.objects.create(seconds_per_frame=seconds_per_frame, **{**usual, **fields})
        registry.report(kept.worker, kept.accelerator, devices=1)
        return kept

    return measured


def test_the_measurement_is_kept_and_not_done_again():
    SpeedTrial("training@here", command=QUICK).run()
    SpeedTrial("training@here", command=(sys.executable, "-c", "raise SystemExit(1)")).run()

    (kept,) = MeasuredSpeed.objects.all()
    assert (kept.worker, kept.accelerator, kept.seconds_per_frame) == ("training@here", "cpu", 0.025)


def test_a_machine_of_another_name_is_measured_by_itself(measured):
    measured(0.1, worker="training@there")

    SpeedTrial("training@here", command=QUICK).run()

    assert MeasuredSpeed.objects.count() == 2


def test_a_measurement_that_fails_leaves_nothing():
    SpeedTrial("training@here", command=(sys.executable, "-c", "raise SystemExit(1)")).run()

    assert not MeasuredSpeed.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_comes_calls_it_off_at_once():
    trial = SpeedTrial("training@here", command=ENDLESS)

    def measure() -> None:
        trial.run()
        connection.close()

    with ThreadPoolExecutor() as pool:
        measuring = pool.submit(measure)
        wait_until(lambda: trial._process, bool, 20)

        trial.call_off()

        measuring.result(20)
    assert not MeasuredSpeed.objects.exists()


def test_what_was_called_off_before_it_began_does_not_begin():
    trial = SpeedTrial("training@here", command=QUICK)

    trial.call_off()
    trial.run()

    assert not MeasuredSpeed.objects.exists()


def test_a_new_server_estimates_by_what_its_worker_measured(measured):
    measured(0.025)

    assert speed.example_minutes() == 14  # 32,000 frames


def test_jobs_that_were_trained_here_count_more_in_the_plan(measured, team):
    measured(0.025)
    assert speed.estimated_minutes(catalog.starting_model(catalog.DEFAULT), "cpu", 32_000) == 14

    done = {"steps_completed": 100, "live_step": 100, "training_seconds": 320, "batch_size": 32}
    TrainingJobFactory(team=team, state=JobState.SUCCEEDED, starting_model=catalog.DEFAULT, **done)

    assert speed.estimated_minutes(catalog.starting_model(catalog.DEFAULT), "cpu", 32_000) == 54  # 0.1 s a frame


def test_the_slowest_worker_that_lives_counts(measured):
    measured(0.025)
    measured(0.05, worker="training@there")
    measured(0.5, worker="training@gone")
    registry.report_gone("training@gone")

    assert speed.example_minutes() == 27


def test_a_server_that_has_measured_nothing_says_nothing(member_client: Client):
    assert speed.example_minutes() is None
    assert "This computer trains" not in member_client.get("/datasets/").content.decode()


def test_the_first_visit_says_how_good_the_computer_is(member_client: Client, measured):
    measured(0.025)

    page = member_client.get("/datasets/").content.decode()

    assert "This computer trains 1,000 steps in about 14 minutes." in page
    assert "slow" not in page


def test_a_slow_computer_is_told_so_before_hours_are_spent(member_client: Client, measured):
    measured(0.25)

    page = member_client.get("/datasets/").content.decode()

    assert "in about 134 minutes. That&#x27;s slow." in page or "in about 134 minutes. That's slow." in page


@pytest.mark.tensorflow
@pytest.mark.django_db(transaction=True)
def test_the_real_measurement_trains_some_steps():
    SpeedTrial("training@here", TINY).run()

    (kept,) = MeasuredSpeed.objects.all()
    assert kept.starting_model == TINY
    assert 0 < kept.seconds_per_frame < 10
