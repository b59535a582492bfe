"""`make run` and `make share`: check, prepare, start everything, say where it serves, and stop everything at Ctrl-C."""

import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from ftcml.backups import places
from ftcml.celery import app
from ftcml.core.files.storage import StorageAway
from ftcml.installation import identity
from ftcml.launcher import backup, broker
from ftcml.launcher.address import Address, wait_until_free
from ftcml.launcher.processes import CONFIGURATION, Programs
from ftcml.launcher.programs import TRAINING_WORKER, configuration, programs_here, worker_name
from ftcml.launcher.refusals import CannotStart
from machine import file_systems
from machine.parents import adopt_orphans
from training.services import registry

# A small machine needs a while to import everything for the first time; one that emulates another, minutes.
SERVING_SECONDS = 300.0
# How long the web server of a run that was killed may take to end.
LEAVING_SECONDS = 3.0
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


class Doors(Protocol):
    """Where a server listens, who may come in, and what it says in the terminal."""

    @property
    def address(self) -> Address: ...

    def prepare(self, say: Say) -> None:
        """Called before the first child starts, with a database that is up to date. Raises CannotStart."""

    def greet(self, say: Say) -> None:
        """Called once the pages serve."""


def run(doors: Doors, say: Say) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP. Raises CannotStart."""
    _listen_for_the_end()
    data_dir = Path(settings.DATA_DIR)
    check_drive(data_dir)
    for name in ("run", "logs"):
        (data_dir / name).mkdir(mode=0o700, exist_ok=True)
    with _only_one(data_dir / "run" / "lock", doors.address):
        children = Programs(data_dir)
        try:
            _prepare(doors, data_dir, say)
            _serve(children, doors, say)
        except KeyboardInterrupt:
            say("\nStopping. A running training saves a checkpoint first and resumes at the next start.")
        finally:
            _ignore_further_signals()
            children.stop()
    say("Stopped.")


def check_drive(data_dir: Path) -> None:
    """Raise CannotStart if SQLite's database is on a drive that can damage it."""
    if connection.vendor == "sqlite" and (kind := file_systems.unsafe_kind(data_dir)):
        raise CannotStart(
            f"The data folder {data_dir} is on {kind}, where the database isn't safe. Set FTCML_DATA to a folder on "
            "the computer's own disk, and move everything from the old folder there."
        )


def _prepare(doors: Doors, data_dir: Path, say: Say) -> None:
    """Do everything that comes before the first child. Raises CannotStart."""
    wait_until_free(doors.address, LEAVING_SECONDS)
    check_finished()
    if copy := backup.before_migrations():
        say(f"This version changes the database. A backup is in {copy}")
    call_command("migrate", verbosity=0)
    if sentence := identity.why_not():
        say(sentence)
    doors.prepare(say)
    _write_configuration(doors.address, data_dir)


def check_finished() -> None:
    """Raise CannotStart where a restore or a move into this place was stopped."""
    with suppress(StorageAway):  # the pages say so
        if sentence := places.unfinished():
            raise CannotStart(sentence)


def _serve(children: Programs, doors: Doors, say: Say) -> None:
    """Start the children and keep them running until a signal comes. Raises CannotStart."""
    adopt_orphans()
    # The pages serve before the worker can say so itself, and no one should be told to try again later.
    if TRAINING_WORKER not in settings.LEFT_OUT:
        registry.report_starting(worker_name("training").replace("%h", socket.gethostname()))
    children.start()
    _wait_until_served(doors.address, children)
    doors.greet(say)
    connection.close()
    children.keep_running()


def _listen_for_the_end() -> None:
    """Raise KeyboardInterrupt at the first SIGINT, SIGTERM or SIGHUP, and ignore the others.

    A shell starts background jobs with SIGINT ignored, which we overrule. nohup ignores SIGHUP on purpose.
    """
    for number in END_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(*_: object) -> None:
    _ignore_further_signals()
    raise KeyboardInterrupt


def _ignore_further_signals() -> None:
    """Ignore further signals: ending takes a while, and a second Ctrl-C must not interrupt it."""
    for number in END_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _only_one(lock: Path, address: Address) -> Iterator[None]:
    """Keep a second server away from the same data folder."""
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(
                f"This server already runs, at {file.read().strip()}, with its data in {settings.DATA_DIR}. "
                "Open that address, or stop it with Ctrl-C where it was started. To run a second server, give it its "
                "own FTCML_DATA and FTCML_PORT."
            ) from None
        file.truncate(0)
        file.write(address.url)
        file.flush()
        yield


def _write_configuration(address: Address, data_dir: Path) -> None:
    """Prepare the embedded broker, unless REDIS_URL names one, and write what supervisord reads."""
    embedded = None
    if settings.BROKER_IS_EMBEDDED:
        embedded = broker.prepare(data_dir / "broker")
        os.environ["REDIS_URL"] = app.conf.broker_url = embedded.url
    (data_dir / CONFIGURATION).write_text(configuration(programs_here(address), embedded))


def _wait_until_served(address: Address, children: Programs) -> None:
    deadline = time.monotonic() + SERVING_SECONDS
    while not address.answers():
        if not children.alive or time.monotonic() > deadline:
            raise CannotStart(f"The web server doesn't start. Look for the reason in {settings.DATA_DIR}/logs.")
        time.sleep(0.2)
