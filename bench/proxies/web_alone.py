"""The web server without workers, for what needs none of them. It has the demo accounts."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server.client import wait_until
from bench.server.local_server import ROOT, LocalServer
from ftcml.launcher import programs

STARTED_SECONDS = 120.0
_PREPARE = """from django.core.management import call_command; call_command("migrate", verbosity=0)
from ftcml.launcher import demo; demo.create_accounts()"""


@contextmanager
def web_alone(data: Path, **environment: str) -> Iterator[LocalServer]:
    server = LocalServer(data, **environment)
    server.manage("shell", "--verbosity", "0", "--command", _PREPARE)
    with data.with_name("web.log").open("wb") as log:
        command = programs.web(f"127.0.0.1:{server.port}")
        process = subprocess.Popen(command, cwd=ROOT, env=server.environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: _is_served(server.port), bool, STARTED_SECONDS)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _is_served(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True
