"""What the logs say, and of whom: one shape for every line, and no secrets."""

import io
import json
import logging
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.contextvars import get_contextvars

from bench.server.client import Client as ApiClient
from bench.server.client import wait_until
from bench.server.local_server import LocalServer
from ftcml.celery import app
from ftcml.core.logging import logs
from ftcml.core.logging.request_logs import HEADER, RequestLogMiddleware
from tests.factories import PASSWORD, TrainingJobFactory
from training.services import jobs
from training.states import JobState

# What a Celery worker prints, past all logging, when a test before has stopped the server.
LAST_WORD = ("", "worker: Warm shutdown (MainProcess)")

Said = Callable[[], list[dict]]


@contextmanager
def logging_in(line_format: str) -> Iterator[io.StringIO]:
    """The server's configuration with its lines in memory; afterwards the one that was there before."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.configure(logs.configuration(stream, "INFO", line_format))
    yield stream
    logs.configure(settings.LOGGING)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def said() -> Iterator[Said]:
    """Call it for every line so far, in JSON."""
    with logging_in(logs.JSON) as stream:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def text() -> Iterator[io.StringIO]:
    with logging_in("text") as stream:
        yield stream


def test_a_line_is_key_value_pairs_unless_json_is_asked_for(text) -> None:
    with logs.about(3, dataset_id="0f3c"):
        logging.getLogger("datasets.importing.producing").warning("%s pictures\nwere skipped", 2)
    line = text.getvalue().splitlines()[0]
    assert line.startswith("timestamp=20")
    assert 'level=warning logger=datasets.importing.producing event="2 pictures\\nwere skipped"' in line
    assert "team_id=3" in line
    assert "dataset_id=0f3c" in line
    assert "\x1b" not in line


def test_a_traceback_keeps_its_lines_below_its_line(text) -> None:
    try:
        raise ValueError("no such frame")
    except ValueError:
        logging.getLogger("training").exception("it broke")
    first, second, *_, last = text.getvalue().splitlines()
    assert first.endswith('event="it broke"')
    assert second == "Traceback (most recent call last):"
    assert last == "ValueError: no such frame"


def test_a_traceback_is_a_value_of_its_json_line(said) -> None:
    try:
        raise ValueError("no such frame")
    except ValueError:
        logging.getLogger("training").exception("it broke")
    (line,) = said()
    assert list(line)[:4] == ["timestamp", "level", "logger", "event"]
    assert line["exception"].endswith("ValueError: no such frame")


def test_nothing_of_one_job_is_said_of_the_next(said) -> None:
    log = logging.getLogger("training")
    with logs.about(1, job_id="a"):
        with logs.about(1, job_id="b"):
            log.info("inner")
        log.info("outer")
    log.info("none")
    assert [(line.get("team_id"), line.get("job_id")) for line in said()] == [(1, "b"), (1, "a"), (None, None)]


def test_a_change_of_state_names_job_and_team(said, db) -> None:
    job = TrainingJobFactory()
    jobs.request_stop(job, by="carla")
    (line,) = [line for line in said() if line["logger"] == "training.services.jobs"]
    assert (line["job_id"], line["team_id"]) == (str(job.pk), job.team_id)
    assert job.state == JobState.CANCELED


def test_a_request_leaves_one_line_that_says_who_asked_and_not_what_for(said, member, team, member_client) -> None:
    answer = member_client.get("/datasets/?search=private", headers={HEADER: "proxy-17"})
    (line,) = [line for line in said() if line["event"] == "request"]
    known = {name: line[name] for name in ("method", "path", "status", "request_id", "user_id", "team_id")}
    assert known == {
        "method": "GET", "path": "/datasets/", "status": 200,
        "request_id": "proxy-17", "user_id": member.pk, "team_id": team.pk,
    }  # fmt: skip
    assert line["milliseconds"] >= 0
    assert answer[HEADER] == "proxy-17"
    assert "private" not in str(said())
    assert get_contextvars() == {}


def test_a_request_with_a_token_says_whose_it_is(said, member, team, member_api) -> None:
    member_api.get("/api/v1/team/")
    assert (said()[-1]["user_id"], said()[-1]["team_id"]) == (member.pk, team.pk)
    assert "Token" not in str(said())


@pytest.mark.parametrize("given", ["", "two words", "x" * 65, "x\nlevel=error", "ä"])
def test_an_implausible_request_id_is_replaced(given: str) -> None:
    request = RequestFactory().get("/")
    request.META["HTTP_X_REQUEST_ID"] = given
    answer = RequestLogMiddleware(lambda request: HttpResponse())(request)
    assert answer[HEADER] != given
    assert len(answer[HEADER]) == 32


def test_what_django_says_of_a_request_has_its_id_as_well(said, client: Client, db) -> None:
    answer = client.get("/nowhere/%0D%0Alevel")
    lines = {line["logger"]: line for line in said()}
    assert lines["django.request"]["request_id"] == answer[HEADER]
    assert lines["ftcml.core.logging.request_logs"]["path"] == "/nowhere/%0D%0Alevel"


def test_a_request_ends_with_nothing_bound_even_when_its_view_broke(coach, team) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        logs.bind_person(coach, team)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestLogMiddleware(view)(RequestFactory().get("/"))
    RequestLogMiddleware(lambda request: HttpResponse())(RequestFactory().get("/")).close()
    assert get_contextvars() == {}


def test_signing_in_leaves_no_password(said, coach, client: Client) -> None:
    for password in (PASSWORD, "a wrong guess"):
        client.post("/sign-in/", {"username": coach.username, "password": password})
    assert said()
    assert PASSWORD not in str(said())
    assert "a wrong guess" not in str(said())


def test_every_line_of_a_task_names_the_task_and_the_next_begins_anew(said) -> None:
    @app.task(name="tests.speak")
    def speak() -> None:
        logging.getLogger("tests").info("working")

    speak.apply(task_id="task-1")
    logging.getLogger("tests").info("idle")
    of_tests = [line for line in said() if line["logger"] == "tests"]
    assert [(line.get("task"), line.get("task_id")) for line in of_tests] == [("tests.speak", "task-1"), (None, None)]


@pytest.mark.broker
def test_every_line_of_the_web_server_the_workers_and_beat_is_json(system: LocalServer, api: ApiClient) -> None:
    with urllib.request.urlopen(f"{system.url}/sign-in/?next=%2Fsecret") as answer:
        request_id = answer.headers[HEADER]

    def lines(name: str) -> list[dict]:
        whole, _, _ = (Path(system.data) / "logs" / f"{name}.log").read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines() if line not in LAST_WORD]

    web = wait_until(lambda: lines("web"), lambda said: any(line.get("request_id") == request_id for line in said), 30)
    assert {"gunicorn.error", "ftcml.core.logging.request_logs"} <= {line["logger"] for line in web}
    assert "secret" not in str([line for line in web if line.get("request_id") == request_id])
    by_sweep = wait_until(lambda: lines("sweep-worker"), lambda said: any(line.get("task") for line in said), 30)
    assert all({"timestamp", "level", "logger", "event"} <= line.keys() for line in [*web, *by_sweep])
    assert lines("training-worker")
    lines("beat")
