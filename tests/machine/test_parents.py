"""Processes end with the one that started them, by Linux's way and by the way for every other system."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from bench.server.client import wait_until

TIED = Path(settings.BASE_DIR) / "machine" / "tied.py"
SECONDS = 20
# Starts a command tied to itself, prints that process's number, and waits.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, *sys.argv[1:]])
print(child.pid, flush=True)
child.wait()
"""
NAPPER = "import signal; print('up', flush=True); signal.pause()"


@pytest.fixture(params=["", "1"], ids=["linux", "portable"])
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"FTCML_PORTABLE": request.param, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(settings.BASE_DIR)}


def family(environment: dict[str, str], *command: str) -> tuple[psutil.Process, list[psutil.Process]]:
    """A process, and what it started with this command line, once that is up."""
    parent = psutil.Popen(
        [sys.executable, "-c", PARENT, *command], env=environment, stdout=subprocess.PIPE, text=True, cwd="/"
    )
    assert {parent.stdout.readline().strip(), parent.stdout.readline().strip()} >= {"up"}
    return parent, parent.children(recursive=True)


def test_a_tied_command_ends_when_its_parent_is_killed(environment):
    parent, children = family(environment, str(TIED), sys.executable, "-c", NAPPER)

    parent.kill()

    _, left = psutil.wait_procs(children, timeout=SECONDS)
    assert children
    assert left == []


def test_a_process_that_asks_for_it_ends_when_its_parent_is_killed(environment):
    ask = f"from machine.parents import end_with_parent; import signal; end_with_parent(signal.SIGKILL); {NAPPER}"
    parent, children = family(environment, "-c", ask)

    parent.kill()

    _, left = psutil.wait_procs(children, timeout=SECONDS)
    assert children
    assert left == []


def test_a_tied_command_is_stopped_by_a_signal_to_what_ties_it(environment):
    parent, (tie, *more) = family(environment, str(TIED), sys.executable, "-c", NAPPER)

    tie.send_signal(signal.SIGTERM)

    _, left = psutil.wait_procs([parent, tie, *more], timeout=SECONDS)
    assert left == []


@pytest.mark.parametrize("code", [0, 7])
def test_the_exit_status_is_that_of_the_command(environment, code):
    answer = subprocess.run([sys.executable, TIED, sys.executable, "-c", f"raise SystemExit({code})"], env=environment)
    assert answer.returncode == code


def test_a_session_is_found_when_the_one_that_began_it_is_gone(environment):
    from machine.parents import members_of_session

    start = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {NAPPER!r}]).wait()"
    leader = psutil.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert leader.stdout.readline() == "up\n"
    (child,) = leader.children()

    leader.kill()
    leader.wait()

    assert members_of_session(leader.pid) == [child]
    child.kill()
    wait_until(child.is_running, lambda is_running: not is_running, SECONDS)
