"""What one training, and one browser that watches it, cost a server: `python -m bench unit_costs`.

A server of its own, with PostgreSQL and an S3 server, trains the same job several times; then browsers watch one job.
Costs are differences, less what the server costs in the same time without them. docs/operators/scaling.md reckons with
them. The tiny model of the tests trains, so the trainer's own time says nothing of a real one.
"""

import argparse
import http.client
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import psycopg

from bench.chaos.chaos_room import A_JOB, STEPS, Room
from bench.cluster.costs import Cost, since_start
from bench.cluster.counted_s3 import CountedS3
from bench.pages.load_people import new_members
from bench.server import report
from bench.server.client import wait_until
from bench.server.local_server import ROOT
from bench.server.postgres import TemporaryPostgres
from ftcml.launcher.programs import TIED

_REFRESH_SECONDS = 2.0
_READY = "SELECT name FROM training_trainingworker WHERE version <> ''"
_SETTINGS = {"DJANGO_SETTINGS_MODULE": "ftcml.settings"}
# More than are ever done: it trains while browsers watch.
_ENDLESS = 20_000
_KINDS = {
    "rows": "rows",
    "database_bytes": "bytes in the database",
    "transactions": "transactions",
    "s3_requests": "requests to S3",
    "s3_bytes": "bytes in S3",
    "web_seconds": "processor seconds, web server",
    "worker_seconds": "processor seconds, training worker",
    "trainer_seconds": "processor seconds, trainer",
    "other_seconds": "processor seconds, other programs",
}


class Measured(Room):
    """A room of one team whose costs are counted."""

    numbers = (7001,)

    def __init__(self, folder: Path, postgres: TemporaryPostgres, s3: CountedS3, has_tensorflow: bool) -> None:
        quiet = {"FTCML_LEASE_SECONDS": "90", "FTCML_HEARTBEAT_SECONDS": "15", "FTCML_SWEEP_SECONDS": "20"}
        left_out = {} if has_tensorflow else {"FTCML_LEAVE_OUT": "training-worker", **_SETTINGS}
        super().__init__(folder, DATABASE_URL=postgres.url, **s3.environment, **quiet, **left_out)
        self._postgres, self._s3, self._has_tensorflow = postgres, s3, has_tensorflow
        self._worker: subprocess.Popen[bytes] | None = None

    def begin_others(self) -> None:
        """Start a worker with light trainers, where the server has none of its own. Wait until one is ready."""
        if not self._has_tensorflow:
            command = [sys.executable, str(TIED), sys.executable, "-m", "bench.cluster.light_worker", "training-worker"]
            with (self.server.data / "logs" / "light-worker.log").open("wb") as log:
                self._worker = subprocess.Popen(command, cwd=ROOT, env=self.server.environment, stdout=log, stderr=log)
        with psycopg.connect(self._postgres.url, autocommit=True) as database:
            wait_until(lambda: database.execute(_READY).fetchone(), bool, A_JOB)

    def __exit__(self, *error: object) -> None:
        if self._worker:
            self._worker.terminate()
            self._worker.wait()
        super().__exit__(*error)

    def _now(self) -> Cost:
        others = [self._worker.pid] if self._worker else []
        return since_start(self.server, others, self._postgres, self._s3)

    def cost_of(self, act: Callable[[], object]) -> tuple[Cost, float]:
        """Return what the server costs while `act` is done, and the seconds that takes."""
        before, began = self._now(), time.monotonic()
        act()
        return self._now().less(before), time.monotonic() - began

    def train(self, jobs: int) -> None:
        """Train so many jobs, one after the other, until their models are there."""
        team = self.teams[0]
        for _ in range(jobs):
            team.client.wait_for_model(team.start(), A_JOB)


class Watchers:
    """Browsers that watch a job's page, and ask as often as the real ones do: an answer that they have isn't sent."""

    def __init__(self, room: Measured, job: str, number: int) -> None:
        self._port, self._path = room.server.port, f"/models/{job}/part/"
        self._sessions = [member.session for member in new_members(room.server, 7001, number)]
        self.counted: Counter[str] = Counter()

    def watch(self, seconds: float) -> None:
        threads = [threading.Thread(target=self._sit, args=(one, seconds)) for one in self._sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _sit(self, session: str, seconds: float) -> None:
        known, until = "", time.monotonic() + seconds
        browser = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while time.monotonic() < until:
            headers = {"Cookie": f"sessionid={session}", "HX-Request": "true", "If-None-Match": known}
            browser.request("GET", self._path, headers=headers)
            answer = browser.getresponse()
            self.counted["bytes"] += len(answer.read())
            self.counted["requests"] += 1
            self.counted["errors"] += answer.status not in (200, 304)
            known = answer.headers.get("ETag", "")
            time.sleep(_REFRESH_SECONDS)
        browser.close()


def measure(room: Measured, options: argparse.Namespace) -> dict[str, Cost]:
    """Return the costs by what has them: an idle minute, a job, and a browser's minute."""
    idle, seconds = room.cost_of(lambda: time.sleep(options.seconds))
    per_second = idle.times(1 / seconds)
    jobs, seconds = room.cost_of(lambda: room.train(options.jobs))
    job = room.teams[0].start(_ENDLESS)
    room.wait_until_one_runs()
    watchers = Watchers(room, job, options.browsers)
    unwatched, before = room.cost_of(lambda: time.sleep(options.seconds))
    watched, during = room.cost_of(lambda: watchers.watch(options.seconds))
    room.teams[0].client.stop(job)
    room.wait_until_calm()
    browser = watched.less(unwatched.times(during / before)).times(60 / during / options.browsers)
    print(f"{options.browsers} browsers in {during:.0f} s: {dict(watchers.counted)}", flush=True)
    return {
        "the idle server, a minute": per_second.times(60),
        f"a job of {STEPS} steps": jobs.less(per_second.times(seconds)).times(1 / options.jobs),
        "a browser that watches, a minute": browser,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=3, help="trainings (default: %(default)s)")
    parser.add_argument("--browsers", type=int, default=10, help="that watch one job (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="of idling and of watching (default: %(default)s)")
    parser.add_argument("--light", action="store_true", help="a stand-in trains, whose rows and bytes aren't real ones")
    options = parser.parse_args()
    report.print_machine()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="ftcml-costs-")))
        postgres, s3 = opened.enter_context(TemporaryPostgres()), opened.enter_context(CountedS3(folder))
        costs = measure(opened.enter_context(Measured(folder, postgres, s3, not options.light)), options)
    rows = [
        [said, *(report.number(getattr(cost, name), 2) for cost in costs.values())] for name, said in _KINDS.items()
    ]
    report.print_table("What it costs", ["", *costs], rows)
    return report.finish({"unit_costs": {of: asdict(cost) for of, cost in costs.items()}}, [])


if __name__ == "__main__":
    sys.exit(main())
