"""The server's host with three teams, and two hosts that train."""

import os
import time
from pathlib import Path
from typing import Any

import psycopg

from bench.chaos.chaos_room import A_JOB, Room
from bench.chaos.judging.chaos_story import OTHER_DATA
from bench.chaos.other_time import OtherTime
from bench.cluster.hosts import Host
from bench.cluster.services import Services
from bench.server.client import POLL_SECONDS, wait_until

# What the server's own host leaves to the others.
DEFAULT, TRAINING = "default-worker", "training-worker"
# Longer than in the other scenarios: three hosts share the processors of one.
_LEASES = {"FTCML_LEASE_SECONDS": "25", "FTCML_SWEEP_SECONDS": "3", "DJANGO_SETTINGS_MODULE": "ftcml.settings"}
_REAL = ("manage.py", "run_program")
_LIGHT = ("-m", "bench.cluster.light_worker")
_SEEN = "SELECT count(*) FROM training_trainingworker WHERE version <> ''"
_AT_WORK = """
    SELECT id, lease_owner FROM training_trainingjob
    WHERE lease_owner <> '' AND lease_until > now() AND state IN ('PREPARING', 'RUNNING')
"""


class ClusterRoom(Room):
    """`with ClusterRoom(folder, services, …) as room:`. The clock of the second host can be set."""

    numbers = (7001, 7002)

    def __init__(self, folder: Path, services: Services, has_tensorflow: bool) -> None:
        others = os.pathsep.join(str(folder / name) for name in ("worker-a", "worker-b"))
        left_out = {"FTCML_LEAVE_OUT": f"{DEFAULT},{TRAINING}", OTHER_DATA: others, **_LEASES}
        super().__init__(folder, **services.environment, **left_out)
        self.services, self._folder = services, folder
        self._trained_by = _REAL if has_tensorflow else _LIGHT
        self.clock = OtherTime(folder, "worker-b", 0)
        self.hosts: list[Host] = []

    def begin_others(self) -> None:
        for number, clock in enumerate(({}, self.clock.environment), start=1):
            host = Host(self._folder, number, {**self.server.environment, **clock})
            self.hosts.append(host)
            self.start_workers(host)
        wait_until(lambda: self._ask(_SEEN), lambda seen: seen[0][0] == len(self.hosts), A_JOB)

    def __exit__(self, *error: object) -> None:
        for host in self.hosts:
            host.close()
        super().__exit__(*error)

    def start_workers(self, host: Host) -> None:
        """Each host trains. The first imports as well."""
        host.run(TRAINING, *self._trained_by)
        if host is self.hosts[0]:
            host.run(DEFAULT, *_REAL)

    def at_work(self) -> dict[str, Host]:
        """Return the jobs that a worker has now, as the database says, each with the worker's host."""
        names = {str(job): owner.rpartition(":")[0] for job, owner in self._ask(_AT_WORK)}
        return {job: self._host_of(name) for job, name in names.items()}

    def _host_of(self, worker: str) -> Host:
        return next(host for host in self.hosts if worker.endswith(f"@{host.name}"))

    def drain(self, host: Host, how: str) -> None:
        """Do what an operator's click does: "hand-over", "finish", or "" to take trainings again."""
        self._ask(
            "UPDATE training_trainingworker SET drain = %s WHERE name = %s RETURNING name",
            how,
            f"training@{host.name}",
        )

    def _ask(self, question: str, *words: str) -> list[tuple[Any, ...]]:
        """Ask the database, again and again while it is restarted."""
        while True:
            try:
                with psycopg.connect(self.services.postgres.url) as connection:
                    return connection.execute(question, words).fetchall()
            except psycopg.OperationalError:
                time.sleep(POLL_SECONDS)
