"""Removes what a machine that trains needs no longer. A machine that only trains has no other tidying."""

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from datasets.models import Dataset
from detector.contract import attempt_files
from ftcml.core import clock
from ftcml.core.files import local_copies
from ftcml.installation import identity, quarantine
from training.models import TrainingJob
from training.worker import attempts, work_folders

_DAY = 24 * 3600.0


def tidy_this_machine() -> None:
    """Remove copies of deleted datasets, and what attempts left that nobody works on. May be repeated.

    The log of an ended attempt stays while its job does. Nothing is removed while it isn't known that the files are
    this database's.
    """
    if identity.work_must_wait():
        return
    local_copies.remove_all_but(_existing_datasets)
    folders = work_folders.look()
    if not quarantine.is_most(len(folders.unknown), folders.count):
        for name in filter(_is_old, folders.unknown):
            work_folders.remove(name)
    now = clock.now()
    for job_id, until in TrainingJob.everything.filter(pk__in=folders.known).values_list("pk", "lease_until"):
        if until is None or until < now:
            for attempt in (Path(settings.WORK_DIR) / str(job_id)).glob(f"{attempt_files.ATTEMPT}*"):
                attempts.tidy(attempt)


def _existing_datasets(names: set[str]) -> set[str]:
    ids = [name for name in names if _is_id(name)]
    return {str(pk) for pk in Dataset.objects.filter(pk__in=ids).values_list("pk", flat=True)}


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _is_old(job_id: str) -> bool:
    """Return whether a folder without a row has waited as long as unknown files do."""
    try:
        changed = (Path(settings.WORK_DIR) / job_id).stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - changed > settings.QUARANTINE_DAYS * _DAY
