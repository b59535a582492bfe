"""What can happen between hosts, done on purpose."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.chaos.chaos_room import A_JOB
from bench.cluster import hosts
from bench.cluster.cluster_room import TRAINING, ClusterRoom
from bench.cluster.hosts import Host
from bench.cluster.wire import GOOD, SLOW
from bench.server.client import ENDED, ApiError, wait_until
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
        self._one_at_a_time = threading.Lock()

    def do(self, kind: str) -> None:
        """Do one fault of that kind, and return when it is over. Raises TookTooLong."""
        time.sleep(self._rng.uniform(*PAUSE))
        if KINDS[kind].may_end_an_attempt:
            with self._one_at_a_time:
                self._wait_for_progress()
        KINDS[kind].act(self)

    def _wait_for_progress(self) -> None:
        """Wait until no job at work would die for good, and count what may die now."""
        at_work = wait_until(
            self._jobs_at_work, lambda jobs: jobs and not any(map(self._deaths.is_worn_out, jobs)), A_JOB
        )
        for job in at_work:
            self._deaths.note(job)

    def keep_busy(self) -> None:
        with suppress(ApiError):  # the database has just been restarted
            self._room.keep_busy()

    def _jobs_at_work(self) -> list[dict[str, Any]]:
        self.keep_busy()
        return [job for job in self._room.jobs() if job["state"] not in (*ENDED, "QUEUED", "TRY_AGAIN_LATER")]

    def _victim(self) -> tuple[str, Host]:
        """Return a job at work, and its host."""
        at_work = wait_until(self._at_work, bool, A_JOB)
        return self._rng.choice(sorted(at_work.items(), key=lambda pair: pair[0]))

    def _at_work(self) -> dict[str, Host]:
        at_work = self._room.at_work()
        if not at_work:  # all have ended meanwhile
            self.keep_busy()
        return at_work

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
        """Until the job continues at the other host. Then the first comes back, and still trains."""
        job, host = self._victim()
        host.wire.is_cut = True
        self._wait_until_elsewhere(job, host)
        host.wire.is_cut = False

    def cut_for_a_moment(self) -> None:
        _, host = self._victim()
        host.wire.is_cut = True
        time.sleep(A_MOMENT)
        host.wire.is_cut = False

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


@dataclass(frozen=True)
class Kind:
    """`share`: how many of thirty. `of_host`: whether it befalls a host that trains. `may_end_an_attempt`: at a job."""

    act: Callable[[Faults], None]
    share: int
    of_host: bool = False
    may_end_an_attempt: bool = False


KINDS = {
    "host cut off": Kind(Faults.cut_off, 6, of_host=True, may_end_an_attempt=True),
    "host cut for a moment": Kind(Faults.cut_for_a_moment, 4, of_host=True, may_end_an_attempt=True),
    "host without power": Kind(Faults.without_power, 2, of_host=True, may_end_an_attempt=True),
    "worker drained": Kind(Faults.drained, 1, of_host=True),
    "worker restarted": Kind(Faults.restarted, 1, of_host=True),
    "network slow": Kind(Faults.slow, 3),
    "S3 away": Kind(Faults.without_s3, 3),
    "S3 away for a minute": Kind(Faults.without_s3_for_a_minute, 1, may_end_an_attempt=True),
    "S3 silent": Kind(Faults.s3_silent, 2, may_end_an_attempt=True),
    "database restarted": Kind(Faults.database_restarted, 3),
    "Redis restarted": Kind(Faults.redis_restarted, 2),
    "clock an hour off": Kind(Faults.clock_off, 2),
}


def plan(faults: int, rng: random.Random) -> list[str]:
    """Return kinds for so many faults in an order that only the seed knows. Each comes once at least, where it fits."""
    shares = [kind for kind, of_kind in KINDS.items() for _ in range(of_kind.share)]
    kinds = list(KINDS)[:faults]
    while len(kinds) < faults:
        kinds += rng.sample(shares, min(len(shares), faults - len(kinds)))
    rng.shuffle(kinds)
    return kinds


class _Beside(threading.Thread):
    """Does faults beside others. It then stays, for what it has started ends with the thread that started it."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._do, self._is_done = do, threading.Event()
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._do()
        except BaseException as error:
            self._error = error
        self._is_done.set()
        threading.Event().wait()

    def finish(self) -> None:
        """Wait until all are done. Raises what one of them raised."""
        self._is_done.wait()
        if self._error:
            raise self._error


def play(room: ClusterRoom, rng: random.Random, count: int) -> Counter[str]:
    """Do so many faults while all teams train. Return how many of each kind were done.

    Those of what all share come beside those of the hosts, so that one often meets another.
    """
    kinds = plan(count, rng)
    seed = rng.random()
    faults = Faults(room, random.Random(seed))  # noqa: S311 (nothing secret)

    def do(of_host: bool) -> None:
        chosen = [kind for kind in kinds if KINDS[kind].of_host is of_host]
        for number, kind in enumerate(chosen, start=1):
            faults.keep_busy()
            faults.do(kind)
            print(f"… {number} of {len(chosen)} {'of hosts' if of_host else 'of what they share'}: {kind}", flush=True)

    beside = _Beside(lambda: do(of_host=False))
    beside.start()
    do(of_host=True)
    beside.finish()
    return Counter(kinds)
