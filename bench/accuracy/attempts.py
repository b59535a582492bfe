"""One attempt at a job, run by a command in a process of its own and watched from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bench.server.local_server import ROOT
from detector.__main__ import ENVIRONMENT
from detector.contract import attempt_files
from detector.contract.reports import Progress, Result, StepReport
from detector.contract.spec import JobSpec

TRAIN = (sys.executable, "-m", "detector", "train")
_LOOKS_A_SECOND = 20
_LOG = "output.txt"


class AttemptFailed(Exception):
    """The process ended without training to the end; str() says what it printed last."""


@dataclass(frozen=True)
class Reported:
    """A checkpoint with its numbers, `seconds` after the process was started."""

    seconds: float
    report: StepReport


@dataclass(frozen=True)
class Watched:
    """`evaluating`: seconds of evaluation. `first_step`: seconds until it had done a step, None if it did none.

    `peak_bytes`: the most memory that was the process's own at one time (the kernel's VmHWM).
    """

    reports: list[Reported]
    evaluating: float
    first_step: float | None
    peak_bytes: int


def trainers_environment() -> dict[str, str]:
    """The environment that our trainer starts itself anew with; whoever is measured beside it has it too."""
    return {**os.environ, **ENVIRONMENT, "TF_CPP_MIN_LOG_LEVEL": "2"}


def run(
    command: Sequence[str],
    job: JobSpec,
    folder: Path,
    enough: Callable[[float, Watched], bool] = lambda seconds, watched: False,
) -> Watched:
    """Train the job by `command FOLDER` to its end, or until it is `enough`: (seconds since the start, what was seen).

    Raises AttemptFailed where it ends before that without having trained to its last step.
    """
    folder.mkdir(parents=True)
    attempt_files.write(folder / attempt_files.JOB, job)
    with (folder / _LOG).open("wb") as log:
        began_at = time.time()
        process = subprocess.Popen(
            [*command, str(folder)],
            cwd=ROOT,
            env=trainers_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            watched = _watch(process, folder, began_at, enough)
            cut_off = process.poll() is None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if not cut_off and not _completed(folder):
        raise AttemptFailed((folder / _LOG).read_text(errors="replace")[-3000:])
    return replace(watched, reports=_reports(folder, began_at))


def _watch(
    process: subprocess.Popen[bytes], folder: Path, began_at: float, enough: Callable[[float, Watched], bool]
) -> Watched:
    """Look until the process ends or it is enough. The reports are not read yet."""
    watched, before = Watched([], 0.0, None, 0), began_at
    while process.poll() is None and not enough(before - began_at, watched):
        time.sleep(1 / _LOOKS_A_SECOND)
        now, progress = time.time(), read_progress(folder)
        evaluating = now - before if progress and progress.phase == "evaluating" else 0.0
        has_stepped = progress is not None and progress.step > 0
        watched = Watched(
            reports=[],
            evaluating=watched.evaluating + evaluating,
            first_step=now - began_at if has_stepped and watched.first_step is None else watched.first_step,
            peak_bytes=max(watched.peak_bytes, _peak_memory(process.pid)),
        )
        before = now
    return watched


def read_progress(folder: Path) -> Progress | None:
    """What the trainer last said; None before it said anything."""
    with suppress(FileNotFoundError, json.JSONDecodeError):
        return attempt_files.read(folder / attempt_files.PROGRESS, Progress)
    return None


def _reports(folder: Path, began_at: float) -> list[Reported]:
    """The step reports, with the seconds from `began_at`, by the file system's clock."""
    paths = sorted(folder.glob("step-*.json"))
    return [Reported(path.stat().st_mtime - began_at, attempt_files.read(path, StepReport)) for path in paths]


def _peak_memory(pid: int) -> int:
    """The most bytes of memory that a process had at one time so far; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _completed(folder: Path) -> bool:
    with suppress(FileNotFoundError):
        return attempt_files.read(folder / attempt_files.RESULT, Result).outcome == "completed"
    return False
