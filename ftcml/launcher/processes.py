"""The children of the server: started, restarted when they die, and none left behind.

supervisord keeps the programs running. This process keeps supervisord running, adopts whatever its descendants leave
behind, and ends all of it at the end.
"""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

import machine
from ftcml.launcher.programs import SUPERVISING, TIED
from machine.parents import members_of_session

CONFIGURATION = "run/supervisord.conf"
# supervisord ends its programs one group after the other, each within its own limit.
STOP_SECONDS = 30.0
# A process that outlived its parent notices by itself within this time; then it is killed.
ORPHAN_SECONDS = 3.0


class Programs:
    """supervisord with its programs, by the configuration in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start supervisord, away from the terminal, so that Ctrl-C reaches only this process."""
        command = [sys.executable, str(TIED), sys.executable, str(SUPERVISING), "-c", CONFIGURATION]
        with (self._data_dir / "logs" / "launcher.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._data_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def keep_running(self) -> None:
        """Wait forever. Restart supervisord when it dies, and collect the orphans of its programs."""
        deaths = 0
        while True:
            ended, _ = os.wait()
            if self._process is None or ended != self._process.pid:
                continue
            deaths += 1
            self._end_descendants()  # they hold the addresses that the next ones need
            time.sleep(min(deaths, 30))
            self.start()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End everything. Return when no descendant of this process is left."""
        if self._process and self.alive:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        self._end_descendants()

    def _end_descendants(self) -> None:
        end_children()
        if machine.PORTABLE and self._process:
            end_processes(members_of_session(self._process.pid))


def end_processes(processes: list[psutil.Process]) -> None:
    """End these on systems where orphans aren't our children. Those that don't end by themselves are killed."""
    _, left = psutil.wait_procs(processes, timeout=ORPHAN_SECONDS)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left)


def end_children() -> None:
    """End every child. Where orphans are adopted, that is every descendant."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while _collect_ended():
        if time.monotonic() > deadline:
            for child in psutil.Process().children():
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        time.sleep(0.05)


def _collect_ended() -> bool:
    """Collect the children that have ended. Return whether any are left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True
