"""Processes of their own on the database of the tests. Only tests with real transactions show them anything."""

import multiprocessing
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, connections

from ftcml.launcher import programs

# The children have everything imported already.
_FORK = multiprocessing.get_context("fork")
_barrier: Any = None


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each of the calls returned, or the error that it raised; each in a process, and all begun together."""
    connections.close_all()  # no child may use its parent's
    barrier = _FORK.Barrier(len(calls))
    with ProcessPoolExecutor(len(calls), _FORK, initializer=_meet_at, initargs=(barrier,)) as processes:
        begun = [processes.submit(_begin, call) for call in calls]
        return [outcome.exception() or outcome.result() for outcome in begun]


def _meet_at(barrier: Any) -> None:
    global _barrier
    _barrier = barrier


def _begin(call: Callable[[], Any]) -> Any:
    connection.ensure_connection()
    _barrier.wait()
    return call()


def address_of(database: str | None = None) -> str:
    """DATABASE_URL for the database of that name beside the tests' own, or for that one."""
    name = database or connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    options = connection.settings_dict["OPTIONS"]
    return f"postgres:///{name}?host={options['host']}&user={options['user']}"


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def web_server(workers: int, **environment: str) -> Iterator[int]:
    """The web server of `make run`, with so many processes, on the tests' database; gives its port on this machine.

    Requests may be sent at once: they wait until it is ready.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        server = subprocess.Popen(
            [*programs.web(f"fd://{listening.fileno()}", workers), "--preload"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": address_of(), **environment},
            pass_fds=[listening.fileno()],
        )
        try:
            yield listening.getsockname()[1]
        finally:
            server.terminate()
            server.wait()
