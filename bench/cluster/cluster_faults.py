"""What can happen between hosts, done on purpose."""

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.chaos.chaos_room import A_JOB
from bench.cluster import hosts
from bench.cluster.cluster_room import TRAINING, ClusterRoom
from bench.cluster.hosts import Host
from bench.cluster.wire import CUT, GOOD, SLOW
from bench.server.client import ENDED, wait_until
from bench.server.faults import Deaths

# Less than a lease, which is 25 seconds here.
A_MOMENT = 6.0
A_WHILE = 15.0
A_MINUTE = 60.0
AN_HOUR = 3600
# Before a fault: some come before a trainer has begun, some during a checkpoint or an export.
PAUSE = (0.5, 5.0)


class Faults:
    """Does them, one after the other, at moments that only `rng` knows."""

    def __init__(self, room: ClusterRoom, rng: random.Random) -> None:
        self._room, self._rng, self._deaths = room, rng, Deaths()

    def do(self, kind: str) -> None:
        """Do one fault of that kind, and return when it is over. Raises TookTooLong."""
        act, may_end_an_attempt, _ = KINDS[kind]
        time.sleep(self._rng.uniform(*PAUSE))
        if may_end_an_attempt:
            self._wait_for_progress()
        act(self)

    def _wait_for_progress(self) -> None:
        """Wait until no job at work would die for good, and count what may die now."""
        at_work = wait_until(
            self._jobs_at_work, lambda jobs: jobs and not any(map(self._deaths.is_worn_out, jobs)), A_JOB
        )
        for job in at_work:
            self._deaths.note(job)

    def _jobs_at_work(self) -> list[dict[str, Any]]:
        return [job for job in self._room.jobs() if job["state"] not in (*ENDED, "QUEUED", "TRY_AGAIN_LATER")]

    def _victim(self) -> tuple[str, Host]:
        """Return a job at work, and its host."""
        at_work = wait_until(self._room.at_work, bool, A_JOB)
        return self._rng.choice(sorted(at_work.items(), key=lambda pair: pair[0]))

    def _wait_until_elsewhere(self, job: str, host: Host) -> None:
        """Wait until another host works on the job, or the job has ended there."""

        def is_elsewhere() -> bool:
            works = self._room.at_work().get(job)
            if works:
                return works is not host
            return any(one["id"] == job and one["state"] in ENDED for one in self._room.jobs())

        wait_until(is_elsewhere, bool, A_JOB)

    # --- the kinds --------------------------------------------------------------------------------

    def cut_off(self) -> None:
        """Until the job goes on at the other host. Then the first comes back, and still trains."""
        job, host = self._victim()
        host.wire.quality = CUT
        self._wait_until_elsewhere(job, host)
        host.wire.quality = GOOD

    def cut_for_a_moment(self) -> None:
        _, host = self._victim()
        host.wire.quality = CUT
        time.sleep(A_MOMENT)
        host.wire.quality = GOOD

    def slow(self) -> None:
        for host in self._room.hosts:
            host.wire.quality = SLOW
        time.sleep(A_WHILE)
        for host in self._room.hosts:
            host.wire.quality = GOOD

    def without_s3(self, seconds: float = A_MOMENT) -> None:
        hosts.take_s3_away()
        time.sleep(seconds)
        hosts.bring_s3_back()

    def without_s3_for_a_minute(self) -> None:
        self.without_s3(A_MINUTE)

    def s3_silent(self) -> None:
        self._room.services.s3.freeze(A_MOMENT)

    def database_restarted(self) -> None:
        self._room.services.postgres.restart()

    def redis_restarted(self) -> None:
        self._room.services.redis.stop()
        time.sleep(self._rng.uniform(0, A_MOMENT))
        self._room.services.redis.start()

    def clock_off(self) -> None:
        """Of the second host: an hour behind, right, an hour ahead."""
        self._room.clock.set(self._rng.choice((-AN_HOUR, AN_HOUR)))
        time.sleep(A_MOMENT)

    def without_power(self) -> None:
        _, host = self._victim()
        host.lose_power()
        time.sleep(self._rng.uniform(0, A_WHILE))
        self._room.start_workers(host)

    def drained(self) -> None:
        """Its job is handed over; then it takes trainings again."""
        job, host = self._victim()
        self._room.drain(host, "hand-over")
        self._wait_until_elsewhere(job, host)
        self._room.drain(host, "")

    def restarted(self) -> None:
        """As at an upgrade: its worker saves a checkpoint, and comes back."""
        _, host = self._victim()
        host.restart(TRAINING)
        time.sleep(A_MOMENT)


# Each with whether it may end an attempt at a job, and how many of thirty are its share.
KINDS: dict[str, tuple[Callable[[Faults], None], bool, int]] = {
    "host cut off": (Faults.cut_off, True, 6),
    "host cut for a moment": (Faults.cut_for_a_moment, True, 4),
    "network slow": (Faults.slow, False, 3),
    "S3 away": (Faults.without_s3, False, 3),
    "S3 away for a minute": (Faults.without_s3_for_a_minute, True, 1),
    "S3 silent": (Faults.s3_silent, True, 2),
    "database restarted": (Faults.database_restarted, False, 3),
    "Redis restarted": (Faults.redis_restarted, False, 2),
    "clock an hour off": (Faults.clock_off, False, 2),
    "host without power": (Faults.without_power, True, 2),
    "worker drained": (Faults.drained, False, 1),
    "worker restarted": (Faults.restarted, False, 1),
}


def plan(faults: int, rng: random.Random) -> list[str]:
    """Return kinds for so many faults in an order that only the seed knows. Each comes once at least, where it fits."""
    shares = [kind for kind, (_, _, share) in KINDS.items() for _ in range(share)]
    kinds = list(KINDS)[:faults]
    while len(kinds) < faults:
        kinds += rng.sample(shares, min(len(shares), faults - len(kinds)))
    rng.shuffle(kinds)
    return kinds


def play(room: ClusterRoom, rng: random.Random, count: int) -> Counter[str]:
    """Do so many faults while all teams train. Return how many of each kind were done."""
    faults, kinds = Faults(room, rng), plan(count, rng)
    for number, kind in enumerate(kinds, start=1):
        room.keep_busy()
        faults.do(kind)
        print(f"… {number} of {len(kinds)}: {kind}", flush=True)
    return Counter(kinds)
