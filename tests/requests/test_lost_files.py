"""A download whose file is gone: a sentence while none of it is sent, and a broken connection once some of it is."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bench.server.client import wait_until
from datasets.models import Dataset
from ftcml.core.files import storage
from tests.one_of_everything import make_team
from tests.people import COACH, PROGRAMS
from tests.processes import free_port
from training.models import TrainingJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(db) -> TrainingJob:
    return make_team()[1]


@pytest.fixture
def dataset(job: TrainingJob) -> Dataset:
    return job.datasets.get()


@pytest.fixture
def client(job: TrainingJob) -> Client:
    return COACH.client(job.team)


@pytest.fixture
def program(job: TrainingJob) -> Client:
    return PROGRAMS[1].client(job.team)


@pytest.mark.parametrize("key", ["records", "voc", "coco", "yolo"])
def test_a_dataset_that_lacks_a_file_says_so_before_anything_is_sent(
    key: str, dataset: Dataset, client: Client, program: Client
) -> None:
    storage.remove(dataset.shards.last().name)
    storage.remove(dataset.frames.last().picture_name)
    page = client.get(f"/datasets/{dataset.pk}/download/", {"format": key})
    answer = program.get(f"/api/v1/datasets/{dataset.pk}/download/", {"format": key})
    assert (page.status_code, answer.status_code) == (404, 404)
    assert "The server has lost" in page.content.decode()
    assert answer.json()["detail"].startswith("The server has lost")


@pytest.mark.parametrize(
    "path",
    ["models/{job}/model.tflite", "models/{job}/robot-code/python.zip", "api/v1/training-jobs/{job}/model.tflite"],
)
def test_a_model_whose_file_is_gone_says_so(path: str, job: TrainingJob, client: Client, program: Client) -> None:
    storage.remove(job.model_name)
    asker = program if path.startswith("api/") else client
    answer = asker.get(f"/{path.format(job=job.pk)}")
    assert answer.status_code == 404
    assert "The server has lost the file of this model." in answer.content.decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of a real web server with the program of broken_off.py, and where its lines go."""
    port, log = free_port(), tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.requests.broken_off:application", "--bind", f"127.0.0.1:{port}",
             "--worker-class", "gthread", "--threads", "2", "--logger-class", "ftcml.core.logging.gunicorn_log.Logger",
             "--no-control-socket"],
            cwd=settings.BASE_DIR, stdout=lines, stderr=lines,
        )  # fmt: skip
    try:
        wait_until(lambda: _answers(port), bool, 60)
        yield port, log
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with closing(socket.socket()) as asker:
        return asker.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("path", ["/lost", "/away"])
def test_a_download_that_breaks_in_the_middle_looks_broken(path: str, server: tuple[int, Path]) -> None:
    port, log = server
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead) as cut:
            answer.read()
    assert cut.value.partial == b"PK" + bytes(2000)  # and no page about the error after it
    assert "dataset 7 broke off while it was sent" in log.read_text()
