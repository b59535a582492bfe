"""Each attempt in a process of its own, watched: work that takes too long or too much costs itself, and nothing else.

This process, a Celery worker or a command, holds the row together with the child. It ends the child with all that it
started when the child goes over a limit, when the row is no longer theirs, and when the worker is shut down.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from ftcml.core import clock
from ftcml.core.lease import LeaseLost
from ftcml.core.reasons import Reason
from ftcml.core.work import work_folders
from ftcml.core.work.attempts import AttemptLease
from ftcml.core.work.bounds import Bounds, Overrun, Stuck
from machine.children import Child

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS_AT_THE_ROW = 2.0
_SECONDS_BETWEEN_LOOKS = 0.25
stopping = threading.Event()

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Attempt:
    """One attempt at the slow work on a row that the caller holds.

    Args:
        lease: of the row; the child is given its key and the number of the attempt.
        bounds: what the child may use.
        folder_prefix: of the names of its work folders (work_folders.py).
        about: the work in the words of a log, such as "dataset 7 of team 1: its import".
        refuse: called with the reason when the child took too much, and is no more. It may raise LeaseLost.
        gone: called when the row is no longer held, and the child is no more.
        progress: called now and then with (pictures done, pictures in all), as the row shows them.
    """

    lease: AttemptLease
    bounds: Bounds
    folder_prefix: str
    about: str
    refuse: Callable[[Reason], None]
    gone: Callable[[], None]
    progress: Progress

    def run(self, command: Sequence[str]) -> None:
        """Run `command` with the row's key, the attempt and this process's number; settle what the child could not."""
        words = (str(self.lease.pk), str(self.lease.attempt), str(os.getpid()))
        child = Child([*command, *words], self.bounds.limits, settings.BASE_DIR)
        try:
            self._settle(child)
        except LeaseLost as loss:
            log.info("%s", loss)
            child.kill()
            self.gone()
        finally:
            child.kill()
            self._clean_up(child.seconds)

    def _settle(self, child: Child) -> None:
        """Wait for the child, and settle what it could not. Raises LeaseLost."""
        overrun = self._watch(child)
        if overrun or stopping.is_set():
            child.kill()
        if overrun:
            self.refuse(self.bounds.exceeded(overrun))
        elif child.exit_code and stopping.is_set():
            self.lease.give_back()
            log.info("%s waits for the next worker", self.about)
        elif child.exit_code:
            log.error("%s ended with %s", self.about, child.exit_code)
            self.lease.release()

    def _watch(self, child: Child) -> Overrun | None:
        """Wait until the child has ended or must be. Returns what it took too much of. Raises LeaseLost."""
        row = _Row(self.lease, self.progress)
        while not (child.wait(_SECONDS_BETWEEN_LOOKS) or stopping.is_set()):
            if over := child.exceeded():
                return over
            if row.silent_seconds(child.processor_seconds) > self.bounds.step_seconds:
                return Stuck.STEP
        return None

    def _clean_up(self, seconds: float) -> None:
        """Note how long it took, and remove what a child that was ended left in the work folder."""
        lease, work = self.lease, self.lease.work
        work.note_seconds(lease.pk, seconds)
        if not work.has_another_holder(lease.pk, lease.attempt):
            work_folders.remove_of(self.folder_prefix, lease.pk)


class _Row:
    """The row, in which the child gives its signs of life; this process keeps the lease meanwhile."""

    def __init__(self, lease: AttemptLease, progress: Progress) -> None:
        self._lease, self._progress = lease, progress
        self._until: datetime | None = None
        self._heard = 0.0  # seconds of a processor that the child had used at its latest sign of life
        self._looked = time.monotonic()

    def silent_seconds(self, processor_seconds: float) -> float:
        """How long a processor has worked for the child since its latest sign of life. Raises LeaseLost."""
        if time.monotonic() - self._looked >= SECONDS_BETWEEN_LOOKS_AT_THE_ROW:
            self._looked = time.monotonic()
            try:
                self._look(processor_seconds)
            except DatabaseError:
                log.warning("a row could not be read; the next look tries again", exc_info=True)
                connection.close()
        return processor_seconds - self._heard

    def _look(self, processor_seconds: float) -> None:
        until = self._lease.until()
        if until != self._until:
            self._until, self._heard = until, processor_seconds
        if until - clock.now() < timedelta(seconds=settings.LEASE_SECONDS / 2):
            self._lease.renew()
            self._until = self._lease.until()
        self._progress(*self._lease.frames())


@worker_shutting_down.connect
def stop(**kwargs: Any) -> None:
    """End the children of this process in good order."""
    stopping.set()
