"""A server of one's own, as `make run` or `make share` starts it: on a free port, with its data in a given folder."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from bench.server.client import Client, wait_until
from ftcml.launcher.programs import TIED

ROOT = Path(__file__).resolve().parents[2]
# The environment variables that change what a server does.
OURS = ("FTCML_", "DJANGO_", "REDIS_URL", "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS")
SERVING_SECONDS = 300.0
STOPPED_SECONDS = 45.0


class LocalServer:
    """`with LocalServer(folder) as server:` serves, and leaves no process behind."""

    def __init__(self, data: Path, command: str = "serve", **environment: str) -> None:
        self.data, self._command = data, command
        self.port = _free_port()
        # What another server or a test session has set is none of this server's business.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        # A measurement of the machine beside it would disturb what is measured or tried here.
        own = {"FTCML_DATA": str(data), "FTCML_PORT": str(self.port), "FTCML_MEASURE_SPEED": "0"}
        self.environment = {**inherited, **own, **environment}
        self._started: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "LocalServer":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def _process(self) -> "subprocess.Popen[bytes]":
        assert self._started, "the server was not started"
        return self._started

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _output(self) -> Path:
        return self.data.with_name(f"{self.data.name}.output.txt")

    @property
    def said(self) -> str:
        """What it has printed since its start."""
        return self._output.read_text()

    def start(self) -> None:
        """Start, and return when it says that it serves. Raises TookTooLong, with what it printed."""
        with self._output.open("wb") as output:
            self._started = subprocess.Popen(
                [sys.executable, str(TIED), sys.executable, "manage.py", self._command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until_said("Serving at", SERVING_SECONDS)

    def wait_until_said(self, text: str, seconds: float) -> None:
        """Wait until it has printed `text`, or has ended. Raises TookTooLong or RuntimeError."""
        wait_until(lambda: self.said, lambda said: text in said or self._process.poll() is not None, seconds)
        if text not in self.said:
            raise RuntimeError(f"The server has ended: {self.said}")

    def stop(self) -> list[psutil.Process]:
        """Press Ctrl-C in its terminal; returns the processes that are left behind."""
        if self._started is None or self._started.poll() is not None:
            return []
        family = self.family()
        self.press_ctrl_c()
        self._process.wait(STOPPED_SECONDS)
        return psutil.wait_procs(family, timeout=0)[1]

    def press_ctrl_c(self) -> None:
        """What the terminal does: a signal to all of its processes. Returns at once."""
        os.killpg(self._process.pid, signal.SIGINT)

    def family(self) -> list[psutil.Process]:
        """Every process below the server."""
        return psutil.Process(self._process.pid).children(recursive=True)

    def find(self, words: str) -> list[psutil.Process]:
        """The processes below the server whose command line has these words, the eldest first."""
        found = []
        for process in self.family():
            try:
                if words in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return sorted(found, key=lambda process: process.create_time())

    def manage(self, *words: str) -> str:
        """Call manage.py with this server's data, and return what it prints."""
        return self._printed_by("manage.py", *words)

    def bench(self, name: str, *options: str) -> str:
        """Run a bench that adds to this server's data, and return what it prints."""
        return self._printed_by("-m", "bench", name, *options)

    def _printed_by(self, *words: str) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def demo_account(self) -> tuple[str, str]:
        """The demo coach's name and password, as the first run kept them."""
        note = (self.data / "demo_accounts.txt").read_text()
        found = re.search(r"(demo-coach)\s+password (\S+)", note)
        if found is None:
            raise RuntimeError(f"No demo coach is in the note: {note}")
        return found[1], found[2]

    def demo_client(self) -> Client:
        """A client of the demo coach."""
        return Client(self.url, *self.demo_account())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
