"""REDIS_URL names another broker: with TLS, a password and a database's number."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bench.server.client import wait_until
from bench.server.local_server import LocalServer
from scripts import is_ready
from tests.servers import tls_broker
from tests.servers.tls_broker import Broker

pytestmark = pytest.mark.broker

DATABASE = 3
READY_SECONDS = 90.0
# What a process of the server says of its broker.
ASK = """
import django
django.setup()
from ftcml.celery import wake
from ftcml.monitoring import readiness
wake("training.tasks.sweep")
print(readiness._broker() or "answers")
"""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with tls_broker.running(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


def asked(folder: Path, redis_url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env={**os.environ, "FTCML_DATA": str(folder), "REDIS_URL": redis_url},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_certificate_that_nobody_vouches_for_is_refused(broker: Broker, tmp_path: Path) -> None:
    """By what asks for readiness, and by what sends messages: no message arrives."""
    address = broker.url(DATABASE + 1).partition("?")[0]
    assert "doesn't answer" in asked(tmp_path, address)
    assert broker.client(DATABASE + 1).keys() == []
    assert "answers" in asked(tmp_path, broker.url(DATABASE + 1))
    assert broker.client(DATABASE + 1).llen("sweeps") == 1


def test_the_whole_server_works_by_it_and_starts_none_of_its_own(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = LocalServer(
        tmp_path / "data",
        REDIS_URL=broker.url(DATABASE),
        FTCML_DEMO="0",
        FTCML_SWEEP_SECONDS="1",
        FTCML_TEST_CATALOG="1",
    )
    monkeypatch.setenv("FTCML_PORT", str(server.port))
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    with server:
        assert server.find("valkey-server") == []
        wait_until(
            lambda: is_ready_now(), bool, READY_SECONDS
        )  # the sweep that it asks for has come through the broker
    assert broker.client(DATABASE).exists("_kombu.binding.default")
    assert broker.client(0).keys() == []


def is_ready_now() -> bool:
    """What a container's health check finds."""
    try:
        is_ready.main()
    except OSError:
        return False
    return True
