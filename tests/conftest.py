"""The people and places of every test: a coach and a member of one team, an outsider from another, an operator."""

import gc
import logging
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient
from xdist.remote import Producer

from ftcml.accounts.models import ApiToken, Membership, Team, User
from ftcml.accounts.services.throttle import StartThrottle
from ftcml.installation import identity
from tests.factories import MembershipFactory, TeamFactory, UserFactory
from tests.processes import address_of
from tests.scheduling import OneWorkerForWhatIsShared, turn
from training.services import registry

# Real pictures, laid beside the checkout; never part of the product.
REAL_DATA = Path(os.environ.get("FTCML_TEST_DATA", settings.BASE_DIR.parent / "shared" / "data"))

# Another test takes its part of the processor, so how long one example takes says nothing.
hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")

# As in a trainer (detector/__main__.py): most objects stay, and need not be looked through so often.
gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneWorkerForWhatIsShared:
    return OneWorkerForWhatIsShared(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.nodeid))


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """SQLite in a file: threads of a live server and other processes cannot share one in memory."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "tests.sqlite3")


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path: Path) -> None:
    """Every test stores its files in a folder of its own."""
    storages = {**settings.STORAGES}
    folder = {**storages["default"]["OPTIONS"], "location": str(tmp_path / "files")}
    storages["default"] = {**storages["default"], "OPTIONS": folder}
    settings.STORAGES = storages
    settings.WORK_DIR = tmp_path / "work"
    settings.RECEIVING_DIR = tmp_path / "receiving"


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """The real hasher is slow on purpose, which a test of anything else need not wait for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def as_often_as_one_likes(monkeypatch) -> None:
    """Without limits on how often a person may do something."""
    for scope in StartThrottle.THROTTLE_RATES:
        monkeypatch.setitem(StartThrottle.THROTTLE_RATES, scope, None)


@pytest.fixture
def asks_nobody_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The web process connects to its broker and database alone: no request of it leaves for a third party."""
    asked: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def noted_connect(self: socket.socket, address: object) -> None:
        asked.append(str(address[0] if isinstance(address, tuple) else "localhost"))
        connect(self, address)

    def noted_look_up(host: object, *args: object, **kwargs: object) -> object:
        asked.append(str(host))
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", noted_connect)
    monkeypatch.setattr(socket, "getaddrinfo", noted_look_up)
    yield
    own = {"localhost", "127.0.0.1", "::1", str(urlsplit(settings.CELERY_BROKER_URL).hostname)}
    assert set(asked) <= own


@pytest.fixture
def without_logs() -> Iterator[None]:
    """For some thousand requests: their lines would cost more than most of the answers."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def team(db) -> Team:
    return TeamFactory(number=7001, name="Robo Raccoons")


@pytest.fixture
def coach(team: Team) -> User:
    return MembershipFactory(team=team, user__username="carla", role=Membership.Role.COACH).user


@pytest.fixture
def member(team: Team) -> User:
    return MembershipFactory(team=team, user__username="milo").user


@pytest.fixture
def outsider(db) -> User:
    """Coach of another team, who must never see anything of `team`."""
    return MembershipFactory(team__number=7002, user__username="oscar", role=Membership.Role.COACH).user


@pytest.fixture
def operator(db) -> User:
    """Looks after the server and is in no team."""
    return UserFactory(username="olga", is_staff=True)


@pytest.fixture
def training_worker(db) -> None:
    """One that said just now that it lives, without which no job is queued."""
    registry.report("worker-1", "cpu", 1)


def _page_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _api_client(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.issue(user.memberships.get())}")
    return client


@pytest.fixture
def coach_client(coach: User) -> Client:
    return _page_client(coach)


@pytest.fixture
def operator_client(operator: User) -> Client:
    return _page_client(operator)


@pytest.fixture
def member_client(member: User) -> Client:
    return _page_client(member)


@pytest.fixture
def outsider_client(outsider: User) -> Client:
    return _page_client(outsider)


@pytest.fixture
def member_api(member: User) -> APIClient:
    return _api_client(member)


@pytest.fixture
def coach_api(coach: User) -> APIClient:
    return _api_client(coach)


@pytest.fixture
def outsider_api(outsider: User) -> APIClient:
    return _api_client(outsider)


@pytest.fixture
def children_see_this_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Processes that a test starts have the database and files of the test, which needs real transactions."""
    monkeypatch.setenv("DATABASE_URL", address_of())
    monkeypatch.setenv("FTCML_DATA", str(tmp_path))


@pytest.fixture
def stored_files() -> Callable[[], list[str]]:
    """Every file in the storage and in the folders of unfinished work and uploads, save the storage's own identity."""

    def listed() -> list[str]:
        storage_folder = settings.STORAGES["default"]["OPTIONS"]["location"]
        roots = [Path(storage_folder), Path(settings.WORK_DIR), Path(settings.RECEIVING_DIR)]
        files = [path for root in roots for path in root.rglob("*") if path.is_file()]
        return [str(path) for path in files if path.name != identity.NAME]

    return listed


@pytest.fixture
def raccoon_zip() -> Path:
    """200 photographs in Pascal VOC form (datitran/raccoon_dataset)."""
    path = REAL_DATA / "raccoon-voc.zip"
    if not path.exists():
        pytest.skip(f"{path} is absent: put the raccoon set there, or name its folder in FTCML_TEST_DATA")
    return path
