"""Takes archives in as datasets that a worker imports, and refuses what is known to be wrong at once."""

import logging
import uuid
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction

from datasets.formats.catalog import check_format
from datasets.importing.import_leases import Lease
from datasets.models import Dataset
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.sample import sample_dataset
from ftcml.accounts.models import Team, User
from ftcml.accounts.services import quota
from ftcml.celery import wake
from ftcml.core.files import storage
from ftcml.core.files.uploads import too_large
from ftcml.core.lease import LeaseLost
from ftcml.installation import identity, removals

log = logging.getLogger(__name__)

MAX_EVAL_PERCENT = 90
MAX_SEED = 999_999


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
    team: Team,
    user: User | None,
    upload: "File[bytes] | Path",
    description: str,
    choices: ImportChoices = ImportChoices(),
    dataset_id: uuid.UUID | None = None,
) -> Dataset:
    """Take an archive in and have a worker import it. Raises DatasetRefused for what is known to be wrong at once.

    A caller that may ask twice chooses the `dataset_id`: the second dataset of that id raises IntegrityError.
    """
    dataset, lease = receive(team, user, upload, description, choices, dataset_id)
    lease.release()
    dataset.refresh_from_db()
    transaction.on_commit(wake_import_worker)
    return dataset


def receive(
    team: Team,
    user: User | None,
    upload: "File[bytes] | Path",
    description: str,
    choices: ImportChoices = ImportChoices(),
    dataset_id: uuid.UUID | None = None,
) -> tuple[Dataset, Lease]:
    """Store an archive with its PRODUCING row, which the caller holds, so that no worker takes it.

    The row is written before the file: a file without a row is always unused. Raises DatasetRefused.
    """
    description = checked_description(description)
    _check_choices(choices)
    check_archive(upload)
    if refusal := identity.storage_refusal():
        raise DatasetRefused(Code.OTHER, text=refusal)
    take_room(team, _size(upload))
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        check_limit(team)
        key = dataset_id or uuid.uuid4()
        dataset = Dataset(pk=key, team=team, created_by=user, description=description, **asdict(choices))
        lease = Lease.new(dataset)
    try:
        storage.put(dataset.archive_name, upload, lease.beat_while_storing)
    except storage.StorageAway as away:
        _withdraw(dataset)
        raise DatasetRefused(Code.OTHER, text=str(away)) from None
    except LeaseLost:
        _withdraw(dataset)
        raise DatasetRefused(Code.DELETED_WHILE_STORED) from None
    except BaseException:
        _withdraw(dataset)
        raise
    return dataset, lease


def check_limit(team: Team) -> None:
    """Raise DatasetRefused while the team has as many datasets as one team may have; the trash doesn't count."""
    limit = settings.TEAM_MAX_DATASETS
    if Dataset.objects.for_team(team).exclude(state=Dataset.State.FAILED).count() >= limit:
        raise DatasetRefused(Code.TOO_MANY_DATASETS, most=limit)


def take_room(team: Team, size: int = 0) -> None:
    """Count so many bytes that come in. Raises DatasetRefused where the team has no room for them."""
    try:
        quota.take(team, size)
    except quota.StorageFull as full:
        raise DatasetRefused(Code.OTHER, text=str(full)) from None


def request_sample(team: Team, user: User | None) -> Dataset:
    """Have a worker draw the sample dataset for the team, and return it: the one that is there, where there is one.

    Raises DatasetRefused.
    """
    if refusal := identity.storage_refusal():
        raise DatasetRefused(Code.OTHER, text=refusal)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        made = Dataset.objects.for_team(team).filter(is_sample=True).exclude(state=Dataset.State.FAILED).first()
        if made:
            return made
        check_limit(team)
        sample = Dataset.objects.create(
            team=team, created_by=user, description=sample_dataset.DESCRIPTION, is_sample=True, keeps_split=False
        )
        transaction.on_commit(wake_import_worker)
    return sample


def _withdraw(dataset: Dataset) -> None:
    """Remove the row of an upload that did not arrive, with what was stored of it."""
    with transaction.atomic():
        Dataset.everything.filter(pk=dataset.pk).delete()
        removals.after_commit(dataset.prefix)


def wake_import_worker() -> None:
    """Tell an idle worker to look for imports."""
    wake("datasets.tasks.import_next")


def checked_description(description: str) -> str:
    """Return the description without needless spaces. Raises DatasetRefused."""
    longest = Dataset._meta.get_field("description").max_length or 0
    description = " ".join(description.split())
    if not 1 <= len(description) <= longest:
        raise DatasetRefused(Code.BAD_DESCRIPTION, most=longest)
    return description


def _check_choices(choices: ImportChoices) -> None:
    if not 0 <= choices.eval_percent <= MAX_EVAL_PERCENT:
        raise DatasetRefused(Code.BAD_PERCENT, most=MAX_EVAL_PERCENT)
    if choices.archive_format:
        check_format(choices.archive_format)
    if not 0 <= choices.split_seed <= MAX_SEED:
        raise DatasetRefused(Code.BAD_SEED, most=MAX_SEED)


def check_archive(upload: "File[bytes] | Path") -> None:
    """Check what is known about the file without unpacking it. Raises DatasetRefused."""
    size = _size(upload)
    if size > settings.IMPORT_MAX_ARCHIVE_BYTES:
        raise DatasetRefused(Code.OTHER, text=too_large(size))
    if not zipfile.is_zipfile(upload):
        raise DatasetRefused(Code.NOT_A_ZIP)


def _size(upload: "File[bytes] | Path") -> int:
    return upload.stat().st_size if isinstance(upload, Path) else upload.size
