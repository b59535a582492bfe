"""What can happen to a training, done on purpose."""

from collections.abc import Callable
from typing import Any

from bench.client import Client, TookTooLong, wait_until
from bench.local_server import LocalServer

TRAINER = "training.detector spare"
AT_WORK = ("PREPARING", "RUNNING")


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
