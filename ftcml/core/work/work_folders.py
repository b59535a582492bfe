"""A folder of this machine for one attempt alone, with what it needs on the way."""

import errno
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

from ftcml.core import clock
from ftcml.core.work.attempts import Work

log = logging.getLogger(__name__)

_ID_LENGTH = len(str(UUID(int=0)))


class NoWorkFolder(Exception):
    """No folder can be made. `disk_is_full`: because the disk is full."""

    def __init__(self, disk_is_full: bool) -> None:
        super().__init__(disk_is_full)
        self.disk_is_full = disk_is_full


@contextmanager
def work_folder(prefix: str, pk: object) -> Iterator[Path]:
    """A folder for work on the row `pk`, removed afterwards. Raises NoWorkFolder."""
    try:
        settings.WORK_DIR.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{pk}-", dir=settings.WORK_DIR))
    except OSError as error:
        log.exception("no work folder can be made in %s", settings.WORK_DIR)
        raise NoWorkFolder(error.errno == errno.ENOSPC) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_of(prefix: str, pk: object) -> None:
    """Remove the folders that a process left that was ended at its work on the row `pk`."""
    for folder in settings.WORK_DIR.glob(f"{prefix}{pk}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def remove_unheld(prefix: str, work: Work) -> None:
    """Remove the folders of work that no live process does: those of rows that nobody holds now.

    A row is held before its folder is made, so the folders are listed before the rows are read.
    """
    folders = list(settings.WORK_DIR.glob(f"{prefix}*"))
    kept = {str(pk) for pk in work.rows.filter(work.in_force(clock.now())).values_list("pk", flat=True)}
    for folder in folders:
        if folder.name.removeprefix(prefix)[:_ID_LENGTH] not in kept:
            shutil.rmtree(folder, ignore_errors=True)
