"""kill -9 at random moments, while six jobs of three teams are in flight; and on a PostgreSQL that restarts."""

import random
from collections import Counter

from bench.chaos.chaos_room import A_JOB, CannotPlay, Outcome, Play, Room
from bench.server.faults import Killer, plan
from bench.server.postgres import NoPostgres, TemporaryPostgres

# A run on PostgreSQL has so many times fewer kills, and one of each kind at least.
ON_POSTGRES = 6


def kills(play: Play) -> Outcome:
    with Room(play.folder) as room:
        return room.judged(_kill(room, play.rng, plan(play.kills, play.rng)))


def postgres(play: Play) -> Outcome:
    kinds = plan(max(play.kills // ON_POSTGRES, ON_POSTGRES), play.rng)
    half = len(kinds) // 2
    try:
        server = TemporaryPostgres()
    except NoPostgres as reason:
        raise CannotPlay(str(reason)) from None
    with server as database, Room(play.folder, DATABASE_URL=database.url) as room:
        faults = _kill(room, play.rng, kinds[:half])
        room.keep_busy()
        room.wait_until_one_runs()
        database.restart()
        print("… PostgreSQL restarted", flush=True)
        faults += _kill(room, play.rng, kinds[half:]) + Counter({"database restarted": 1})
        return room.judged(faults)


def _kill(room: Room, rng: random.Random, kinds: list[str]) -> Counter[str]:
    killer = Killer(room.server, room.jobs, rng)
    for number, kind in enumerate(kinds, start=1):
        room.keep_busy()
        killer.kill(kind, A_JOB)
        print(f"… {number} of {len(kinds)}: killed {kind}", flush=True)
    return Counter(kinds)
