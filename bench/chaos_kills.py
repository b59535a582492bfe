"""kill -9 at random moments, while six jobs of three teams are in flight; and on a PostgreSQL that restarts."""

import random
import time
from collections import Counter
from pathlib import Path

from bench.chaos_room import A_JOB, Outcome, Room
from bench.client import wait_until
from bench.faults import Killer, plan
from bench.postgres import TemporaryPostgres

# Seconds between two kills: enough for a new trainer to come up now and then, too few to do so always.
PAUSE = (1.0, 15.0)
# A run on PostgreSQL has so many times fewer kills, and one of each kind at least.
ON_POSTGRES = 6


def kills(folder: Path, rng: random.Random, count: int) -> Outcome:
    with Room(folder) as room:
        return room.judged("kills", _kill(room, rng, plan(count, rng)))


def postgres(folder: Path, rng: random.Random, count: int) -> Outcome:
    kinds = plan(max(count // ON_POSTGRES, ON_POSTGRES), rng)
    half = len(kinds) // 2
    with TemporaryPostgres(folder / "postgres") as database, Room(folder, DATABASE_URL=database.url) as room:
        faults = _kill(room, rng, kinds[:half])
        room.keep_busy()
        wait_until(room.jobs, lambda jobs: any(job["state"] == "RUNNING" for job in jobs), A_JOB)
        database.restart()
        print("… PostgreSQL restarted", flush=True)
        faults += _kill(room, rng, kinds[half:]) + Counter({"database restarted": 1})
        return room.judged("postgres", faults)


def _kill(room: Room, rng: random.Random, kinds: list[str]) -> Counter[str]:
    killer = Killer(room.server, room.jobs, rng)
    for number, kind in enumerate(kinds, start=1):
        room.keep_busy()
        time.sleep(rng.uniform(*PAUSE))
        killer.kill(kind, A_JOB)
        print(f"… {number} of {len(kinds)}: killed {kind}", flush=True)
    return Counter(kinds)
