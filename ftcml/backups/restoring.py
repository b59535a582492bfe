"""A backup into an empty place: checked as a whole before anything is changed, and brought up to this version.

1. Compare every part of the backup with the manifest.
2. Keep the place: until the end its files belong to no database, so a server that starts here does nothing with them.
3. Make the tables of the backup's version, load the rows by one transaction, and bring them up to date.
4. Store the files, and read them back.
5. Give the files to the database, and look for what contradicts itself.

The same command resumes a restore that was stopped: files that are there aren't stored again.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ftcml.backups import manifest as parts
from ftcml.backups import messages, places
from ftcml.backups.files import sending
from ftcml.backups.files.copying import folder_at
from ftcml.backups.files.file_index import FileIndex
from ftcml.backups.making import LEFT_OUT
from ftcml.backups.manifest import Manifest
from ftcml.backups.places import Claim
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused, told
from ftcml.backups.rows import loading, row_files
from ftcml.backups.rows.tables import Row, Table, tables
from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost
from ftcml.installation import identity
from training.integrity import integrity_check
from training.integrity.storage_audit import Audit
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.services.jobs import LostRace
from training.worker.results import outcomes

# In the history of a job that was at work when the backup was made.
_BY = "restore"


@dataclass(frozen=True)
class Restored:
    """What was restored. `findings`: what the integrity check found, a line each."""

    manifest: Manifest
    resumed_jobs: int
    findings: list[str]


class _StoredRows:
    """The rows in a backup's files."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest

    def of(self, table: Table) -> Iterator[Row]:
        if table.label in self._manifest.tables:
            yield from row_files.read(table, parts.row_file(self._folder, table.label))

    def last_number(self, table: Table) -> int:
        stored = self._manifest.tables.get(table.label)
        return stored.last_number if stored else 0


def check(folder: Path, progress: Progress) -> Manifest:
    """Read the whole backup and compare it with its manifest. Raises BackupRefused."""
    manifest = Manifest.read(folder)
    known = MigrationLoader(connection).graph.nodes
    if any(leaf not in known for leaf in manifest.leaves):
        raise BackupRefused(messages.newer_version(manifest.version))
    checksums = {parts.row_file(folder, label): table.file_sha256 for label, table in manifest.tables.items()}
    checksums |= {folder / parts.WEIGHTS / name: checksum for name, checksum in manifest.weights.items()}
    checksums[folder / parts.INDEX] = manifest.index_sha256
    for path, checksum in checksums.items():
        if not path.is_file() or row_files.sha256_of(path) != checksum:
            raise BackupRefused(messages.damaged(str(path)))
    with progress.stage(messages.CHECKING, manifest.files, "files"), parts.index_of(folder) as index:
        for file in sending.changed(index, folder_at(folder / parts.FILES), progress):
            raise BackupRefused(messages.damaged(file.name))
    return manifest


def restore(folder: Path, progress: Progress) -> Restored:
    """Restore the backup in `folder` into the empty place of the settings. Raises BackupRefused."""
    with told(), places.without_server():
        by = messages.name_of_restore(folder, Manifest.read(folder).created)
        places.check(by)
        manifest = check(folder, progress)
        _load(folder, manifest, places.claim(by), progress)
        with parts.index_of(folder) as index:
            _store(index, folder, progress)
        _put_weights(folder / parts.WEIGHTS, manifest)
        resumed = _put_jobs_back()
        identity.adopt()
    return Restored(manifest, resumed, _findings())


def _load(folder: Path, manifest: Manifest, claim: Claim, progress: Progress) -> None:
    of_then = tables(loading.make_tables(manifest.leaves))
    columns = {table.label: table.columns for table in of_then if table.label not in LEFT_OUT}
    if columns != {label: table.columns for label, table in manifest.tables.items()}:
        raise BackupRefused(messages.other_tables(manifest.version))
    with progress.stage(messages.LOADING_ROWS, manifest.rows, "rows"):
        loading.load(of_then, _StoredRows(folder, manifest), progress.advance, claim.database)
    call_command("migrate", verbosity=0)


def _store(index: FileIndex, folder: Path, progress: Progress) -> None:
    source, target = folder_at(folder / parts.FILES), storage.backend()
    files, _ = index.total()
    with progress.stage(messages.STORING, files, "files"):
        sending.send_all(index, source, target, progress)
    with progress.stage(messages.READING_BACK, files, "files"):
        sending.set_right(index, source, target, progress)


def _put_weights(folder: Path, manifest: Manifest) -> None:
    target = Path(settings.WEIGHTS_DIR)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in manifest.weights:
        shutil.copyfile(folder / name, target / Path(name).name)


def _put_jobs_back() -> int:
    """Queue the jobs that were at work, which no worker has now. It isn't their fault, so none counts it as a crash."""
    jobs = list(TrainingJob.objects.exclude(lease_until=None))
    for job in jobs:
        with suppress(LostRace, LeaseLost):
            outcomes.put_back(job, _BY, Reason(Code.SHUT_DOWN))
    return len(jobs)


def _findings() -> list[str]:
    contradictions = (
        messages.contradicts_itself(job.pk, reason.code) for job, reason in integrity_check.contradictory()
    )
    return [*Audit.now().lines(), *contradictions]
