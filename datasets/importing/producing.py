"""Does the import of a dataset that somebody holds: it ends READY, or FAILED with its reason and without files."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings

from datasets import messages
from datasets.importing.edited_copy import EditedCopy
from datasets.importing.import_archive import Import
from datasets.importing.import_leases import Lease
from datasets.importing.row_removal import remove_rows
from datasets.models import Dataset, DatasetVideo
from datasets.production.from_videos import FromVideos
from datasets.reasons import Code, Reason
from datasets.refusals import DatasetRefused
from ftcml.core.files import storage
from ftcml.core.lease import LeaseLost
from ftcml.core.logging import logs
from ftcml.core.work.bounds import Bounds
from ftcml.core.work.breaking import Breaking
from ftcml.core.work.work_folders import work_folder
from machine.children import Limits

log = logging.getLogger(__name__)

WORK_PREFIX = "import-"


def bounds() -> Bounds:
    """Return what one import may use."""
    limits = Limits(
        settings.IMPORT_MAX_PROCESSOR_SECONDS, settings.IMPORT_MAX_SECONDS, settings.IMPORT_MAX_MEMORY_BYTES
    )
    return Bounds(limits, settings.IMPORT_MAX_STEP_SECONDS)


def produce(dataset: Dataset) -> None:
    """Do the import of a PRODUCING dataset: it ends READY, or FAILED with its reason and without files.

    Nothing happens when another process works on it, or when it was deleted.
    """
    if lease := Lease.claim(dataset):
        produce_held(dataset, lease)


def produce_held(dataset: Dataset, lease: Lease, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """The same for a dataset that the caller holds. `progress` is called with (pictures done, pictures in all)."""
    with logs.about(dataset.team_id, dataset_id=dataset.pk):
        _import(dataset, lease, progress)
    with suppress(Dataset.DoesNotExist):  # deleted meanwhile
        dataset.refresh_from_db()


def _import(dataset: Dataset, lease: Lease, progress: Callable[[int, int], None]) -> None:
    """Import, and settle what becomes of the dataset."""
    breaking = Breaking(
        lease=lease,
        bounds=bounds(),
        most_attempts=settings.IMPORT_MAX_ATTEMPTS,
        about=f"dataset {dataset.pk} of team {dataset.team_id}",
        fail=lambda reason: fail(dataset, lease, reason),
        gone=lambda: remove_if_deleted(dataset),
    )
    with breaking.settled():
        try:
            _make(dataset, lease, progress)
        except DatasetRefused as refusal:
            fail(dataset, lease, refusal.reason)


def _make(dataset: Dataset, lease: Lease, progress: Callable[[int, int], None]) -> None:
    """Make the dataset READY. Raises DatasetRefused, LeaseLost, and whatever breaks."""
    started = time.monotonic()
    if not _source_is_there(dataset):
        raise DatasetRefused(_source_gone(dataset))
    if lease.attempt > settings.IMPORT_MAX_ATTEMPTS:
        raise DatasetRefused(Code.CUT_OFF, attempts=lease.attempt - 1)
    with work_folder(WORK_PREFIX, dataset.pk) as folder:
        _work(dataset)(dataset, lease, folder, progress).run()
    storage.discard(dataset.archive_name)
    log.info("dataset %s of team %s: READY in %.1f s", dataset.pk, dataset.team_id, time.monotonic() - started)


def _work(dataset: Dataset) -> type[EditedCopy] | type[FromVideos] | type[Import]:
    """What makes the dataset."""
    if dataset.edits:
        return EditedCopy
    return FromVideos if dataset.production else Import


def fail(dataset: Dataset, lease: Lease, reason: Reason) -> None:
    """End the import as FAILED, if it is still ours, and remove its rows and files.

    Its files stay where what they are made from isn't there: if the database is an older copy, a newer one has them.
    """
    has_source = _has_source(dataset)
    is_lost = has_source is False
    why = Reason(_source_gone(dataset)) if is_lost else reason
    try:
        remove_rows(dataset, lease.transaction)
        with lease.transaction():
            DatasetVideo.objects.filter(dataset=dataset).delete()  # it keeps no video from being deleted
            lease.release(
                state=Dataset.State.FAILED, reason_code=why.code, reason_params=why.params, files_lost=is_lost
            )
    except LeaseLost:
        remove_if_deleted(dataset)
        return
    level = logging.ERROR if is_lost else logging.INFO
    log.log(level, "dataset %s of team %s: FAILED. %s", dataset.pk, dataset.team_id, messages.words(why))
    if has_source:
        storage.discard_tree(dataset.prefix)


def _has_source(dataset: Dataset) -> bool | None:
    """Return whether what the dataset is made from is stored; None while that can't be known."""
    try:
        return _source_is_there(dataset)
    except storage.StorageAway:
        return None


def _source_is_there(dataset: Dataset) -> bool:
    """Whether its archive is stored, or the dataset that it is an edited copy of.

    A sample needs neither, nor do frames of videos, whose pictures are looked for one by one.
    """
    if dataset.is_sample or (dataset.production and not dataset.edits):
        return True
    if not dataset.edits:
        return storage.exists(dataset.archive_name)
    source = dataset.edited_from
    return source is not None and storage.exists(source.label_map_name)


def _source_gone(dataset: Dataset) -> Code:
    return Code.EDITED_DATASET_GONE if dataset.edits else Code.NO_ARCHIVE


def remove_if_deleted(dataset: Dataset) -> None:
    """Remove what an import wrote since its dataset was deleted for good. From the trash it may go on."""
    if not Dataset.kept.filter(pk=dataset.pk).exists():
        storage.discard_tree(dataset.prefix)
