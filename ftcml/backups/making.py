"""A backup while the server runs: the rows of one moment, and every file that they name.

1. Copy the files that rows name now, twice: the first time may take hours, the second is short.
2. Look at the database at one moment. Copy what is new. Where all that rows name is there now, write the rows down.
   Otherwise something was removed meanwhile: look again, at a later moment. What is missing at two moments one after
   another was lost before, and the backup says so.
3. Remove what rows don't name any more, write the manifest, and only then give the folder its name.

Who stops it loses little: the next one continues in the same folder.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ftcml.backups import manifest as parts
from ftcml.backups import messages
from ftcml.backups.files.file_index import FileIndex
from ftcml.backups.files.gathering import FormerBackup, Gathering
from ftcml.backups.manifest import Manifest
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused, told
from ftcml.backups.rows import numbering, row_files, snapshot
from ftcml.backups.rows.row_files import StoredTable
from ftcml.backups.rows.tables import tables
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import identity, named_files
from ftcml.installation.models import Installation
from ftcml.installation.version import version

UNFINISHED = ".ftcml-unfinished"
# Who has a backup can't act as a person who is signed in. The secret key isn't in it for the same reason.
LEFT_OUT = ("sessions.session",)
_MOST_MOMENTS = 10


@dataclass(frozen=True)
class Made:
    """A new backup. `copied`, `copied_bytes`: the files that the backup before didn't have."""

    folder: Path
    manifest: Manifest
    copied: int
    copied_bytes: int


def back_up(place: Path, progress: Progress) -> Made:
    """Make a backup in a folder of its own in `place`. Raises BackupRefused."""
    with told():
        identity.check()
        _check_version()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = place / UNFINISHED
        folder.mkdir(mode=0o700, exist_ok=True)
        with _only_one(folder):
            return _make(folder, place, progress)


def remove_older(place: Path, keep: int) -> list[Path]:
    """Remove all complete backups in `place` but the newest. Return what was removed."""
    outdated = [folder for folder, _ in parts.complete_in(place)][keep:]
    for folder in outdated:
        shutil.rmtree(folder)
    return outdated


def _make(folder: Path, place: Path, progress: Progress) -> Made:
    for name in (parts.ROWS, parts.WEIGHTS):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    with ExitStack() as opened:
        index = opened.enter_context(FileIndex(folder / parts.INDEX))
        former = _former(place, opened)
        source = storage.backend()
        gathering = Gathering(source, named_files.in_turn, index, folder / parts.FILES, former)
        _copy_ahead(gathering, progress)
        stored, lost = _at_one_moment(gathering, index, folder, progress)
        gathering.remove_unwanted()
        files, size = index.total()
    manifest = Manifest(
        format=parts.FORMAT,
        version=version(),
        created=f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        identity=_identity(),
        leaves=_leaves(),
        tables=stored,
        files=files,
        file_bytes=size,
        index_sha256=row_files.sha256_of(folder / parts.INDEX),
        weights=_keep_weights(folder / parts.WEIGHTS),
        lost=lost,
    )
    os.sync()
    manifest.write(folder)
    os.sync()
    complete = folder.rename(_new_name(place))
    return Made(complete, manifest, gathering.copied, gathering.copied_bytes)


def _new_name(place: Path) -> Path:
    """Return what the backup is called once it's complete: by the time, and never as another one."""
    name = place / f"{parts.NAME}-{clock.now():%Y%m%d-%H%M%S}"
    more = (name.with_name(f"{name.name}-{number}") for number in count(2))
    return next(path for path in chain([name], more) if not path.exists())


def _copy_ahead(gathering: Gathering, progress: Progress) -> None:
    """Copy what is there, while the database isn't held at one moment."""
    for sentence in (messages.COPYING, messages.COPYING_NEW):
        gathering.copy(progress, sentence)
        gathering.confirm(gathering.still_named())


def _at_one_moment(
    gathering: Gathering, index: FileIndex, folder: Path, progress: Progress
) -> tuple[dict[str, StoredTable], list[str]]:
    """Write the rows of a moment whose files are all there. Return the tables, and what was lost before."""
    missing: set[str] = set()
    for _ in range(_MOST_MOMENTS):
        with snapshot.one_moment():
            gathering.copy(progress, messages.COPYING_LAST)
            gathering.confirm(snapshot.as_it_is_now(gathering.still_named))
            before, missing = missing, set(index.missing())
            if missing <= before:
                return _write_rows(folder, progress), sorted(missing)
    raise BackupRefused(messages.ALWAYS_CHANGING)


def _write_rows(folder: Path, progress: Progress) -> dict[str, StoredTable]:
    wanted = [table for table in tables(apps) if table.label not in LEFT_OUT]
    stored = {}
    with progress.stage(messages.WRITING_ROWS, len(wanted), "tables"):
        for table in wanted:
            last = numbering.last(table) if table.counted else 0
            path = parts.row_file(folder, table.label)
            stored[table.label] = row_files.write(table, table.rows("default"), path, last)
            progress.advance()
    return stored


def _keep_weights(folder: Path) -> dict[str, str]:
    """Copy the installed starting weights. Return their checksums."""
    kept = [path for path in sorted(Path(settings.WEIGHTS_DIR).glob("[!.]*")) if path.is_file()]
    for path in kept:
        shutil.copyfile(path, folder / path.name)
    return {path.name: row_files.sha256_of(folder / path.name) for path in kept}


def _former(place: Path, opened: ExitStack) -> FormerBackup | None:
    """Return the newest complete backup of this installation in `place`."""
    for folder, manifest in parts.complete_in(place):
        if manifest.identity == _identity():
            return FormerBackup(opened.enter_context(parts.index_of(folder)), folder / parts.FILES)
    return None


def _identity() -> str:
    return str(Installation.objects.get())


def _leaves() -> list[tuple[str, str]]:
    return sorted(MigrationExecutor(connection).loader.graph.leaf_nodes())


def _check_version() -> None:
    """Raise BackupRefused where the database isn't of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupRefused(messages.OTHER_VERSION)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Keep a second backup out of the folder. Raises BackupRefused."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupRefused(messages.already_under_way(folder.parent)) from None
    finally:
        os.close(descriptor)
