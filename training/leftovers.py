"""Files of training jobs that no row refers to: of deleted jobs, of killed workers, of former owners of a lease."""

import logging
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings

from ftcml import clock, storage
from training import attempts
from training.detector import spec
from training.models import TrainingJob

log = logging.getLogger(__name__)


def remove_leftovers() -> None:
    """May be repeated, and run while jobs train: what a live lease may still refer to is left alone."""
    for name in stored_leftovers():
        log.info("removing %s, which no training job refers to", name)
        storage.remove_any(name)
    _remove_work_folders()


def stored_leftovers() -> Iterator[str]:
    """The names in the storage of folders and files that no row refers to.

    A row is written before its first file, and a lease before its attempt's folder, so what is there is listed before
    the row is read.
    """
    prefixes = [
        (f"teams/{team}/jobs/{job_id}", job_id)
        for team in storage.folders("teams")
        for job_id in storage.folders(f"teams/{team}/jobs")
        if _is_job_id(job_id)
    ]
    for prefix, job_id in prefixes:
        stored = [f"{prefix}/{attempt}" for attempt in storage.folders(prefix)]
        found = {attempt: storage.entries(attempt) for attempt in stored}
        job = TrainingJob.objects.filter(pk=job_id).first()
        if job is None:
            yield prefix
        elif not _is_leased(job):
            yield from _unreferred(found, job.stored_names() | set(job.lost_names))


def _unreferred(found: Mapping[str, list[str]], referred: set[str]) -> Iterator[str]:
    """Whole attempts where nothing of them is referred to, else what is not. `found`: attempt -> names in it."""
    for attempt, names in found.items():
        unreferred = [name for name in (f"{attempt}/{name}" for name in names) if name not in referred]
        yield from [attempt] if len(unreferred) == len(names) else unreferred


def _is_leased(job: TrainingJob) -> bool:
    return job.lease_until is not None and job.lease_until > clock.now()


def _remove_work_folders() -> None:
    """Of this machine: of an attempt that nobody works on the story stays, of a deleted job nothing."""
    folders = {path.name: path for path in Path(settings.WORK_DIR).glob("*") if _is_job_id(path.name)}
    attempts_of = {name: list(folder.glob(f"{spec.ATTEMPT}*")) for name, folder in folders.items()}
    rows = TrainingJob.objects.filter(pk__in=folders).values_list("pk", "lease_until")
    leases = {str(pk): until for pk, until in rows}
    for name, folder in folders.items():
        if name not in leases:
            shutil.rmtree(folder, ignore_errors=True)
        elif leases[name] is None or leases[name] < clock.now():
            for attempt in attempts_of[name]:
                attempts.tidy(attempt)


def _is_job_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
