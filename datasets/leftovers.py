"""Files that a killed process left behind, found by what the rows do not know."""

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from datasets.models import Dataset
from ftcml import storage

log = logging.getLogger(__name__)

WORK_PREFIX = "import-"
_SECONDS_AN_UPLOAD_MAY_TAKE = 24 * 3600
_ID_LENGTH = len(str(UUID(int=0)))


def remove_leftovers() -> None:
    """Remove folders of datasets that failed or are gone, archives that were imported, and unfinished uploads."""
    for name in stored_leftovers():
        log.info("removing %s, which no dataset needs", name)
        storage.remove_any(name)
    _remove_work_folders()
    _remove_uploads()


def stored_leftovers() -> Iterator[str]:
    """The names in the storage of folders of no dataset, or of a failed one, and of archives that were imported.

    A row is written before its first file, so the folders are listed before the rows are read.
    """
    found = {
        folder: f"teams/{team}/datasets/{folder}"
        for team in storage.folders("teams")
        for folder in storage.folders(f"teams/{team}/datasets")
    }
    kept = Dataset.objects.exclude(state=Dataset.State.FAILED, files_lost=False).values_list("pk", flat=True)
    yield from (found[folder] for folder in found.keys() - {str(pk) for pk in kept})
    for dataset in Dataset.objects.filter(state=Dataset.State.READY).only("team_id"):
        if storage.exists(dataset.archive_name):
            yield dataset.archive_name


def _remove_work_folders() -> None:
    folders = list(settings.WORK_DIR.glob(f"{WORK_PREFIX}*"))
    live = Dataset.objects.filter(state=Dataset.State.PRODUCING, import_lease_until__gt=timezone.now())
    kept = {str(pk) for pk in live.values_list("pk", flat=True)}
    for folder in folders:
        if folder.name.removeprefix(WORK_PREFIX)[:_ID_LENGTH] not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_uploads() -> None:
    for upload in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        if time.time() - upload.stat().st_mtime > _SECONDS_AN_UPLOAD_MAY_TAKE:
            upload.unlink(missing_ok=True)
