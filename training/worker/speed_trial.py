"""Measures once how fast a new machine trains, while there is nothing else to do."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError

from detector.contract import catalog
from training.models import MeasuredSpeed
from training.worker.trainer_process import notes_of_libraries

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "detector", "speed")


class SpeedTrial:
    """One measurement in a process of its own. A job that comes meanwhile ends it."""

    def __init__(self, worker: str, starting_model: str = catalog.DEFAULT, command: Sequence[str] = COMMAND) -> None:
        self._worker, self._model, self._command = worker, starting_model, command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_called_off = False

    def run(self) -> None:
        """Measure and keep the result, unless this worker has one already. Call it from a thread of its own."""
        try:
            if not self._is_known():
                self._measure()
        except DatabaseError:
            log.warning("the speed of this machine was not measured", exc_info=True)

    def call_off(self) -> None:
        """End a running measurement at once, and begin none from now on."""
        with self._lock:
            self._is_called_off = True
            if self._process:
                self._process.kill()
                self._process.wait()

    def _is_known(self) -> bool:
        return MeasuredSpeed.objects.filter(worker=self._worker, starting_model=self._model).exists()

    def _measure(self) -> None:
        with self._lock:
            if self._is_called_off:
                return
            self._process = subprocess.Popen(
                [*self._command, self._model],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=settings.BASE_DIR,
                env=notes_of_libraries(),
                start_new_session=True,
            )
        assert self._process.stdout
        answer = self._process.stdout.read()
        if self._process.wait() == 0:
            self._keep(json.loads(answer.splitlines()[-1]))
        elif not self._is_called_off:
            log.warning("the speed of this machine could not be measured")

    def _keep(self, speed: dict[str, str | float]) -> None:
        MeasuredSpeed.objects.update_or_create(
            worker=self._worker,
            accelerator=speed["accelerator"],
            starting_model=speed["starting_model"],
            defaults={"seconds_per_frame": speed["seconds_per_frame"]},
        )
