"""A real server that is watched: it becomes ready, and counts for whoever has the token."""

import urllib.error
import urllib.request

import pytest

from bench.server.client import wait_until
from bench.server.local_server import LocalServer

pytestmark = pytest.mark.broker


def asked(server: LocalServer, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of the answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{server.url}/{path}", headers=headers)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def test_it_is_ready_when_broker_worker_and_sweep_are_there(system: LocalServer) -> None:
    _, said = wait_until(lambda: asked(system, "readyz"), lambda answer: answer[0] == 200, 60)
    assert '"ok": false' not in said
    assert asked(system, "healthz")[0] == 200


def test_prometheus_reads_its_numbers_with_the_token(system: LocalServer) -> None:
    status, text = asked(system, "metrics", Authorization=f"Bearer {system.environment['FTCML_METRICS_TOKEN']}")
    assert status == 200
    assert "# TYPE ftcml_queue_length gauge" in text
    assert asked(system, "metrics")[0] == 404
