"""Each import in a process of its own, watched: a zip that takes too long or too much costs itself, and nothing else.

This process, a Celery worker or the command import_dataset, holds the dataset together with the child. It ends the
child with all that it started when the child goes over a limit, when the dataset is no longer theirs, and when the
worker is shut down.
"""

import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F

from datasets.importing import producing
from datasets.importing.import_leases import Lease
from datasets.importing.producing import WORK_PREFIX
from datasets.models import Dataset
from datasets.reasons import Code, Reason
from ftcml.core import clock
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from machine.children import Child, Limit, Limits

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "datasets.importing.one_import")
_SECONDS_BETWEEN_LOOKS = 0.25
_SECONDS_BETWEEN_LOOKS_AT_THE_ROW = 2.0
_stopping = threading.Event()

Progress = Callable[[int, int], None]


def limits() -> Limits:
    """What one import may use."""
    return Limits(settings.IMPORT_MAX_PROCESSOR_SECONDS, settings.IMPORT_MAX_SECONDS, settings.IMPORT_MAX_MEMORY_BYTES)


def produce_in_child(dataset: Dataset, lease: Lease, progress: Progress = lambda done, of: None) -> None:
    """Do the import of a dataset that the caller holds, as producing.produce_held does, in a child.

    `progress` is called now and then with (pictures done, pictures in all), as the row shows them.
    """
    if lease.attempt > settings.IMPORT_MAX_ATTEMPTS:
        producing.produce_held(dataset, lease)  # which gives it up at once
        return
    with logs.about(dataset.team_id, dataset_id=dataset.pk):
        words = (str(dataset.pk), str(lease.attempt), str(os.getpid()))
        child = Child([*COMMAND, *words], limits(), settings.BASE_DIR)
        try:
            _settle(dataset, lease, child, progress)
        except LeaseLost as loss:
            log.info("%s", loss)
            child.kill()
            producing.remove_if_deleted(dataset)
        finally:
            child.kill()
            _clean_up(dataset, lease.attempt, child.seconds)


def _settle(dataset: Dataset, lease: Lease, child: Child, progress: Progress) -> None:
    """Wait for the child, and settle what it could not. Raises LeaseLost."""
    refusal = _watch(lease, child, progress)
    if refusal or _stopping.is_set():
        child.kill()
    if refusal:
        producing.fail(dataset, lease, refusal)
    elif child.exit_code and _stopping.is_set():
        lease.give_back()
        log.info("dataset %s of team %s: its import waits for the next worker", dataset.pk, dataset.team_id)
    elif child.exit_code:
        log.error("dataset %s of team %s: its import ended with %s", dataset.pk, dataset.team_id, child.exit_code)
        lease.release()


def _watch(lease: Lease, child: Child, progress: Progress) -> Reason:
    """Wait until the child has ended or must be. Returns why the import cannot be, if it cannot.

    Raises LeaseLost.
    """
    row = _Row(lease, progress)
    while not (child.wait(_SECONDS_BETWEEN_LOOKS) or _stopping.is_set()):
        if over := child.exceeded():
            return _reason(over)
        if row.silent_seconds(child.processor_seconds) > settings.IMPORT_MAX_STEP_SECONDS:
            return Reason(Code.STUCK, {"minutes": settings.IMPORT_MAX_STEP_SECONDS // 60})
    return Reason()


class _Row:
    """The dataset's row, in which the child gives its signs of life; this process keeps the lease meanwhile."""

    def __init__(self, lease: Lease, progress: Progress) -> None:
        self._lease, self._progress = lease, progress
        self._until: datetime | None = None
        self._heard = 0.0  # seconds of a processor that the child had used at its latest sign of life
        self._looked = time.monotonic()

    def silent_seconds(self, processor_seconds: float) -> float:
        """How long a processor has worked for the child since its latest sign of life. Raises LeaseLost."""
        if time.monotonic() - self._looked >= _SECONDS_BETWEEN_LOOKS_AT_THE_ROW:
            self._looked = time.monotonic()
            try:
                self._look(processor_seconds)
            except DatabaseError:
                log.warning("the row of an import could not be read; the next look tries again", exc_info=True)
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


def _clean_up(dataset: Dataset, attempt: int, seconds: float) -> None:
    """Note how long it took, and remove what a child that was ended left in the work folder."""
    taken = F("import_seconds") + round(seconds)
    Dataset.everything.filter(pk=dataset.pk).update(import_seconds=taken, import_worked_at=clock.now())
    if Dataset.objects.filter(pk=dataset.pk).exclude(import_attempts=attempt).exclude(import_lease_until=None).exists():
        return  # another holds it, perhaps on this machine
    for folder in settings.WORK_DIR.glob(f"{WORK_PREFIX}{dataset.pk}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _reason(over: Limit) -> Reason:
    if over is Limit.MEMORY:
        return producing.too_much_memory()
    seconds = settings.IMPORT_MAX_PROCESSOR_SECONDS if over is Limit.PROCESSOR else settings.IMPORT_MAX_SECONDS
    return Reason(Code.TOO_MUCH_TIME, {"minutes": seconds // 60})


@worker_shutting_down.connect
def _stop(**kwargs: Any) -> None:
    _stopping.set()
