"""The broker is gone for a minute, and comes back with nothing in it."""

import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from bench.chaos.chaos_room import Outcome, Play, Room
from bench.server.client import wait_until
from bench.server.local_server import STOPPED_SECONDS
from ftcml.launcher.broker import prepare
from ftcml.launcher.programs import TIED

GONE_SECONDS = 60.0


class OwnBroker:
    """A broker that the server knows by REDIS_URL alone, so that nobody starts it again."""

    def __init__(self, folder: Path) -> None:
        self._broker = prepare(folder)
        self.url = self._broker.url

    def __enter__(self) -> "OwnBroker":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [sys.executable, str(TIED), *self._broker.command]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers, bool, STOPPED_SECONDS)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(STOPPED_SECONDS)

    def _answers(self) -> bool:
        address = urlsplit(self.url)
        try:
            socket.create_connection((address.hostname, address.port), timeout=1).close()
        except OSError:
            return False
        return True


def broker(play: Play) -> Outcome:
    with OwnBroker(play.folder / "broker") as own, Room(play.folder, REDIS_URL=own.url) as room:
        for team in room.teams:
            team.start()
        room.wait_until_one_runs()
        own.stop()
        print("… the broker is gone", flush=True)
        for team in room.teams:  # nobody can be told of these
            team.start()
        time.sleep(GONE_SECONDS)
        own.start()
        print("… the broker is back, and empty", flush=True)
        return room.judged(Counter({"broker gone": 1}))
