"""`/metrics` counts in the database, for operators and for the program that has the token."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from tests.factories import DatasetFactory, TrainingJobFactory, VideoFactory
from tests.training.integrity.test_sweeping import leased
from training.integrity import sweeping
from training.services import jobs
from training.states import JobState
from videos.models import Video

TOKEN = "three blind mice"


@pytest.fixture
def scrape(settings, client: Client):
    """Every value that Prometheus would read, by `name` or `name state`."""
    settings.METRICS_TOKEN = TOKEN

    def scrape() -> dict[str, float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain; version=")
        families = text_string_to_metric_families(answer.content.decode())
        samples = [sample for family in families for sample in family.samples]
        return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}

    return scrape


def test_jobs_are_counted_by_state_and_their_speeds_added(scrape, db) -> None:
    TrainingJobFactory.create_batch(2)
    for speed in (1.5, 2.25):
        TrainingJobFactory(state=JobState.RUNNING, live_steps_per_second=speed)
    TrainingJobFactory(state=JobState.STOPPED, live_steps_per_second=9)
    values = scrape()
    assert values["ftcml_jobs QUEUED"] == values["ftcml_queue_length"] == 2
    assert (values["ftcml_jobs RUNNING"], values["ftcml_jobs STOPPED"]) == (2, 1)
    assert values["ftcml_training_steps_per_second"] == 3.75
    assert {f"ftcml_jobs {state}" for state in JobState} <= values.keys()


def test_what_the_sweep_did_is_counted_by_what_became_of_the_jobs(scrape, db) -> None:
    for deaths in (0, 0, 2):
        leased(JobState.RUNNING, deaths_in_a_row=deaths)
    sweeping.sweep()
    jobs.request_stop(TrainingJobFactory(), by="carla")
    values = scrape()
    assert (values["ftcml_sweep_actions QUEUED"], values["ftcml_sweep_actions FAILED"]) == (2, 1)
    assert values["ftcml_sweep_actions CANCELED"] == 0


def test_workers_imports_seconds_and_the_disk_are_counted(scrape, training_worker, team: Team) -> None:
    DatasetFactory.create_batch(2, team=team)
    DatasetFactory(team=team, state=Dataset.State.FAILED)
    VideoFactory(team=team, state=Video.State.EXTRACTING)
    job = TrainingJobFactory(team=team, dataset=Dataset.objects.first())
    ledger.reserve(team, job.pk, 600)
    ledger.settle(job.pk, 90)
    values = scrape()
    assert values["ftcml_training_workers"] == 1
    imports = {state: values[f"ftcml_imports {state}"] for state in Dataset.State}
    assert imports == {"READY": 2, "FAILED": 1, "PRODUCING": 0}
    assert values["ftcml_videos EXTRACTING"] == 1
    assert values["ftcml_training_seconds_charged_total"] == 90
    assert values["ftcml_disk_free_bytes"] > 0


def test_an_empty_server_has_every_value(scrape, db) -> None:
    values = scrape()
    del values["ftcml_disk_free_bytes"]
    assert values
    assert set(values.values()) == {0}


def test_a_scrape_asks_the_database_as_often_for_many_as_for_none(scrape, db, django_assert_num_queries) -> None:
    with django_assert_num_queries(6):
        scrape()
    for state in JobState:
        TrainingJobFactory.create_batch(3, state=state)
    with django_assert_num_queries(6):
        scrape()


@pytest.mark.parametrize(
    "words", ["", "Bearer ", "Bearer wrong", TOKEN, f"Token {TOKEN}", f"Bearer {TOKEN}x", "Bearer ä"]
)
def test_for_whoever_has_not_the_token_the_address_does_not_exist(words: str, client, db, settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    client.defaults["HTTP_AUTHORIZATION"] = words
    assert client.get("/metrics").status_code == 404


def test_without_a_setting_there_is_no_token(client, coach_client, db) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert coach_client.get("/metrics").status_code == 404


def test_an_operator_reads_it_in_the_browser(admin_client) -> None:
    assert b"ftcml_queue_length 0.0" in admin_client.get("/metrics").content
