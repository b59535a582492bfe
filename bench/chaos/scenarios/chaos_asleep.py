"""A training worker that sleeps past its lease, as a laptop does, and finds its job taken when it wakes."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.chaos.chaos_room import A_JOB, Outcome, Play, Room
from bench.server.client import wait_until
from bench.server.faults import TRAINING_WORKER
from bench.server.local_server import ROOT, STOPPED_SECONDS
from ftcml.launcher.programs import TIED

# More than are ever done: the one who takes over is at work still when the sleeper wakes.
STEPS = 20_000
# What a worker says when it finds that its lease is another's.
TAKEN_AWAY = "was taken away from"


def asleep(play: Play) -> Outcome:
    with Room(play.folder) as room:
        team = room.teams[0]
        job = team.start(STEPS)
        before = team.client.wait_for_job(job, lambda now: now["steps_completed"] > 0, A_JOB)["steps_completed"]
        (sleeper,) = room.server.find(TRAINING_WORKER)
        with second_worker(room, sleeper):
            sleeper.suspend()
            print(f"… the worker sleeps; step {before} is published", flush=True)
            _wait_until_taken_over(room, job)
            at_handover = team.client.job(job)["steps_completed"]
            now = team.client.wait_for_job(job, lambda now: now["steps_completed"] > at_handover, A_JOB)
            sleeper.resume()
            print(f"… it wakes up; another has published step {now['steps_completed']}", flush=True)
            log = room.server.data / "logs" / "training-worker.log"
            wait_until(log.read_text, lambda said: TAKEN_AWAY in said, A_JOB)
            team.client.stop(job)
            room.wait_until_calm()
        return room.judged(Counter({"worker asleep": 1}))


def _wait_until_taken_over(room: Room, job: str) -> None:
    attempts = room.server.data / "work" / job
    wait_until(lambda: sorted(attempts.glob("attempt-*/job.json")), lambda found: len(found) > 1, A_JOB)


@contextmanager
def second_worker(room: Room, first: psutil.Process, name: str = "second", **environment: str) -> Iterator[None]:
    """Another training worker beside the server's own; it ends in good order. `environment`: beside the server's."""
    own = [f"{name}@%h" if word.startswith("training@") else word for word in first.cmdline()]
    command = [sys.executable, str(TIED), *own]
    variables = {**room.server.environment, **environment}
    with (room.server.data / "logs" / f"{name}-worker.log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    try:
        yield
    finally:
        first.resume()
        worker.terminate()
        worker.wait(STOPPED_SECONDS)
