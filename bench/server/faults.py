"""What can happen to a server, done on purpose."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil

from bench.server.client import ENDED, Client, TookTooLong, wait_until
from bench.server.local_server import LocalServer

TRAINER = "detector spare"
TRAINING_WORKER = "--queues training"
AT_WORK = ("PREPARING", "RUNNING")

# What can be killed, and the words of its command line; how many of sixteen kills are its share.
KINDS = {
    "trainer": (TRAINER, 5),
    "training worker": (TRAINING_WORKER, 4),
    "broker": ("valkey-server", 2),
    "default worker": ("--queues default", 1),
    "sweep worker": ("--queues sweeps", 1),
    "supervisord": ("machine/supervising.py", 2),
    "beat": ("--quiet beat", 1),
}
# With these the attempt at a job ends as well.
ENDS_AN_ATTEMPT = ("trainer", "training worker", "supervisord")
# Seconds before a kill: some of them come before a trainer has begun, some during a checkpoint or an export.
PAUSE = (1.0, 20.0)
# So many deaths in a row without a new checkpoint a job survives.
SURVIVED = 2


class TrainerKiller:
    """Kills trainers with SIGKILL, as a machine does that is out of memory, each of them once."""

    def __init__(self, server: LocalServer, client: Client) -> None:
        self._server, self._client = server, client
        self._killed: set[int] = set()

    def kill(self, job: str, when: Callable[[dict[str, Any]], bool], seconds: float) -> None:
        """Kill the trainer that works on the job as soon as `when` is true of the job. Raises TookTooLong."""

        def trainer_at_work() -> list[Any]:
            now = self._client.job(job)
            if now["state"] not in AT_WORK and now["state"] != "QUEUED":
                raise TookTooLong(f"the job has ended before its trainer could be killed: {now}")
            ready = now["state"] in AT_WORK and when(now)
            return [p for p in self._server.find(TRAINER) if p.pid not in self._killed] if ready else []

        (trainer, *_) = wait_until(trainer_at_work, bool, seconds)
        self._killed.add(trainer.pid)
        trainer.kill()


def plan(kills: int, rng: random.Random) -> list[str]:
    """Kinds for so many kills in an order that only the seed knows: each has its share, and one kill at least."""
    shares = [kind for kind, (_, share) in KINDS.items() for _ in range(share)]
    kinds = list(KINDS)[:kills]
    while len(kinds) < kills:
        kinds += rng.sample(shares, min(len(shares), kills - len(kinds)))
    rng.shuffle(kinds)
    return kinds


class Deaths:
    """How often each job has died since its newest checkpoint, as far as who kills knows."""

    def __init__(self) -> None:
        # Of each job its newest step when it died last, and how often it has died at that.
        self._known: dict[str, tuple[int, int]] = {}

    def count(self, job: dict[str, Any]) -> int:
        """`job`: as the API describes it now."""
        step, deaths = self._known.get(job["id"], (0, 0))
        return deaths if step == job["steps_completed"] else 0

    def note(self, job: dict[str, Any]) -> None:
        self._known[job["id"]] = (job["steps_completed"], 1 + self.count(job))

    def is_worn_out(self, job: dict[str, Any]) -> bool:
        """Whether the next death, without a new checkpoint before it, would be the job's last."""
        return self.count(job) >= SURVIVED


class Killer:
    """Kills a process of the server with SIGKILL, of whatever kind.

    A kill that would be a job's last waits for the job's next checkpoint, or its end. `jobs`: gives the present jobs of
    all teams, as the API describes them.
    """

    def __init__(self, server: LocalServer, jobs: Callable[[], list[dict[str, Any]]], rng: random.Random) -> None:
        self._server, self._jobs, self._rng, self._deaths = server, jobs, rng, Deaths()

    def kill(self, kind: str, seconds: float) -> None:
        """Kill one process of that kind at a random moment. Raises TookTooLong after `seconds` of waiting in vain."""
        words, _ = KINDS[kind]
        ends_an_attempt = kind in ENDS_AN_ATTEMPT
        if ends_an_attempt:
            self._wait_for_progress(seconds)
        time.sleep(self._rng.uniform(*PAUSE))
        if ends_an_attempt:  # by now another job may be at work
            for job in self._wait_for_progress(seconds):
                self._deaths.note(job)
        while True:
            victims = wait_until(lambda: self._server.find(words), bool, seconds)
            with suppress(psutil.NoSuchProcess):  # it has just ended: another is on its way
                return self._rng.choice(victims).kill()

    def _wait_for_progress(self, seconds: float) -> list[dict[str, Any]]:
        """The jobs at work, as soon as none of them would die for good."""
        return wait_until(self._at_work, lambda jobs: not any(map(self._deaths.is_worn_out, jobs)), seconds)

    def _at_work(self) -> list[dict[str, Any]]:
        """The jobs that a worker may have a lease on."""
        return [job for job in self._jobs() if job["state"] not in (*ENDED, "QUEUED")]
