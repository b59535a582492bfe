"""The web server as `make run` starts it, and clients that are slower than any browser."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from bench.server.client import wait_until
from ftcml.accounts.models import ApiToken, User
from tests.factories import MembershipFactory
from tests.processes import web_server

SECONDS = 60.0


@pytest.fixture
def environment() -> dict[str, str]:
    """What the server is told beside the usual."""
    return {}


@pytest.fixture(scope="session")
def _server_with(django_db_setup: None) -> Iterator[Callable[..., int]]:
    """Starts a server and gives its port; the same one for the same environment, since a start takes seconds."""
    with ExitStack() as running:
        yield cache(lambda *environment: running.enter_context(web_server(workers=1, **dict(environment))))


@pytest.fixture
def port(transactional_db, _server_with, environment: dict[str, str], spooled: Callable[[], list[Path]]) -> int:
    """The server's port. Nothing is left there of the clients of other tests."""
    port = _server_with(*environment.items())
    wait_until(spooled, lambda files: not files, SECONDS)
    return port


@pytest.fixture
def token(coach: User) -> str:
    return ApiToken.issue(coach.memberships.get())


@pytest.fixture
def connect(port: int) -> Iterator[Callable[..., socket.socket]]:
    """Open a connection and send what is given; all are closed at the end."""
    opened: list[socket.socket] = []

    def connected(*pieces: bytes) -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        for piece in pieces:
            opened[-1].sendall(piece)
        return opened[-1]

    yield connected
    for one in opened:
        one.close()


@pytest.fixture
def spooled() -> Callable[[], list[Path]]:
    """The parts of uploads that lie on the disk."""
    return lambda: list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"))


@pytest.fixture
def make_people(team) -> Callable[[int], list[str]]:
    """Make members of the team; gives the token of each."""
    return lambda number: [ApiToken.issue(MembershipFactory(team=team)) for _ in range(number)]
