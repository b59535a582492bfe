"""A full disk with everything on it: the database, the files, the logs, the broker's folder."""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.chaos.chaos_room import A_JOB, Outcome, Play, Room
from bench.chaos.judging.chaos_verdict import Wrong
from bench.chaos.scenarios.chaos_disk import RESERVE, SmallDisk
from bench.server.client import wait_until
from bench.server.faults import KINDS

# Longer than a lease, and than beat and the workers need to notice.
FULL_SECONDS = 60.0
# Every program of the server but the trainer, which may end of it.
PROGRAMS = {"web server": "gunicorn ftcml", **{kind: words for kind, (words, _) in KINDS.items() if kind != "trainer"}}


def database_disk(play: Play) -> Outcome:
    data = play.folder / "data"
    with SmallDisk(data) as small, Room(play.folder, FTCML_DISK_RESERVE_BYTES=str(RESERVE)) as room:
        for team in room.teams:
            team.start()
        room.wait_until_one_runs()
        before = _eldest(room)
        until = time.monotonic() + FULL_SECONDS
        while time.monotonic() < until:  # what is tidied away meanwhile is taken again
            small.fill(leave=0)
            time.sleep(5)
        wrongs = list(_ended(before, _eldest(room)))
        small.free()
        print("… there is room again", flush=True)
        wait_until(lambda: _readiness(room), lambda answer: answer["ok"], A_JOB)
        room.teams[0].start(steps=100)
        return room.judged(Counter({"disk full with the database on it": 1}), wrongs)


def _eldest(room: Room) -> dict[str, int]:
    """The process of each program, by its number."""
    return {kind: next((process.pid for process in room.server.find(words)), 0) for kind, words in PROGRAMS.items()}


def _ended(before: dict[str, int], after: dict[str, int]) -> Iterator[Wrong]:
    for kind, pid in before.items():
        if after[kind] != pid:
            yield Wrong("answers", f"the {kind} ended of the full disk")


def _readiness(room: Room) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{room.server.url}/readyz", timeout=10) as answer:  # noqa: S310 (our own server)
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return {"ok": False, "said": error.read().decode(errors="replace")}
    except OSError as error:
        return {"ok": False, "said": str(error)}
