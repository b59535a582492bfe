"""Removes files of trainings that no row refers to: of killed workers, lost leases and unknown jobs."""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings

from detector.contract import attempt_files
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import identity, quarantine, removals
from ftcml.installation.quarantine import Stored
from ftcml.installation.removals import InTransaction
from training.models import Checkpoint, TrainingJob
from training.worker import attempts, work_folders

log = logging.getLogger(__name__)


def remove_unused_files() -> None:
    """May be repeated, and run while jobs train: what a live lease may still refer to is left alone.

    Nothing is removed while it isn't known that the files are this database's.
    """
    if identity.work_must_wait():
        return
    stored = look()
    for name in (*stored.finished, *quarantine.due(stored, storage.tree_size)):
        log.info("removing %s, which no training job refers to", name)
        storage.remove_any(name)
    _remove_work_folders()


def look() -> Stored:
    """What is stored of training jobs. `finished` are files of earlier attempts that the row doesn't refer to. Those of
    its last attempt, or of later ones, are `newer`: the row may be of an older copy of the database.

    A row is written before its first file, and a lease before its attempt's folder, so what is there is listed before
    the row is read.
    """
    stored = Stored("jobs")
    for prefix, job_id in _prefixes():
        found = {f"{prefix}/{attempt}": storage.entries(f"{prefix}/{attempt}") for attempt in storage.folders(prefix)}
        job = TrainingJob.everything.filter(pk=job_id).first()
        if job is None:
            if not removals.is_due(prefix):
                stored.unknown.append(prefix)
            continue
        stored.known.append(prefix)
        if _is_leased(job):
            # What was noted before must wait on afterwards: its attempt's number no longer tells that it is newer.
            stored.held.extend(quarantine.noted("jobs", prefix))
        else:
            _sort(job, found, stored)
    return stored


def found() -> identity.Found:
    """Return how much there is of trainings, for identity.before_making."""
    stored = {job_id for _, job_id in _prefixes()}
    keys = {str(pk) for pk in TrainingJob.everything.values_list("pk", flat=True)}
    return identity.Found.of(stored, keys, Checkpoint.objects.with_files().exists())


def _prefixes() -> list[tuple[str, str]]:
    """Return the stored folders of jobs, each with the job's id."""
    return [
        (f"teams/{team}/jobs/{job_id}", job_id)
        for team in storage.folders("teams")
        for job_id in storage.folders(f"teams/{team}/jobs")
        if work_folders.is_job_id(job_id)
    ]


def _sort(job: TrainingJob, found: Mapping[str, list[str]], stored: Stored) -> None:
    """Add what nothing refers to of this job. `found`: attempt -> names in it. What was noted once waits its time."""
    noted = quarantine.noted("jobs", job.prefix)
    for attempt, name in _unreferred(found, job.stored_names() | set(job.lost_names)):
        is_over = attempt_files.attempt_number(attempt) < job.lease_number and not {attempt, name} & noted
        (stored.finished if is_over else stored.newer).append(name)


def _unreferred(found: Mapping[str, list[str]], referred: set[str]) -> Iterator[tuple[str, str]]:
    """Return attempts that nothing refers to, else those of their files; each with the attempt's name."""
    for attempt, names in found.items():
        unreferred = [name for name in (f"{attempt}/{name}" for name in names) if name not in referred]
        yield from ((attempt, name) for name in ([attempt] if len(unreferred) == len(names) else unreferred))


def _is_leased(job: TrainingJob) -> bool:
    return job.lease_until is not None and job.lease_until > clock.now()


def remove_work_folder_of(prefix: str, in_transaction: InTransaction) -> None:
    """Remove what this machine holds of the job whose files are below `prefix`: for removals.before_each."""
    job_id = prefix.rpartition("/")[2]
    if work_folders.is_job_id(job_id):
        work_folders.remove(job_id)


def _remove_work_folders() -> None:
    """Of an attempt that nobody works on the story stays, of an unknown job nothing, after days."""
    folders = work_folders.look()
    attempts_of = {
        name: list((Path(settings.WORK_DIR) / name).glob(f"{attempt_files.ATTEMPT}*")) for name in folders.known
    }
    for name in quarantine.due(folders, lambda name: 0):
        work_folders.remove(name)
    leases = TrainingJob.everything.filter(pk__in=folders.known).values_list("pk", "lease_until")
    for job_id, until in leases:
        if until is None or until < clock.now():
            for attempt in attempts_of[str(job_id)]:
                attempts.tidy(attempt)
