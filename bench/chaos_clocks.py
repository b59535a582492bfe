"""Clocks that are wrong: of two workers' machines, one behind and one ahead, and of the only machine, which is set."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.chaos_asleep import second_worker
from bench.chaos_room import CannotPlay, Outcome, Play, Room
from bench.chaos_verdict import Wrong
from bench.faults import TRAINING_WORKER
from bench.postgres import NoPostgres, TemporaryPostgres

BEHIND, AHEAD = "-10m", "+10m"
# What the clock of the only machine is set to, one after the other, and for how long each lasts.
SETTINGS = ("-3h", "+3h", "+0")
SET_SECONDS = 40.0


def clocks(play: Play) -> Outcome:
    """All trainings are of two workers whose clocks differ from the database's, and from each other's by 20 minutes."""
    try:
        server = TemporaryPostgres()
    except NoPostgres as reason:
        raise CannotPlay(str(reason)) from None
    preload = _library()
    with server as database, Room(play.folder, DATABASE_URL=database.url) as room:
        (own,) = room.server.find(TRAINING_WORKER)
        with (
            second_worker(room, own, "behind", **_faked(preload), FAKETIME=BEHIND),
            second_worker(room, own, "ahead", **_faked(preload), FAKETIME=AHEAD),
        ):
            own.suspend()
            for team in room.teams:
                team.start()
            room.wait_until_calm()
            wrongs = list(_attempted_twice(room))
        return room.judged(Counter({"clocks wrong": 2}), wrongs)


def clock_set(play: Play) -> Outcome:
    """The clock of the whole server is set back and forward by hours while it trains."""
    note = play.folder / "clock"
    note.write_text("+0")
    with Room(play.folder, **_faked(_library()), FAKETIME_TIMESTAMP_FILE=str(note), FAKETIME_NO_CACHE="1") as room:
        wrongs = []
        for setting in SETTINGS:
            room.teams[0].start()
            room.wait_until_one_runs()
            note.write_text(setting)
            print(f"… the clock is at {setting}", flush=True)
            time.sleep(SET_SECONDS)
        room.wait_until_calm()
        wrongs += _attempted_twice(room)
        return room.judged(Counter({"clock set": len(SETTINGS)}), wrongs)


def _attempted_twice(room: Room) -> Iterator[Wrong]:
    """Jobs that were taken from a worker that lived."""
    for job in room.jobs():
        attempts = len(list((room.server.data / "work" / job["id"]).glob("attempt-*/job.json")))
        if attempts != 1:
            yield Wrong("answers", f"job {job['id']} took {attempts} attempts")


def _library() -> Path:
    """libfaketime, which shows a process another time. Raises CannotPlay."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        raise CannotPlay("another time for single processes needs libfaketime: install your system's package faketime")
    return found


def _faked(library: Path) -> dict[str, str]:
    """The environment of a process whose clock is wrong; what measures how long something takes stays right."""
    return {"LD_PRELOAD": str(library), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
