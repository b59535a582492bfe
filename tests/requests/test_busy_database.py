"""While another holds the database's lock too long, everybody who wants to write is told to try again in a moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from detector.contract import catalog
from ftcml.accounts.models import Team, User
from ftcml.core import busy, messages
from tests.factories import PASSWORD, DatasetFactory, MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

PART = {"HX-Request": "true"}


@pytest.fixture
def people(team: Team, coach: User, training_worker: None) -> dict[str, Client]:
    """Clients that signed in before the database was busy. Those who ask for a page see whatever breaks it."""
    clients = {}
    operator = UserFactory(username="olga", is_staff=True, is_superuser=True)
    for name, user in {"coach": coach, "operator": operator, "guest": None}.items():
        clients[name] = Client(raise_request_exception=False)
        if user:
            clients[name].force_login(user)
    MembershipFactory(team=team, user__username="milo")
    DatasetFactory(team=team, description="cones")
    return clients


@pytest.fixture
def program(coach_api: APIClient) -> APIClient:
    coach_api.raise_request_exception = False
    return coach_api


@contextmanager
def _another_writes() -> Iterator[None]:
    """Another process holds the lock of all that is written, for longer than anybody waits."""
    if connection.vendor == "sqlite":
        _run("PRAGMA busy_timeout = 100")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        _run("SET lock_timeout = '100ms'")
        parameters = connection.get_connection_params()
        other = psycopg.connect(**{key: parameters[key] for key in ("dbname", "user", "host") if key in parameters})
        other.execute(f"LOCK TABLE {', '.join(connection.introspection.table_names())} IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        connection.close()  # and with it the short wait


@pytest.fixture
def lock(people: dict[str, Client], program: APIClient) -> Iterator[None]:
    with _another_writes():
        yield


def _run(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)


@pytest.mark.usefixtures("lock")
@pytest.mark.parametrize(
    ("who", "path", "form"),
    [
        # The page is only read, but the session remembers the tab.
        ("coach", "/datasets/", None),
        ("coach", "/sign-out/", {}),
        ("coach", "/people/add/", {"names": "nora"}),
        ("coach", "/choose-team/", {"team": "{team}"}),
        ("guest", "/sign-in/", {"username": "milo", "password": PASSWORD}),
        ("operator", "/console/minutes/grant/all/", {"minutes": "60"}),
        ("operator", "/console/switches/training-off/", {"words": "back soon"}),
        ("operator", "/admin/accounts/team/add/", {"program": "FTC", "number": "77", "memberships-TOTAL_FORMS": "0",
                                                   "memberships-INITIAL_FORMS": "0"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
def test_a_page_says_that_the_server_is_busy(
    who: str, path: str, form: dict | None, headers: dict, people: dict[str, Client], team: Team
) -> None:
    form = {name: value.format(team=team.pk) for name, value in form.items()} if form is not None else None
    client = people[who]
    answer = client.get(path, headers=headers) if form is None else client.post(path, form, headers=headers)
    assert answer.status_code == 503, answer.content.decode()
    assert answer["Retry-After"] == str(busy.RETRY_SECONDS)
    assert answer["X-Notice"]  # a part that asked keeps what it shows, with the notice above it
    words = answer.content.decode()
    assert "The server is busy" in words
    assert "Try again in a moment." in words
    assert words.lstrip().startswith("<div") == bool(headers)


@pytest.mark.usefixtures("lock")
@pytest.mark.parametrize("path", ["/api/v1/training-jobs/", "/api/v1/token/"])
def test_a_program_is_told_so_in_json(path: str, program: APIClient, team: Team, coach: User) -> None:
    body = {
        "datasets": [str(team.datasets.get().pk)], "starting_model": catalog.DEFAULT, "training_steps": 400,
        "max_minutes": 60, "description": "a robot", "username": coach.username, "password": PASSWORD,
    }  # fmt: skip
    answer = program.post(path, body, format="json")
    assert answer.status_code == 503, answer.content.decode()
    assert answer.json() == {"detail": messages.BUSY}
    assert answer["Retry-After"] == str(busy.RETRY_SECONDS)


def test_a_moment_later_it_works(people: dict[str, Client]) -> None:
    add = {"names": "nora"}
    with _another_writes():
        assert people["coach"].post("/people/add/", add).status_code == 503
    assert not User.objects.filter(username="nora").exists()
    assert people["coach"].post("/people/add/", add).status_code == 204
    assert User.objects.filter(username="nora").exists()
