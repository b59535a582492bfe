"""A server of its own with three teams that train, and what is wrong with it when the room has calmed down."""

import http.client
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import psutil

from bench.chaos.judging.chaos_verdict import Verdict, Wrong, read_verdict
from bench.server.client import ENDED, LATER, POLL_SECONDS, ApiError, Client, TookTooLong, wait_until
from bench.server.local_server import LocalServer
from datasets.sample import sample_dataset

MODEL = "Tiny test model 96x96"
TEAMS = (7001, 7002, 7003)
JOBS_OF_A_TEAM = 2
STEPS = 300
FRAMES = 40
PASSWORD = "correct horse battery"  # noqa: S105 (of a server that lives for some minutes)
# Leases, heartbeats and sweeps are quick, so that no fault costs minutes of waiting.
QUICK = {
    "FTCML_TEST_CATALOG": "1",
    "FTCML_DEMO": "0",
    "FTCML_LEASE_SECONDS": "15",
    "FTCML_HEARTBEAT_SECONDS": "3",
    "FTCML_SWEEP_SECONDS": "2",
    "FTCML_QUARANTINE_DAYS": "0",
    "FTCML_START_RATE": "100000/hour",
}
# A server that is started anew, its parts one after the other, answers within this time.
ANSWER_SECONDS = 120.0
# From one event of a job to the next, on a busy machine.
A_JOB = 600.0
_PROGRAM = "from bench.chaos.judging import chaos_rows; chaos_rows.print_verdict()"
VERDICT = ("shell", "--verbosity", "0", "--command", _PROGRAM)


class PatientClient(Client):
    """Reads again while the server does not answer, or cannot, as when its database starts anew."""

    def get(self, path: str) -> Any:
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                return super().get(path)
            except (OSError, http.client.HTTPException, ApiError) as error:
                if time.monotonic() > until or (isinstance(error, ApiError) and error.code < 500):
                    raise
            time.sleep(POLL_SECONDS)


@dataclass(frozen=True)
class Team:
    client: PatientClient
    dataset: str

    def jobs(self) -> list[dict[str, Any]]:
        return self.client.get("training-jobs/?limit=1000")["results"]

    def start(self, steps: int = STEPS, max_minutes: int = 60) -> str:
        """Start a job; returns its id. Raises ApiError."""
        return self.client.start(self.dataset, MODEL, steps, "under fire", max_minutes)

    def try_again(self) -> None:
        """Do what a student does with a job in TRY_AGAIN_LATER."""
        for job in self.jobs():
            if job["state"] == LATER:
                with suppress(OSError, http.client.HTTPException):
                    self.client.post(f"training-jobs/{job['id']}/retry/")


class CannotPlay(Exception):
    """This machine, or this user, lacks what a scenario needs; str() says what."""


@dataclass(frozen=True)
class Play:
    """What a scenario is given: a folder of its own, where its moments come from, and how many kills are wanted."""

    folder: Path
    rng: random.Random
    kills: int


@dataclass(frozen=True)
class Outcome:
    """`faults`: how many of each kind were injected."""

    faults: dict[str, int]
    verdict: Verdict

    def count(self, kind: str) -> int:
        return sum(wrong.kind == kind for wrong in self.verdict.wrongs)

    @property
    def seconds_wrong(self) -> int:
        return sum(wrong.seconds for wrong in self.verdict.wrongs)


class Room:
    """`with Room(folder, **environment) as room:` is a server with `teams`, which have a READY dataset each.

    `numbers`: of the teams.
    """

    numbers: Sequence[int] = TEAMS

    def __init__(self, folder: Path, **environment: str) -> None:
        self.server = LocalServer(folder / "data", **{**QUICK, **environment})
        self.archive = folder / "frames.zip"
        self.teams: list[Team] = []

    def __enter__(self) -> Self:
        sample_dataset.write_archive(self.archive, frames=FRAMES)
        self.server.start()
        try:
            self.begin_others()
            self.teams = [self._team(number) for number in self.numbers]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.server.stop()

    def begin_others(self) -> None:
        """Start what else must run before the teams come."""

    def _team(self, number: int) -> Team:
        """The team of that number, with a coach of its own."""
        name = f"coach-{number}"
        self.server.manage("add_member", name, "--team", str(number), "--role", "coach", "--password", PASSWORD)
        client = PatientClient(self.server.url, name, PASSWORD)
        dataset = client.import_dataset(self.archive, "rendered frames")
        wait_until(lambda: client.get(f"datasets/{dataset}/"), lambda now: now["state"] == "READY", A_JOB)
        return Team(client, dataset)

    def jobs(self) -> list[dict[str, Any]]:
        return [job for team in self.teams for job in team.jobs()]

    def keep_busy(self) -> None:
        """Have every team's share of jobs in flight. What a server that is down does not take is asked for again."""
        for team in self.teams:
            in_flight = [job for job in team.jobs() if job["state"] not in ENDED]
            with suppress(OSError, http.client.HTTPException, TookTooLong):
                for _ in range(JOBS_OF_A_TEAM - len(in_flight)):
                    team.start()

    def wait_until_calm(self) -> None:
        """Wait until every job has ended, with its model where it has learned anything. Raises TookTooLong."""
        while waiting := self._unfinished():
            self._wait_for_fewer(len(waiting))

    def _unfinished(self) -> list[str]:
        for team in self.teams:
            team.try_again()
        return [f"{job['id']} {job['state']} {job['state_reason']}" for job in self.jobs() if not _is_over(job)]

    def _wait_for_fewer(self, unfinished: int) -> None:
        wait_until(self._unfinished, lambda now: len(now) < unfinished, A_JOB)

    def wait_until_one_runs(self) -> None:
        """Wait until a job of any team is RUNNING. Raises TookTooLong."""
        wait_until(self.jobs, lambda jobs: any(job["state"] == "RUNNING" for job in jobs), A_JOB)

    def judged(self, faults: Counter[str], wrongs: Sequence[Wrong] = ()) -> Outcome:
        """Wait for calm, judge the rows and the files, then stop the server and look for what is left of it.

        `wrongs`: what the scenario itself has seen.
        """
        with suppress(TookTooLong):  # the verdict names the jobs that have not ended
            self.wait_until_calm()
        verdict = read_verdict(self.server.manage(*VERDICT))
        left = {*self.server.stop(), *self._started_by_us()}
        found = [*wrongs, *verdict.wrongs, *(Wrong("orphans", str(process)) for process in left)]
        return Outcome(dict(faults), replace(verdict, wrongs=found))

    def _started_by_us(self) -> Iterator[psutil.Process]:
        """The processes on this machine that have this server's environment, wherever they hang now."""
        data = self.server.environment["FTCML_DATA"]
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("FTCML_DATA") == data:
                    yield process


def _is_over(job: dict[str, Any]) -> bool:
    return job["state"] in ENDED and (job["has_model"] or not job["steps_completed"])
