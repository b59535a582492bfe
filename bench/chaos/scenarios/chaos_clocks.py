"""Clocks that are wrong: of two workers' machines, one behind and one ahead, and of the only machine, which is set."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bench.chaos.chaos_room import CannotPlay, Outcome, Play, Room
from bench.chaos.judging.chaos_verdict import BY_THE_STORY, Wrong
from bench.chaos.other_time import OtherTime
from bench.chaos.scenarios.chaos_asleep import second_worker
from bench.server.faults import TRAINING_WORKER
from bench.server.postgres import NoPostgres, TemporaryPostgres

TEN_MINUTES = 600
# What the clock of the only machine is set to, one after the other, and for how long each lasts.
SETTINGS = (-3 * 3600, 3 * 3600, 0)
SET_SECONDS = 40.0


def clocks(play: Play) -> Outcome:
    """All trainings are of two workers whose clocks differ from the database's, and from each other's by 20 minutes."""
    try:
        server = TemporaryPostgres()
    except NoPostgres as reason:
        raise CannotPlay(str(reason)) from None
    behind = OtherTime(play.folder, "behind", -TEN_MINUTES)
    ahead = OtherTime(play.folder, "ahead", TEN_MINUTES)
    with server as database, Room(play.folder, DATABASE_URL=database.url) as room:
        (own,) = room.server.find(TRAINING_WORKER)
        with (
            second_worker(room, own, "behind", **behind.environment),
            second_worker(room, own, "ahead", **ahead.environment),
        ):
            own.suspend()
            for team in room.teams:
                team.start()
            room.wait_until_calm()
            wrongs = list(_attempted_twice(room))
        return room.judged(Counter({"clocks wrong": 2}), wrongs)


def clock_set(play: Play) -> Outcome:
    """The clock of the whole server is set back and forward by hours while it trains."""
    clock = OtherTime(play.folder, "machine", 0)
    with Room(play.folder, **clock.environment) as room:
        for setting in SETTINGS:
            room.teams[0].start()
            room.wait_until_one_runs()
            clock.set(setting)
            print(f"… the clock is wrong by {setting} s", flush=True)
            time.sleep(SET_SECONDS)
        room.wait_until_calm()
        wrongs = list(_attempted_twice(room))
        return _by_other_clocks(room.judged(Counter({"clock set": len(SETTINGS)}), wrongs))


def _by_other_clocks(outcome: Outcome) -> Outcome:
    """Without what is measured by the clock that was set: the time between the changes of a job's state."""
    wrongs = [wrong for wrong in outcome.verdict.wrongs if BY_THE_STORY not in wrong.what]
    return replace(outcome, verdict=replace(outcome.verdict, wrongs=wrongs))


def _attempted_twice(room: Room) -> Iterator[Wrong]:
    """Jobs that were taken from a worker that lived."""
    for job in room.jobs():
        attempts = len(list((room.server.data / "work" / job["id"]).glob("attempt-*/job.json")))
        if attempts != 1:
            yield Wrong("answers", f"job {job['id']} took {attempts} attempts")
