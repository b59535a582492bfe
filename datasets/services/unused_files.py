"""Files that no dataset needs: those that no row uses anymore, and those that no row knows."""

import logging
import time
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from datasets.importing.import_leases import Lease
from datasets.importing.producing import WORK_PREFIX
from datasets.importing.to_frames import taking_in
from datasets.importing.to_frames.frame_leases import FrameLease
from datasets.models import Dataset
from ftcml.core.files import storage
from ftcml.core.work import work_folders
from ftcml.installation import identity, quarantine, removals
from ftcml.installation.quarantine import Stored

log = logging.getLogger(__name__)

_KIND = "datasets"
_SECONDS_AN_UPLOAD_MAY_TAKE = 24 * 3600


def remove_unused_files() -> None:
    """Remove folders of datasets that failed, archives that were imported, unfinished uploads, and what no row has
    known for days. Nothing while it isn't known that the files are this database's."""
    if identity.work_must_wait():
        return
    stored = look()
    for name in (*stored.finished, *quarantine.due(stored, storage.tree_size)):
        log.info("removing %s, which no dataset needs", name)
        storage.remove_any(name)
    remove_work_folders()
    _remove_uploads()


def remove_work_folders() -> None:
    """Remove what dead workers of this machine have left."""
    work_folders.remove_unheld(WORK_PREFIX, Lease.work)
    work_folders.remove_unheld(taking_in.WORK_PREFIX, FrameLease.work)


def look() -> Stored:
    """Return what is stored of datasets: their folders by name, and archives that were imported.

    A row is written before its first file, so the folders are listed before the rows are read. The files of an import
    that failed here, without the archive of which they are made, may be those of a newer import.
    """
    found = storage.folders_of_teams(_KIND)
    keys = {str(pk) for pk in Dataset.everything.values_list("pk", flat=True)}
    over = {dataset.prefix: dataset for dataset in _over()}
    without_archive = [
        name
        for name in over.keys() & found.values()
        if over[name].has_archive and not storage.exists(over[name].archive_name)
    ]
    archives = [ready.archive_name for ready in Dataset.kept.filter(state=Dataset.State.READY).only("team_id")]
    return Stored(
        kind=_KIND,
        known=[name for key, name in found.items() if key in keys],
        finished=[
            *(name for name in found.values() if name in over and name not in without_archive),
            *(name for name in archives if storage.exists(name)),
        ],
        unknown=[name for key, name in found.items() if key not in keys and not removals.is_due(name)],
        newer=without_archive,
    )


def found() -> identity.Found:
    """Return what is there of datasets, for identity.before_making."""
    stored = storage.folders_of_teams(_KIND).keys()
    keys = {str(pk) for pk in Dataset.everything.values_list("pk", flat=True)}
    with_files = Dataset.kept.filter(state=Dataset.State.READY, shards__isnull=False)
    return identity.Found.of(stored, keys, with_files.exists())


def _over() -> QuerySet[Dataset]:
    """Return the datasets that need no files anymore. One that lost some needs what is left."""
    return Dataset.everything.filter(state=Dataset.State.FAILED, files_lost=False).only(
        "team_id", "edits", "is_sample", "production"
    )


def _remove_uploads() -> None:
    for upload in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        if time.time() - upload.stat().st_mtime > _SECONDS_AN_UPLOAD_MAY_TAKE:
            upload.unlink(missing_ok=True)
