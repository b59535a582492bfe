"""One of the server's programs by itself, as a container or systemd runs it."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from bench.server.client import wait_until
from ftcml.launcher import demo
from ftcml.launcher.address import Address
from ftcml.launcher.management.commands.run_program import NAMES
from ftcml.launcher.programs import programs, programs_here
from ftcml.launcher.refusals import CannotStart
from tests.processes import free_port

STARTING_SECONDS = 60.0


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Address]]:
    address = Address("127.0.0.1", free_port())
    program = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_program", "web"],
        cwd=tmp_path,
        env={**os.environ, "FTCML_DATA": str(tmp_path / "data"), "FTCML_PORT": str(address.port)},
    )
    yield program, address
    program.kill()
    program.wait()


def test_it_serves_in_the_same_process_and_ends_at_a_signal(web) -> None:
    """What needs no database is answered already: migrations are a step of their own."""
    program, address = web
    wait_until(lambda: is_healthy(address), bool, STARTING_SECONDS)
    assert "gunicorn" in Path(f"/proc/{program.pid}/cmdline").read_text()
    program.send_signal(signal.SIGTERM)
    (web_program,) = (known for known in programs(address) if known.name == "web")
    assert program.wait(web_program.stop_seconds) == 0


def is_healthy(address: Address) -> bool:
    try:
        with urllib.request.urlopen(f"{address.url}/healthz", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_every_program_can_be_named() -> None:
    assert NAMES == ["web", "training-worker", "default-worker", "labeling-worker", "sweep-worker", "beat"]


def test_the_web_server_is_not_opened_to_others_with_demo_accounts(db, settings, tmp_path: Path) -> None:
    settings.HOST, settings.DATA_DIR, settings.DEMO = "0.0.0.0", tmp_path, True
    assert demo.would_be_created()
    with pytest.raises(CommandError, match="lets other computers in"):
        call_command("run_program", "web")


def test_a_machine_leaves_programs_to_others_and_names_its_workers(settings) -> None:
    settings.LEFT_OUT, settings.WORKER_NAME = ["training-worker"], "gym"
    here = {program.name: program.command for program in programs_here(Address("127.0.0.1", 8000))}
    assert "training-worker" not in here
    assert "default@gym" in here["default-worker"]
    settings.LEFT_OUT = ["trainingworker"]
    with pytest.raises(CannotStart, match="names trainingworker"):
        programs_here(Address("127.0.0.1", 8000))
