"""A child process with limits on what it may use, watched by the process that started it.

The watcher asks every system in the same way. Where the system has limits of its own (resource.setrlimit) the child
sets those as well, a little higher: they hold between two looks, and where the watcher is stuck.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import psutil

import machine
from machine.parents import end_with_parent, members_of_session

_SPARE_PROCESSOR_SECONDS = 60
# Address space that is taken and hardly used: the stacks of threads, and what a library sets aside.
_SPARE_MEMORY_BYTES = 1024**3


@dataclass(frozen=True)
class Limits:
    """What a child may use: seconds of processors, seconds of the clock, bytes of memory."""

    processor_seconds: int
    seconds: int
    memory_bytes: int


class Limit(Enum):
    """Which limit a child went over."""

    PROCESSOR = "processor"
    TIME = "time"
    MEMORY = "memory"


class Child:
    """Runs `command` in a session of its own. Start it from a thread that lives as long as the child may."""

    def __init__(self, command: Sequence[str], limits: Limits, folder: Path) -> None:
        self._limits = limits
        self._began = time.monotonic()
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True)
        self._seen = psutil.Process(self._process.pid)
        self._processor_seconds = 0.0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def seconds(self) -> float:
        """How long ago the child was started."""
        return time.monotonic() - self._began

    @property
    def processor_seconds(self) -> float:
        """How long processors have worked for the child, as far as was seen before it ended."""
        with suppress(psutil.Error):
            self._processor_seconds = sum(self._seen.cpu_times()[:4])
        return self._processor_seconds

    @property
    def exit_code(self) -> int | None:
        """As subprocess tells it; None while the child runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> bool:
        """Return whether the child has ended, after at most `seconds`."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.exit_code is not None

    def exceeded(self) -> Limit | None:
        """Return which limit the child is over now."""
        if self.processor_seconds > self._limits.processor_seconds:
            return Limit.PROCESSOR
        if self.seconds > self._limits.seconds:
            return Limit.TIME
        with suppress(psutil.Error):
            if self._seen.memory_info().rss > self._limits.memory_bytes:
                return Limit.MEMORY
        return None

    def kill(self) -> None:
        """End the child with all that it started, now. May be repeated."""
        for process in members_of_session(self.pid):
            with suppress(psutil.Error):
                process.kill()
        self._process.wait()


def confine(limits: Limits, parent: int) -> None:
    """Have this process end with the process `parent`, which started it, and keep to the limits by itself.

    Memory beyond the limit raises MemoryError, where the system can tell (Linux).
    """
    end_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the process that started this one has ended")
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_CPU, limits.processor_seconds + _SPARE_PROCESSOR_SECONDS)
    if not machine.PORTABLE:
        _set(resource.RLIMIT_DATA, limits.memory_bytes + _SPARE_MEMORY_BYTES)


def _set(which: int, wanted: int) -> None:
    """Lower a limit of this process; one that is lower already stays."""
    _, hard = resource.getrlimit(which)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (value, value))
