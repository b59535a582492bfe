"""The pictures of an archive, made upright one after the other, and a note for each that can't be read."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from datasets.archive.zip_archive import Archive, UnreadableFile, too_much_unpacked
from datasets.formats.common.samples import Found, Sample
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs
from ftcml.core.files import storage
from ftcml.core.pictures.all_upright import upright_pictures
from ftcml.core.pictures.upright import TooLargePicture, UndecodablePicture, UprightPicture
from ftcml.core.work.attempts import AttemptLease

# More than one picture in so many that cannot be read, and the set is refused.
_ONE_IN = 10


@contextmanager
def opened_archive(stored_name: str, folder: Path, lease: AttemptLease) -> Iterator[Archive]:
    """The uploaded archive, fetched into the folder where it is stored elsewhere. Raises DatasetRefused."""
    try:
        path = storage.local_path(stored_name, folder, lease.beat)
    except FileNotFoundError:
        raise DatasetRefused(Code.NO_ARCHIVE) from None
    with path.open("rb") as upload:
        yield Archive(upload, heartbeat=lease.beat)


@dataclass(frozen=True)
class RepairedPictures:
    """Makes pictures upright for a holder of `lease`. `progress` is called with (pictures done, pictures in all)."""

    lease: AttemptLease
    progress: Callable[[int, int], None]
    repairs: Repairs

    def of(self, found: Found) -> Iterator[tuple[Sample, UprightPicture]]:
        """Yield each sample whose picture can be read, in order.

        Raises DatasetRefused where too many can't be, or all of them together are too large.
        """
        room = settings.IMPORT_MAX_UNPACKED_BYTES
        with closing(upright_pictures(found.samples)) as pictures:
            for number, (sample, future) in enumerate(pictures, start=1):
                if picture := self._read(sample, future, found.total):
                    room -= len(picture.jpeg)
                    if room < 0:
                        raise too_much_unpacked()
                    yield sample, picture
                self.lease.beat(frames_done=number, frames_total=found.total)
                self.progress(number, found.total)

    def _read(self, sample: Sample, picture: Future[UprightPicture], of: int) -> UprightPicture | None:
        try:
            return picture.result()
        except TooLargePicture:
            megapixels = settings.IMPORT_MAX_PIXELS / 1_000_000
            note = Reason(Note.TOO_MANY_PIXELS, {"megapixels": megapixels})
            self.repairs.add(Kind.PICTURE_TOO_LARGE, sample.filename, note)
            if self.repairs.files[Kind.PICTURE_TOO_LARGE] == of:
                raise DatasetRefused(Code.PICTURE_TOO_LARGE, file=sample.filename, megapixels=megapixels) from None
            return None
        except (UndecodablePicture, UnreadableFile):
            self.repairs.add(Kind.PICTURE_SKIPPED, sample.filename, Reason(Note.PICTURE_DAMAGED))
        broken = self.repairs.files[Kind.PICTURE_SKIPPED]
        if broken * _ONE_IN > of:
            raise DatasetRefused(Code.TOO_MANY_UNREADABLE, pictures=of, file=sample.filename)
        return None
