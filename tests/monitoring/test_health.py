"""`/healthz` says that the process answers, `/readyz` what keeps it from its work, to anybody and cheaply."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from training.integrity import sweeping
from training.models import LastSweep, TrainingWorker


@pytest.fixture(autouse=True)
def _nothing_was_asked_before() -> None:
    cache.clear()


@pytest.fixture
def silent_broker(settings) -> Iterator[socket.socket]:
    """One that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CELERY_BROKER_URL = f"redis://:a-secret@127.0.0.1:{server.getsockname()[1]}/0"
        yield server


def failing(client: Client) -> dict[str, str]:
    """The sentence of each check that failed."""
    answer = client.get("/readyz")
    body = answer.json()
    failed = {check["name"]: check["sentence"] for check in body["checks"] if not check["ok"]}
    assert body["ok"] == (not failed)
    assert answer.status_code == (503 if failed else 200)
    return failed


def test_a_process_that_answers_is_healthy_without_any_database(client: Client) -> None:
    answer = client.get("/healthz")  # a test without the fixture `db` may not touch it
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_they_are_only_read(address: str, client: Client) -> None:
    assert client.post(address).status_code == 405


def test_https_does_not_send_a_watching_program_elsewhere(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/sign-in/").status_code == 301


def test_with_everything_else_in_order_a_missing_broker_is_what_is_wrong(client, training_worker) -> None:
    sweeping.sweep()
    assert list(failing(client)) == ["broker"]


def test_a_broker_that_says_nothing_is_waited_for_a_second_and_its_password_is_not_told(
    client, training_worker, silent_broker
) -> None:
    sweeping.sweep()
    began = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - began < 3
    assert answer.status_code == 503
    assert "secret" not in answer.content.decode()
    assert "within 1 s" in failing(client)["broker"]


def test_asking_often_asks_database_and_broker_once(client, db, silent_broker, django_assert_num_queries) -> None:
    client.get("/readyz")
    silent_broker.accept()
    with django_assert_num_queries(0):
        client.get("/readyz")
    silent_broker.setblocking(False)
    with pytest.raises(BlockingIOError):  # nobody came a second time
        silent_broker.accept()


def test_without_a_worker_and_a_sweep_it_says_what_does_not_happen(client, db) -> None:
    sentences = failing(client)
    assert sentences["training worker"] == ("No training worker reported in the last 2 minutes, so no training starts.")
    assert sentences["sweep"] == "No sweep ran in the last 120 s, so interrupted work isn't resumed."


def test_a_worker_and_a_sweep_of_long_ago_do_not_count(client, training_worker, settings) -> None:
    settings.SWEEP_SECONDS = 100
    sweeping.sweep()
    long_ago = timezone.now() - timedelta(seconds=301)
    LastSweep.objects.update(ended=long_ago)
    TrainingWorker.objects.update(last_seen=long_ago)
    assert {"sweep", "training worker"} <= failing(client).keys()
    cache.clear()
    LastSweep.objects.update(ended=timezone.now() - timedelta(seconds=290))
    assert "sweep" not in failing(client)


def test_a_disk_that_is_nearly_full_and_a_folder_that_takes_no_file_are_told_apart(
    client, db, settings, tmp_path: Path
) -> None:
    settings.DISK_RESERVE_BYTES = 10**18
    assert "nearly full" in failing(client)["storage"]
    cache.clear()
    (tmp_path / "a file").touch()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "ftcml.core.files.folder.Folder",
            "OPTIONS": {"location": str(tmp_path / "a file" / "folder")},
        },
    }
    assert failing(client)["storage"] == "The server can't write files to its storage."


def test_trying_the_storage_leaves_no_file(client, db, stored_files) -> None:
    assert "storage" not in failing(client)
    assert stored_files() == []


def test_a_database_that_does_not_answer_is_named_and_not_quoted(client, db) -> None:
    def is_away(execute: Callable, *call: object) -> None:
        raise OperationalError('could not connect to host "db.internal" as "ftcml"')

    with connection.execute_wrapper(is_away):
        sentences = failing(client)
    assert sentences["database"] == sentences["sweep"] == "The database doesn't answer."


def test_a_sweep_of_the_time_to_come_does_not_count(client, training_worker) -> None:
    """The clock was set back, and no sweep has come since."""
    sweeping.sweep()
    LastSweep.objects.update(ended=timezone.now() + timedelta(hours=3))
    assert "sweep" in failing(client)
