"""`make run`: check, prepare, start everything, say where it serves, and stop everything at Ctrl-C."""

import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from datasets.production import DatasetRefused
from ftcml.accounts.models import User
from ftcml.celery import app
from ftcml.launcher import backup, broker, demo
from ftcml.launcher.address import Address, wait_until_free
from ftcml.launcher.processes import CONFIGURATION, Programs, adopt_orphans
from ftcml.launcher.programs import TRAINING_WORKER, configuration, programs
from ftcml.launcher.refusals import CannotStart
from training import workers

# A small machine needs a while to import everything for the first time.
SERVING_SECONDS = 120.0
# How long the web server of a run that was killed may take to end.
LEAVING_SECONDS = 3.0
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


def run(say: Say) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP. Raises CannotStart."""
    _listen_for_the_end()
    address = Address(settings.HOST, settings.PORT)
    data_dir = Path(settings.DATA_DIR)
    for name in ("run", "logs"):
        (data_dir / name).mkdir(mode=0o700, exist_ok=True)
    with _only_one(data_dir / "run" / "lock", address):
        _prepare(address, data_dir, say)
        children = Programs(data_dir)
        try:
            _serve(children, address, say)
        except KeyboardInterrupt:
            say("\nStopping; a training that runs saves a checkpoint first and goes on with the next start.")
        finally:
            _ignore_further_signals()
            children.stop()
    say("Stopped.")


def _prepare(address: Address, data_dir: Path, say: Say) -> None:
    """Everything before the first child. Raises CannotStart."""
    wait_until_free(address, LEAVING_SECONDS)
    if copy := backup.before_migrations():
        say(f"This version changes the database; a copy of how it was is {copy}")
    call_command("migrate", verbosity=0)
    check_demo_accounts(address)
    _write_configuration(address, data_dir)


def _serve(children: Programs, address: Address, say: Say) -> None:
    """Start the children and keep them running until a signal comes. Raises CannotStart."""
    adopt_orphans()
    # The pages serve before the worker can say so itself, and nobody should be told to try again later.
    workers.report_starting(TRAINING_WORKER.replace("%h", socket.gethostname()))
    children.start()
    accounts = demo.create_accounts() if demo.would_be_created() else []
    _wait_until_served(address, children)
    say(_welcome(address, accounts))
    _add_sample(say)
    connection.close()
    children.keep_running()


def _listen_for_the_end() -> None:
    """Have the first SIGINT, SIGTERM or SIGHUP raise KeyboardInterrupt; the others change nothing.

    A shell starts what it sends to the background with SIGINT ignored, which we overrule. nohup has SIGHUP ignored on
    purpose.
    """
    for number in END_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(*_: object) -> None:
    _ignore_further_signals()
    raise KeyboardInterrupt


def _ignore_further_signals() -> None:
    """Ending takes a while, and whoever presses Ctrl-C again meanwhile must not break it off half-way."""
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
                "Open that address; or stop it with Ctrl-C where it was started; "
                "or give this one a data folder and a port of its own with FTCML_DATA and FTCML_PORT."
            ) from None
        file.truncate(0)
        file.write(address.url)
        file.flush()
        yield


def check_demo_accounts(address: Address) -> None:
    """Demo accounts are for trying things out on this machine. Raises CannotStart where others could reach them."""
    if address.is_loopback or not (demo.accounts() or demo.would_be_created()):
        return
    raise CannotStart(
        f"FTCML_HOST={address.host} lets other computers in, and this server has, or would now make, the demo "
        "accounts. Before it may serve others:\n"
        "  1. add your own people:  .venv/bin/python manage.py add_member NAME --team NUMBER --role coach "
        "--password PASSWORD\n"
        "  2. remove the demo accounts:  .venv/bin/python manage.py remove_demo_accounts\n"
        f"Then start it again; set ALLOWED_HOSTS to the names or addresses that people will type, for example:\n"
        f"  ALLOWED_HOSTS=192.168.1.20 FTCML_HOST={address.host} make run"
    )


def _write_configuration(address: Address, data_dir: Path) -> None:
    """Prepare the embedded broker, unless REDIS_URL names one, and write what supervisord reads."""
    embedded = None
    if not os.environ.get("REDIS_URL"):
        embedded = broker.prepare(data_dir / "broker")
        os.environ["REDIS_URL"] = app.conf.broker_url = embedded.url
    (data_dir / CONFIGURATION).write_text(configuration(programs(address), embedded))


def _add_sample(say: Say) -> None:
    """The server serves without the sample as well; what was cut off is made up for at the next start."""
    if not demo.sample_is_missing():
        return
    say("Drawing the pictures of a sample dataset; it appears on the Datasets tab in a minute.")
    try:
        demo.add_sample()
    except (DatasetRefused, OSError) as problem:
        say(f"The sample dataset could not be made: {problem}")
    else:
        say("The sample dataset is drawn.")


def _wait_until_served(address: Address, children: Programs) -> None:
    deadline = time.monotonic() + SERVING_SECONDS
    while not address.answers():
        if not children.alive or time.monotonic() > deadline:
            raise CannotStart(f"The web server does not start. What it says is in {settings.DATA_DIR}/logs.")
        time.sleep(0.2)


def _welcome(address: Address, accounts: list[demo.Account]) -> str:
    lines = [f"Serving at {address.url} (Ctrl-C stops everything)"]
    if accounts:
        lines += [f"Sign in to team {demo.TEAM_NUMBER} as", *(f"  {account}" for account in accounts)]
        lines.append(f"These passwords are shown this once, and kept in {demo.notes()}")
    elif not User.objects.exists():
        lines.append("Nobody can sign in yet: add people with  .venv/bin/python manage.py add_member --help")
    return "\n".join(lines)
