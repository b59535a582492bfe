"""The web server as `make run` starts it, and clients that are slower than any browser."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from ftcml.accounts.models import ApiToken, User
from tests.factories import MembershipFactory
from tests.processes import web_server


@pytest.fixture
def environment() -> dict[str, str]:
    """What the server is told beside the usual."""
    return {}


@pytest.fixture
def port(transactional_db, tmp_path: Path, environment: dict[str, str]) -> Iterator[int]:
    """The server's port. It keeps uploads where no other test does."""
    with web_server(workers=1, **environment) as port:
        yield port


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
