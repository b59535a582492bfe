"""One trainer process, seen from outside: `python -m detector spare`.

It imports TensorFlow, says what it trains on, waits for one job's folder, trains it and ends. It is a new process in a
session of its own, never a fork, and it dies with this process: by the end of its standard input, and by
PR_SET_PDEATHSIG, which also fires when the *thread* that started it ends. So start it from a thread that lives as long
as the worker.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from detector.contract.catalog import Accelerator
from training.reasons import Code, Reason

# Processes of two containers that share a folder may have one number, and one machine's name.
_OF_THIS_PROCESS = secrets.token_hex(4)
COMMAND = (sys.executable, "-m", "detector", "spare")


@dataclass(frozen=True)
class Ready:
    """The trainer's first line: what it trains on, and the form of job.json that it knows (spec.FORMAT)."""

    ready: bool
    accelerator: Accelerator
    devices: int
    format: int


def notes_of_libraries() -> dict[str, str]:
    """Return the environment of a trainer, in which no library writes into the home folder."""
    folder = Path(settings.WORK_DIR)
    return {**os.environ, "KERAS_HOME": str(folder / "keras"), "MPLCONFIGDIR": str(folder / "matplotlib")}


class TrainerProcess:
    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self.log_path().parent.mkdir(parents=True, exist_ok=True)
        self.ready: Ready | None = None
        self._said_something = threading.Event()
        with self.log_path().open("wb") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=settings.BASE_DIR,
                env=notes_of_libraries(),
                start_new_session=True,
                bufsize=0,
            )
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout
        threading.Thread(target=self._listen, daemon=True).start()

    @staticmethod
    def log_path() -> Path:
        """Return the log of this process's newest trainer before it had a job."""
        return Path(settings.WORK_DIR) / f"trainer-{os.getpid()}-{_OF_THIS_PROCESS}.log"

    def _listen(self) -> None:
        with suppress(ValueError, TypeError):  # an unusable line is as good as none
            self.ready = Ready(**json.loads(self._output.readline()))
        self._said_something.set()

    def wait_until_ready(self, seconds: float) -> bool:
        """Wait at most `seconds`, and return whether the trainer can take a job."""
        self._said_something.wait(seconds)
        return self.ready is not None and self.alive

    def train(self, folder: Path) -> None:
        """Hand over the folder with the job.json. A trainer that died meanwhile is noticed by `alive`."""
        with suppress(BrokenPipeError):
            self._input.write(f"{folder}\n".encode())

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def how_it_ended(self) -> Reason:
        """Return the reason for a trainer that ended without a result."""
        code = self._process.poll()
        if code == -signal.SIGKILL:
            return Reason(Code.KILLED)
        if code is not None and code < 0:
            return Reason(Code.CRASHED, {"signal": signal.Signals(-code).name})
        return Reason(Code.NO_RESULT, {"exit_code": str(code) if code is None else code})

    def interrupt(self) -> None:
        """Ask for a checkpoint at the present step and the end (SIGTERM)."""
        self._process.terminate()

    def kill(self) -> None:
        """End the trainer with all that it started, now. May be repeated."""
        if self._input.closed:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._input.close()
        if self.ready:
            self.log_path().unlink(missing_ok=True)
