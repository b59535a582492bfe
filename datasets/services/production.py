"""The verbs of a dataset: import, produce, download, delete; and what each of them must check."""

import errno
import logging
import shutil
import tempfile
import time
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import OperationalError, transaction
from django.db.models import PROTECT
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.utils.text import slugify

from datasets.formats.catalog import FORMATS, WRITTEN, Format
from datasets.importing.import_archive import NO_ARCHIVE, Import
from datasets.importing.import_leases import Lease, LeaseLost
from datasets.models import Dataset
from datasets.refusals import DatasetInUse, DatasetRefused
from datasets.services import downloads
from datasets.services.downloads import Download
from datasets.services.removal import remove_rows, wake_remover
from datasets.services.unused_files import WORK_PREFIX
from ftcml.accounts.models import Team, User
from ftcml.celery import wake
from ftcml.core.files import storage
from ftcml.core.files.streams import FileLost, begun
from ftcml.core.files.uploads import too_large
from ftcml.core.logging import logs
from ftcml.installation import identity, removals

log = logging.getLogger(__name__)

__all__ = [
    "BROKE",
    "DatasetInUse",
    "DatasetRefused",
    "ImportChoices",
    "delete_all",
    "delete_dataset",
    "differing_labels",
    "download",
    "fail",
    "held_by",
    "holders",
    "label_difference",
    "produce",
    "produce_held",
    "receive",
    "remove_if_deleted",
    "request_import",
    "too_much_memory",
]

MAX_EVAL_PERCENT = 90
MAX_SEED = 999_999
# A key of FORMATS: what a dataset is stored as, and downloaded as unless one says otherwise.
STORED_FORMAT = "records"
# How the sentence for an error begins that nobody foresaw.
BROKE = "Something in the server broke during the import."
_DIFFERING_NAMED = 3
_DIED_TOO_OFTEN = (
    "The import was cut off {attempts} times. Perhaps the server has too little memory for these pictures. Ask {who}."
)


@dataclass(frozen=True)
class ImportChoices:
    """How an archive becomes a dataset. `archive_format`: a key of formats/catalog.py, or "" to find out.

    `keeps_split`: use the archive's own split if it has one; else `eval_percent` of the frames, drawn by `split_seed`,
    are for evaluation. `merges_labels`: labels that differ only in capitals become one.
    """

    eval_percent: int = 20
    archive_format: str = ""
    keeps_split: bool = True
    split_seed: int = 0
    merges_labels: bool = False


def request_import(
    team: Team, user: User | None, upload: File | Path, description: str, choices: ImportChoices = ImportChoices()
) -> Dataset:
    """Take an archive in and have a worker import it. Raises DatasetRefused for what is known to be wrong at once."""
    dataset, lease = receive(team, user, upload, description, choices)
    lease.release()
    dataset.refresh_from_db()
    transaction.on_commit(wake_import_worker)
    return dataset


def receive(
    team: Team, user: User | None, upload: File | Path, description: str, choices: ImportChoices = ImportChoices()
) -> tuple[Dataset, Lease]:
    """Store an archive with its PRODUCING row, which the caller holds, so that no worker takes it.

    The row is written before the file: a file without a row is always a leftover. Raises DatasetRefused.
    """
    description = _checked_description(description)
    _check_choices(choices)
    _check_archive(upload)
    if refusal := _storage_refusal():
        raise DatasetRefused(refusal)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        limit = settings.TEAM_MAX_DATASETS
        if Dataset.objects.for_team(team).exclude(state=Dataset.State.FAILED).count() >= limit:
            raise DatasetRefused(
                f"Your team has reached its limit of {limit} dataset{pluralize(limit)}. Delete one first."
            )
        dataset = Dataset(team=team, created_by=user, description=description, **asdict(choices))
        lease = Lease.new(dataset)
    try:
        storage.put(dataset.archive_name, upload, lease.beat_while_storing)
    except storage.StorageAway as away:
        _withdraw(dataset)
        raise DatasetRefused(str(away)) from None
    except LeaseLost:
        _withdraw(dataset)
        raise DatasetRefused("This dataset was deleted while its zip file was being stored.") from None
    except BaseException:
        _withdraw(dataset)
        raise
    return dataset, lease


def _withdraw(dataset: Dataset) -> None:
    """Remove the row of an upload that did not arrive, with what was stored of it."""
    with transaction.atomic():
        Dataset.everything.filter(pk=dataset.pk).delete()
        removals.after_commit(dataset.prefix)


def _storage_refusal() -> str:
    """Why nothing can be stored now, "" where it can."""
    try:
        return identity.refusal() or storage.nearly_full()
    except storage.StorageAway as away:
        return str(away)


def wake_import_worker() -> None:
    """Tell an idle worker to look for imports."""
    wake("datasets.tasks.import_next")


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
    started = time.monotonic()
    try:
        if not storage.exists(dataset.archive_name):
            raise DatasetRefused(NO_ARCHIVE)
        if lease.attempt > settings.IMPORT_MAX_ATTEMPTS:
            raise DatasetRefused(_DIED_TOO_OFTEN.format(attempts=lease.attempt - 1, who=settings.SUPPORT_CONTACT))
        with _work_folder(dataset) as folder:
            Import(dataset, lease, folder, progress).run()
        storage.discard(dataset.archive_name)
        log.info("dataset %s of team %s: READY in %.1f s", dataset.pk, dataset.team_id, time.monotonic() - started)
    except LeaseLost as loss:
        log.info("%s", loss)
        remove_if_deleted(dataset)
    except DatasetRefused as refusal:
        fail(dataset, lease, str(refusal))
    except storage.StorageAway as away:
        _try_again(dataset, lease, away)
    except OperationalError:  # locked for long, or restarted: the lease runs out, and a worker begins anew
        log.exception("dataset %s of team %s: the database did not answer", dataset.pk, dataset.team_id)
    except Exception as error:
        log.exception("dataset %s of team %s: the import broke", dataset.pk, dataset.team_id)
        fail(dataset, lease, _sentence(error))


@contextmanager
def _work_folder(dataset: Dataset) -> Iterator[Path]:
    """A folder for the import alone. Raises DatasetRefused where none can be made."""
    try:
        settings.WORK_DIR.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{WORK_PREFIX}{dataset.pk}-", dir=settings.WORK_DIR))
    except OSError as error:
        log.exception("no work folder can be made in %s", settings.WORK_DIR)
        raise DatasetRefused(_disk_is_full() if error.errno == errno.ENOSPC else _no_work_folder()) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _try_again(dataset: Dataset, lease: Lease, away: storage.StorageAway) -> None:
    """Let the lease run out, after which a worker begins anew, as after a death; or give up after as many attempts."""
    log.warning("dataset %s of team %s: attempt %d: %s", dataset.pk, dataset.team_id, lease.attempt, away)
    if lease.attempt >= settings.IMPORT_MAX_ATTEMPTS:
        fail(dataset, lease, f"{away} Then import the file again.")


def fail(dataset: Dataset, lease: Lease, sentence: str) -> None:
    """End the import as FAILED, if it is still ours, and remove its rows and files.

    Its files stay where its archive isn't there: if the database is an older copy, a newer import made them.
    """
    has_archive = _has_archive(dataset)
    is_lost = has_archive is False
    why = NO_ARCHIVE if is_lost else sentence
    try:
        remove_rows(dataset, lease.transaction)
        lease.write(state=Dataset.State.FAILED, error=why, import_lease_until=None, files_lost=is_lost)
    except LeaseLost:
        remove_if_deleted(dataset)
        return
    level = logging.ERROR if is_lost else logging.INFO
    log.log(level, "dataset %s of team %s: FAILED. %s", dataset.pk, dataset.team_id, why)
    if has_archive:
        storage.discard_tree(dataset.prefix)


def _has_archive(dataset: Dataset) -> bool | None:
    """Return whether the dataset's archive is stored; None while that can't be known."""
    try:
        return storage.exists(dataset.archive_name)
    except storage.StorageAway:
        return None


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _disk_is_full()
    if isinstance(error, MemoryError):
        return too_much_memory()
    return f"{BROKE} Try again, or ask {settings.SUPPORT_CONTACT}."


def _disk_is_full() -> str:
    return f"The server's disk is full. Ask {settings.SUPPORT_CONTACT} to make room, then import the file again."


def _no_work_folder() -> str:
    return (
        f"The server can't write to its work folder. Ask {settings.SUPPORT_CONTACT} to look at it, then import the "
        "file again."
    )


def too_much_memory() -> str:
    """Why an import ended that took more memory than an import may."""
    return (
        f"This zip file needs more than the {settings.IMPORT_MAX_MEMORY_BYTES / 1e9:.1f} GB of memory that one import "
        "may use. Split it into smaller zip files, make very large pictures smaller, and import each zip file."
    )


def remove_if_deleted(dataset: Dataset) -> None:
    """A dataset deleted during its import: remove what the import wrote since."""
    if not Dataset.objects.filter(pk=dataset.pk).exists():
        storage.discard_tree(dataset.prefix)


def delete_dataset(dataset: Dataset) -> None:
    """Have a dataset gone for everybody at once; a worker removes its rows and files. Raises DatasetInUse.

    One short update, however large the dataset is. A job that starts now waits for it, and then finds no dataset.
    """
    with transaction.atomic():
        Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
        if names := holders([dataset]).get(dataset.pk):
            raise DatasetInUse(held_by(dataset, names))
        Dataset.objects.filter(pk=dataset.pk).update(deleted=timezone.now(), import_lease_until=None)
        transaction.on_commit(wake_remover)


def delete_all(datasets: Sequence[Dataset]) -> list[str]:
    """Remove every one that no model uses. Returns a sentence for each of the others."""
    refusals = []
    for dataset in datasets:
        try:
            delete_dataset(dataset)
        except DatasetInUse as refusal:
            refusals.append(str(refusal))
    return refusals


def holders(datasets: Sequence[Dataset]) -> dict[uuid.UUID, list[str]]:
    """What keeps each of the datasets from being deleted, by its key, in words; nothing for one that can be."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for relation in Dataset._meta.related_objects:
        if relation.on_delete is PROTECT:
            users = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": datasets})
            for user in users.select_related():
                found[getattr(user, relation.field.attname)].add(user.holder)
    return {key: sorted(names) for key, names in found.items()}


def held_by(dataset: Dataset, names: Sequence[str]) -> str:
    """Why a dataset cannot be deleted that these models use."""
    models = " and ".join(f"“{name}”" for name in names)
    return f"“{dataset}” was used by {models}. Delete that first, on the Models tab."


def label_difference(datasets: Sequence[Dataset]) -> str:
    """ "" when the datasets have the same labels, else a sentence that says which differ."""
    difference = differing_labels(datasets)
    return f"Only datasets with the same labels can be combined: {difference}." if difference else ""


def differing_labels(datasets: Sequence[Dataset]) -> str:
    """Which dataset lacks which labels of the others, as a part of a sentence; "" where all have the same.

    The first few by name, the others by number.
    """
    labels = {label for dataset in datasets for label in dataset.labels}
    missing = [
        f"“{dataset}” has no {_listed(sorted(labels - set(dataset.labels)))}"
        for dataset in datasets
        if labels - set(dataset.labels)
    ]
    others = len(missing) - _DIFFERING_NAMED
    return "; ".join(missing[:_DIFFERING_NAMED]) + (f"; and so on with {others} more" if others > 0 else "")


def download(dataset: Dataset, archive_format: str = STORED_FORMAT) -> Download:
    """The dataset as a zip in one of the formats of formats/catalog.py; by itself the label map and shards as stored.

    Raises DatasetRefused for an unknown format, and for a dataset that is not ready; FileLost where files are gone.
    """
    _check_format(archive_format, WRITTEN)
    if dataset.state != Dataset.State.READY:
        raise DatasetRefused("This dataset is not ready, so it has no files yet.")
    filename = f"{slugify(dataset.description) or 'dataset'}-{archive_format}.zip"
    if archive_format == STORED_FORMAT:
        names = [dataset.label_map_name, *dataset.shards.values_list("name", flat=True)]
        pieces = downloads.stored(names)
    else:
        names = [frame.picture_name for frame in dataset.frames.only("number", "split", "dataset")]
        pieces = downloads.written(WRITTEN[archive_format].write(downloads.samples(dataset), dataset.labels))
    _check_files(dataset, names)
    return Download(filename, begun(pieces, f"dataset {dataset.pk} of team {dataset.team_id} as {archive_format}"))


def _check_files(dataset: Dataset, names: Sequence[str]) -> None:
    """Raise FileLost unless all files are there: half an archive would only be noticed when it is opened."""
    if lost := storage.missing(names):
        log.error("dataset %s of team %s lacks %d files, %s first", dataset.pk, dataset.team_id, len(lost), lost[0])
        raise FileLost(
            f"The server has lost {len(lost)} of this dataset's files, so it can't be downloaded. "
            f"Import its zip file again, or ask {settings.SUPPORT_CONTACT}."
        )


def _listed(labels: list[str]) -> str:
    return " and no ".join(f"“{label}”" for label in labels)


def _checked_description(description: str) -> str:
    longest = Dataset._meta.get_field("description").max_length or 0
    description = " ".join(description.split())
    if not 1 <= len(description) <= longest:
        raise DatasetRefused(f"Give the dataset a description of 1 to {longest} letters.")
    return description


def _check_choices(choices: ImportChoices) -> None:
    if not 0 <= choices.eval_percent <= MAX_EVAL_PERCENT:
        raise DatasetRefused(f"Choose 0 to {MAX_EVAL_PERCENT} percent of the frames for evaluation.")
    if choices.archive_format:
        _check_format(choices.archive_format)
    if not 0 <= choices.split_seed <= MAX_SEED:
        raise DatasetRefused(f"Choose 0 to {MAX_SEED:,} as the number that the split is drawn by.")


def _check_format(key: str, formats: dict[str, Format] = FORMATS) -> None:
    if key not in formats:
        known = ", ".join(f"{known.name} (“{known.key}”)" for known in formats.values())
        raise DatasetRefused(f"There is no format “{key[:20]}” here. Choose one of these: {known}.")


def _check_archive(upload: File | Path) -> None:
    """What is known about the file without unpacking it."""
    size = upload.stat().st_size if isinstance(upload, Path) else upload.size
    if size > settings.IMPORT_MAX_ARCHIVE_BYTES:
        raise DatasetRefused(too_large(size))
    if not zipfile.is_zipfile(upload):
        raise DatasetRefused(
            "This is not a zip file. Zip the folder with the pictures and annotations, and choose that."
        )
