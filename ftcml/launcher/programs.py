"""The programs of a running server, and the configuration by which supervisord keeps them running."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ftcml.core.requests.client_limits import CONNECTION_THREADS, CONNECTIONS
from ftcml.launcher.address import Address
from ftcml.launcher.broker import Broker
from ftcml.launcher.refusals import CannotStart

# Without the settings, which a bench reads only once it has named a data folder of its own.
TIED = Path(__file__).resolve().parents[2] / "machine" / "tied.py"
SUPERVISING = TIED.with_name("supervising.py")
PYTHON = sys.executable
TRAINING_WORKER = "training-worker"
# Imports that are handled at the same time, each in a process of its own.
IMPORTS_AT_ONCE = 2
# Runs of trackers and of models over frames at the same time, each in a process of its own that gives way to others.
LABELING_AT_ONCE = 4
# Three hourly tasks, two that remove what was deleted, and the look at the storage's identity wait for the storage,
# perhaps for minutes; messages wait for their receivers; one thread is left for the sweeps.
SWEEP_THREADS = 8


@dataclass(frozen=True)
class Program:
    """One child. It is killed when it takes longer than `stop_seconds` to end."""

    name: str
    command: tuple[str, ...]
    stop_seconds: int = 8


def programs(address: Address) -> list[Program]:
    """Return every program but the broker."""
    celery = (PYTHON, "-m", "celery", "--app", "ftcml", "--quiet")
    worker = (*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle")
    return [
        Program("web", web(str(address))),
        # Time for the trainer to reach the end of its step and to save a checkpoint.
        Program(TRAINING_WORKER, (*worker, *_threads("training", 1)), stop_seconds=13),
        Program("default-worker", (*worker, *_threads("default", IMPORTS_AT_ONCE))),
        Program("labeling-worker", (*worker, *_threads("labeling", LABELING_AT_ONCE))),
        Program("sweep-worker", (*worker, *_threads("sweeps", SWEEP_THREADS))),
        Program("beat", (*celery, "beat", "--loglevel", "WARNING", "--pidfile=")),
    ]


def worker_name(queue: str) -> str:
    """Return what this machine's worker of that queue is called, with Celery's %h for the machine's own name."""
    return f"{queue}@{settings.WORKER_NAME}"


def _threads(queue: str, count: int) -> tuple[str, ...]:
    """Return the options of a worker in one process with threads. Its children do the long computing."""
    return ("--hostname", worker_name(queue), "--queues", queue, "--pool", "threads", "--concurrency", str(count))


def programs_here(address: Address) -> list[Program]:
    """Return those that run on this machine: all but the ones that its settings leave to others.

    Raises CannotStart if the settings leave out something that isn't a program.
    """
    every = programs(address)
    if unknown := set(settings.LEFT_OUT) - {program.name for program in every}:
        raise CannotStart(
            f"FTCML_LEAVE_OUT names {', '.join(sorted(unknown))}. The programs are: "
            f"{', '.join(program.name for program in every)}."
        )
    return [program for program in every if program.name not in settings.LEFT_OUT]


def web(bind: str, processes: int = 1) -> tuple[str, ...]:
    """Return gunicorn's command: one process, for the memory of a small machine. ftcml/serving shares it out."""
    return (
        *(PYTHON, "-m", "gunicorn", "ftcml.wsgi:application"),
        *("--bind", bind),
        *("--worker-class", "ftcml.serving.worker.Worker", "--workers", str(processes)),
        *("--threads", str(CONNECTION_THREADS), "--worker-connections", str(CONNECTIONS)),
        *("--limit-request-line", "8190"),  # a table sends the key of every selected row with its address
        *("--timeout", "120", "--graceful-timeout", "5"),
        *("--logger-class", "ftcml.core.logging.gunicorn_log.Logger"),
        "--no-control-socket",  # which would lie in the home folder
    )


def configuration(children: list[Program], broker: Broker | None) -> str:
    """Return the text of supervisord.conf, for a supervisord whose working folder is the data folder.

    The broker stops last, when no program needs it anymore.
    """
    sections: dict[str, dict[str, object]] = {
        "supervisord": {
            "nodaemon": "true",
            "silent": "true",
            "identifier": "ftcml",
            "pidfile": "run/supervisord.pid",
            "childlogdir": "run",
            "logfile": "logs/supervisord.log",
            "logfile_maxbytes": "1MB",
            "logfile_backups": "2",
        },
        "group:ftcml": {"programs": ",".join(child.name for child in children), "priority": "2"},
    }
    for child in children:
        sections[f"program:{child.name}"] = _section(child)
    if broker:
        sections["program:broker"] = {**_section(Program("broker", broker.command)), "priority": "1"}
    return "\n".join(_section_text(name, values) for name, values in sections.items())


def _section(program: Program) -> dict[str, object]:
    return {
        "command": shlex.join((PYTHON, str(TIED), *program.command)),
        "directory": settings.BASE_DIR,
        "autorestart": "true",
        # A child that dies at once is started again after 1, 2, 3… seconds, and never given up.
        "startsecs": "2",
        "startretries": "1000000",
        "stopwaitsecs": program.stop_seconds,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"logs/{program.name}.log",
        "stdout_logfile_maxbytes": "5MB",
        "stdout_logfile_backups": "3",
    }


def _section_text(name: str, values: dict[str, object]) -> str:
    # supervisord expands % in values
    return f"[{name}]\n" + "".join(f"{key}={str(value).replace('%', '%%')}\n" for key, value in values.items())
