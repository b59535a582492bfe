"""`make image`: build the images of the last commit and try the whole stack, under a name of its own.

It starts what docker-compose.yml has, with secrets and a port of its own, waits until every health check passes, tries
that no program is root or can write beside its volume, and removes all of it again.
"""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.supply.installed import ROOT

PROJECT = "ftcml-trial"
READY_SECONDS = 900.0
_SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY")
# A service, what is tried in it, and whether it must work.
_TRIALS = (
    ("web", ["python", "scripts/is_ready.py"], True),
    ("web", ["python", "-m", "scripts.supply.bill_of_materials", "/data/bill-of-materials.json"], True),
    ("web", ["touch", "/app/new"], False),
    ("training", ["touch", "/home/new"], False),
    ("training", ["touch", "/data/new", "/tmp/new"], True),  # noqa: S108 (in a container of its own)
    ("db", ["touch", "/var/lib/new"], False),
    ("redis", ["touch", "/etc/new"], False),
)

_NOT_BUILT = "{why}, so no image was built. {what}, then run make image again."

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def missing(run: Run) -> str:
    """Return a sentence about what this machine lacks; "" if images can be built and started here."""
    if not shutil.which("docker"):
        return _NOT_BUILT.format(why="Docker isn't installed", what="Install Docker with Compose 2")
    if run(["docker", "info"]).returncode:
        return _NOT_BUILT.format(why="Docker doesn't run, or isn't open to you", what="Start it")
    if run(["docker", "compose", "version"]).returncode:
        return _NOT_BUILT.format(why="Docker has no Compose 2", what="Install its plugin")
    return ""


def unhealthy(states: Mapping[str, str], services: Sequence[str]) -> list[str]:
    """Return the services that aren't there or don't say that they are healthy."""
    return [name for name in services if states.get(name) != "healthy"]


@contextmanager
def _commit() -> Iterator[Path]:
    """Give the files of the last commit in a folder of their own, with an .env for this trial."""
    with tempfile.TemporaryDirectory(prefix="ftcml-image-") as folder:
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        lines = [f"{name}={secrets.token_hex(32)}" for name in _SECRETS]
        lines += ["ALLOWED_HOSTS=localhost", f"PUBLISH_AT=127.0.0.1:{_free_port()}"]
        file = Path(folder) / ".env"
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n")
        yield Path(folder)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Stack:
    """The services of a folder's docker-compose.yml, under a name of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def compose(self, *words: str, quietly: bool = False) -> "subprocess.CompletedProcess[str]":
        command = ["docker", "compose", "--project-name", PROJECT, *words]
        return subprocess.run(command, cwd=self._folder, text=True, capture_output=quietly)

    def build(self) -> None:
        second = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
        if self.compose("build", "--build-arg", f"SOURCE_DATE_EPOCH={second.stdout.strip()}").returncode:
            sys.exit("The image wasn't built.")

    def services(self) -> list[str]:
        """Return those that keep running: the migration ends."""
        listed = self.compose("config", "--services", quietly=True).stdout.split()
        return [name for name in listed if name != "migrate"]

    def states(self) -> dict[str, str]:
        lines = self.compose("ps", "--format", "json", quietly=True).stdout.splitlines()
        return {one["Service"]: one["Health"] for one in map(json.loads, lines)}

    def wait_until_healthy(self) -> None:
        deadline, services = time.monotonic() + READY_SECONDS, self.services()
        while left := unhealthy(self.states(), services):
            if time.monotonic() > deadline:
                self.compose("logs", "--tail", "50", *left)
                sys.exit(f"Not healthy after {READY_SECONDS:.0f} s: {', '.join(left)}")
            time.sleep(5)

    def try_all(self) -> list[str]:
        """Return what went otherwise than it must."""
        wrong = []
        for service, command, must_work in _TRIALS:
            if (self.compose("exec", "-T", service, *command, quietly=True).returncode == 0) != must_work:
                wrong.append(f"{service}: {' '.join(command)} {'failed' if must_work else 'worked'}")
        for service in self.services():
            if self.compose("exec", "-T", service, "id", "-u", quietly=True).stdout.strip() == "0":
                wrong.append(f"{service}: runs as root")
        return wrong


def main() -> None:
    if sentence := missing(lambda command: subprocess.run(command, capture_output=True, text=True)):
        sys.exit(sentence)
    with _commit() as folder:
        stack = Stack(folder)
        stack.build()
        try:
            if stack.compose("up", "--detach").returncode:
                sys.exit("The services didn't start.")
            stack.wait_until_healthy()
            wrong = stack.try_all()
        finally:
            stack.compose("down", "--volumes", "--remove-orphans")
    print("\n".join(wrong or ["The image was built, every service is healthy, and none can write where it mustn't."]))
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
