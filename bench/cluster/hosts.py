"""Hosts on this machine: each has a network, a name, an address and a data folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from bench.chaos.chaos_room import CannotPlay
from bench.cluster.wire import Wire, leave_network
from bench.server.client import wait_until
from bench.server.local_server import ROOT
from ftcml.launcher.programs import TIED

# The server's, where its database, its broker and its pages are.
SERVER = "10.77.0.1"
# Where S3 is. An address of its own, which can be taken away.
S3 = "10.77.0.2"
NETWORK = "10.77.0.0/16"
_STARTED_SECONDS = 20.0
_PROGRAMS = ("ip", "unshare", "nsenter", "hostname")
# What starts a program again when it ends, as systemd or Compose does.
_KEPT_RUNNING = f'while :; do {sys.executable} {TIED} "$@"; sleep 1; done'


def check() -> None:
    """Raise CannotPlay where this machine, or this user, can't have several hosts."""
    if sys.platform != "linux":
        raise CannotPlay("network namespaces need Linux")
    if os.geteuid() != 0:
        raise CannotPlay("network namespaces need root")
    if missing := [program for program in _PROGRAMS if not shutil.which(program)]:
        raise CannotPlay(f"{', '.join(missing)} must be installed (packages iproute2, util-linux and hostname)")
    if not Path("/dev/net/tun").exists():
        raise CannotPlay("/dev/net/tun isn't there: the kernel needs its module tun")


def become_the_server() -> None:
    """Give this process, and all that it starts from now on, the network of the server's host."""
    try:
        leave_network()
    except OSError as error:
        raise CannotPlay(f"this machine lets nobody have a network of its own: {error}") from None
    _ip("link", "set", "lo", "up")
    for address in (SERVER, S3):
        _ip("address", "add", f"{address}/32", "dev", "lo")


def take_s3_away() -> None:
    """Have nothing answer at the address of S3 anymore, as where its host is cut off."""
    _ip("address", "delete", f"{S3}/32", "dev", "lo")


def bring_s3_back() -> None:
    _ip("address", "add", f"{S3}/32", "dev", "lo")


class Host:
    """A worker's host: `name`, and `number` from 1 on. Its programs see no folder of the server."""

    def __init__(self, folder: Path, number: int, environment: dict[str, str]) -> None:
        self.name = f"worker-{'abc'[number - 1]}"
        self.data = folder / self.name
        self.data.mkdir()
        self._environment = {**environment, "FTCML_DATA": str(self.data)}
        self._holder = _own_namespaces()
        self._inside("hostname", self.name)
        self.wire = Wire(f"wire-{number}", self._holder.pid, seed=number)
        self._connect(number)

    def _connect(self, number: int) -> None:
        device, near, far = f"wire-{number}", f"10.77.{number}.1", f"10.77.{number}.2"
        _ip("address", "add", near, "peer", far, "dev", device)
        _ip("link", "set", device, "up")
        self._inside("ip", "link", "set", "lo", "up")
        self._inside("ip", "address", "add", far, "peer", near, "dev", device)
        self._inside("ip", "link", "set", device, "up")
        self._inside("ip", "route", "add", "default", "dev", device)

    def _inside(self, *command: str) -> None:
        subprocess.run([*self._enter, *command], check=True, capture_output=True)

    @property
    def _enter(self) -> list[str]:
        return [str(shutil.which("nsenter")), "--target", str(self._holder.pid), "--net", "--uts", "--"]

    def run(self, program: str, *starter: str) -> None:
        """Start one of the server's programs here, by `starter`. It's started again when it ends."""
        command = [sys.executable, *starter, program]
        log = self.data / f"{program}.log"
        with log.open("ab") as output:
            subprocess.Popen(
                [sys.executable, str(TIED), *self._enter, "/bin/sh", "-c", _KEPT_RUNNING, "keeper", *command],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def processes(self) -> Iterator[psutil.Process]:
        """What runs on this host, but the process that holds its network."""
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.pid != self._holder.pid and _network(process.pid) == _network(self._holder.pid):
                    yield process

    def restart(self, program: str) -> None:
        """End a program in good order, and leave its next start to its keeper."""
        queue = program.removesuffix("-worker")
        for process in self.processes():
            with suppress(psutil.Error):
                words = " ".join(process.cmdline())
                if process.name() == "sh":  # its keeper, which has the program's words too
                    continue
                if f"--queues {queue}" in words or words.endswith(f"light_worker {program}"):
                    process.send_signal(signal.SIGTERM)

    def lose_power(self) -> None:
        """Kill everything that runs here at once."""
        while running := list(self.processes()):
            for process in running:
                with suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(running, timeout=1)

    def close(self) -> None:
        self.lose_power()
        self._holder.kill()
        self._holder.wait()
        self.wire.close()


def _own_namespaces() -> "subprocess.Popen[bytes]":
    """Start a process that holds a network and a host's name of its own, and return it once it does."""
    command = [sys.executable, str(TIED), str(shutil.which("unshare")), "--net", "--uts", "sleep", "infinity"]
    holder = subprocess.Popen(command)
    wait_until(lambda: _network(holder.pid), lambda network: network != _network(os.getpid()), _STARTED_SECONDS)
    return holder


def _network(process: int) -> int:
    return os.stat(f"/proc/{process}/ns/net").st_ino


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
