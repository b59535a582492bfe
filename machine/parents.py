"""Processes that end with the one that started them, even where that one is killed by kill -9.

Linux's kernel sends a signal. On other systems a process looks whether its parent is still there.
"""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress

import psutil

import machine

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SECONDS_BETWEEN_LOOKS = 0.5
_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


def end_with_parent(number: signal.Signals) -> None:
    """Have this process get the signal `number` when the process that started it is gone."""
    if machine.PORTABLE:
        threading.Thread(target=_watch, args=(os.getppid(), number), daemon=True).start()
    else:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def _watch(parent: int, number: signal.Signals) -> None:
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(_SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), number)


def adopt_orphans() -> None:
    """Make this process, and not init, the parent of descendants whose own parent dies. Only Linux can do that."""
    if not machine.PORTABLE:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def members_of_session(session: int) -> list[psutil.Process]:
    """Return the processes of the session that the process `session` began, also those whose parents are gone."""
    found = []
    for pid in psutil.pids():
        with suppress(OSError, psutil.NoSuchProcess):
            if os.getsid(pid) == session:
                found.append(psutil.Process(pid))
    return found


def run_tied(command: Sequence[str]) -> int:
    """Run `command` so that it gets SIGTERM when this process's parent is gone.

    Returns its exit status as a shell tells it. On Linux it takes the place of this process and nothing returns.
    """
    if not machine.PORTABLE:
        end_with_parent(signal.SIGTERM)
        os.execv(command[0], list(command))  # noqa: S606 (the command line is the launcher's own)
    parent = os.getppid()
    child = subprocess.Popen(command)
    for number in _FORWARDED:
        signal.signal(number, lambda received, _: child.send_signal(received))
    while True:
        with suppress(subprocess.TimeoutExpired):
            code = child.wait(_SECONDS_BETWEEN_LOOKS)
            return code if code >= 0 else 128 - code
        if os.getppid() != parent:
            child.terminate()
