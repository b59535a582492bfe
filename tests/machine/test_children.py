"""A child that uses more than it may is found out and ended, with all that it started."""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from bench.server.client import wait_until
from machine.children import Child, Limit, Limits

SECONDS = 20
ENOUGH = Limits(processor_seconds=60, seconds=60, memory_bytes=1024**3)
NAPPER = "import signal; signal.pause()"
CONFINED = "import os; from machine.children import Limits, confine; confine(Limits(60, 60, 0), {parent}); {rest}"


def started(program: str, limits: Limits = ENOUGH) -> Child:
    return Child([sys.executable, "-c", program], limits, Path.cwd())


@pytest.mark.parametrize(
    ("program", "limits", "limit"),
    [
        ("while True: pass", Limits(1, 60, 1024**3), Limit.PROCESSOR),
        (NAPPER, Limits(60, 1, 1024**3), Limit.TIME),
        (f"kept = b'x' * 200_000_000; {NAPPER}", Limits(60, 60, 150_000_000), Limit.MEMORY),
    ],
)
def test_a_child_over_a_limit_is_found_out(program: str, limits: Limits, limit: Limit) -> None:
    child = started(program, limits)
    try:
        assert wait_until(child.exceeded, bool, SECONDS) == limit
    finally:
        child.kill()
    assert child.exit_code == -signal.SIGKILL


def test_a_child_within_its_limits_ends_by_itself() -> None:
    child = started("raise SystemExit(3)")
    assert child.wait(SECONDS)
    assert (child.exit_code, child.exceeded()) == (3, None)


def test_what_a_child_started_is_ended_with_it() -> None:
    child = started(f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{NAPPER}']).wait()")
    (grandchild,) = wait_until(psutil.Process(child.pid).children, bool, SECONDS)
    child.kill()
    _, left = psutil.wait_procs([grandchild], timeout=SECONDS)
    assert left == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process that it has too much")
def test_a_child_that_asks_for_too_much_at_once_is_told_so() -> None:
    child = started(CONFINED.format(parent=os.getpid(), rest="bytes(3 * 1024**3)"))
    assert child.wait(SECONDS)
    assert child.exit_code == 1


def test_a_child_whose_parent_is_gone_does_not_begin() -> None:
    child = started(CONFINED.format(parent=1, rest=NAPPER))
    assert child.wait(SECONDS)
    assert child.exit_code == 1
