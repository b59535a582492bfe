"""Makes one export: a zip in a folder of this machine, which is stored when it is whole.

Memory doesn't grow with the data: pieces go into the file as they come, and a dataset or a video is a zip of its own
inside, so that the list of entries stays short.
"""

import errno
import logging
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.core.lease import LeaseLost
from ftcml.core.work import work_folders
from ftcml.privacy.models import Export
from ftcml.privacy.reasons import Code
from ftcml.privacy.services.exports import contents
from ftcml.privacy.services.exports.contents import File, Thing
from ftcml.privacy.services.exports.export_leases import MOST_ATTEMPTS, WORK_PREFIX, ExportLease

log = logging.getLogger(__name__)

_PIECE = 256 * 1024


class _DiskFull(Exception):
    """There is less room than must stay free."""


def make(export: Export, lease: ExportLease) -> None:
    """Make the file, and say in the row what became of it. One that is stopped meanwhile leaves nothing."""
    began = time.monotonic()
    export.attempts = lease.attempt
    try:
        _try(export, lease)
    except LeaseLost:
        log.info("%s was stopped, or another worker has it", export)
        storage.discard(export.stored_name)
    finally:
        ExportLease.work.note_seconds(export.pk, time.monotonic() - began)


def _try(export: Export, lease: ExportLease) -> None:
    if lease.attempt > MOST_ATTEMPTS:
        _fail(lease, Code.GAVE_UP)
        return
    try:
        with work_folders.work_folder(WORK_PREFIX, export.pk) as folder:
            path = folder / "export.zip"
            things = list(_things(export))
            lease.write(things_total=len(things), things_done=0, bytes_done=0)
            _write(path, things, lease)
            if export.season_id:  # what it holds is removed afterwards
                _check(path, lease)
            lease.renew()
            storage.put(export.stored_name, path, lease.beat)
            lease.release(state=Export.State.READY, ended=clock.now(), bytes_done=path.stat().st_size)
    except (_DiskFull, work_folders.NoWorkFolder):
        _fail(lease, Code.DISK_FULL)
    except FileNotFoundError:
        log.exception("%s: a file went away while it was written", export)
        lease.release()  # the next attempt leaves it out
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _fail(lease, Code.DISK_FULL)
    except StorageAway:
        lease.give_back()


def _fail(lease: ExportLease, code: Code) -> None:
    lease.release(state=Export.State.FAILED, reason_code=code, ended=clock.now())


def _things(export: Export) -> Iterator[Thing]:
    if export.team_id:
        return contents.of_team(Team.objects.get(pk=export.team_id))
    assert export.person_id
    return contents.of_person(User.objects.get(pk=export.person_id))


def _write(path: Path, things: list[Thing], lease: ExportLease) -> None:
    written = 0
    with zipfile.ZipFile(path, "w") as archive:
        for number, thing in enumerate(things):
            for file in thing():
                for count in _add(archive, file):
                    written += count
                    lease.beat(bytes_done=written, things_done=number)
                    if storage.nearly_full():
                        raise _DiskFull
            lease.beat(things_done=number + 1)


def _check(path: Path, lease: ExportLease) -> None:
    """Read all of it again. Raises BadZipFile, and then nothing is removed for its sake."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as source:
                while source.read(_PIECE):
                    lease.beat()


def _add(archive: zipfile.ZipFile, file: File) -> Iterator[int]:
    """Write the file into the archive, and yield how many bytes each of its pieces has."""
    entry = zipfile.ZipInfo(file.path, date_time=clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if file.is_packed else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w", force_zip64=True) as target:
        for piece in file.pieces:
            target.write(piece)
            yield len(piece)
