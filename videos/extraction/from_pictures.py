"""Frames out of a set of pictures: each that can be read becomes one, in the order of their names."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ftcml.core.files import storage
from ftcml.core.files.natural_order import natural_key
from ftcml.core.pictures.all_upright import upright_pictures
from ftcml.core.pictures.upright import TooLargePicture, UndecodablePicture, UprightPicture
from ftcml.core.reasons import Reason
from ftcml.core.repairs import PictureKind, PictureNote, Repairs
from videos.extraction.taken import TakenFrame
from videos.models import Video
from videos.reasons import Code, Param
from videos.refusals import VideoRefused


@dataclass(frozen=True)
class UploadedPicture:
    """`filename`: as people named it; `name`: where it is stored."""

    filename: str
    name: str

    def read(self) -> bytes:
        with storage.open_file(self.name) as file:
            return file.read()


class FromPictures:
    """The pictures that were uploaded as one set.

    `former`: how many frames of it are stored. `heartbeat`: called all the while.
    """

    def __init__(self, video: Video, former: int, heartbeat: Callable[[], object]) -> None:
        self._former, self._heartbeat = former, heartbeat
        self._pictures = [UploadedPicture(upload.filename, upload.stored_name) for upload in _in_order(video)]
        self._repairs = Repairs[PictureKind]()
        self._sizes: set[tuple[int, int]] = set()
        self.total = len(self._pictures)

    def frames(self) -> Iterator[TakenFrame]:
        done = 0
        with closing(upright_pictures(self._pictures)) as pictures:
            for file, future in pictures:
                self._heartbeat()
                if picture := self._readable(file.filename, future):
                    done += 1
                    self._sizes.add(picture.size)
                    if done > self._former:
                        yield TakenFrame(
                            picture.jpeg, picture.width, picture.height, picture.fingerprint, filename=file.filename
                        )
        if not done:
            raise self._nothing_readable()

    def facts(self) -> dict[str, Any]:
        """`frames_in_video`: as many as there are pictures that can be read."""
        width, height = next(iter(self._sizes)) if len(self._sizes) == 1 else (0, 0)
        skipped = self._repairs.files[PictureKind.PICTURE_SKIPPED] + self._repairs.files[PictureKind.PICTURE_TOO_LARGE]
        return {
            "width": width,
            "height": height,
            "frames_in_video": self.total - skipped,
            "repairs": self._repairs.entries(),
        }

    def _readable(self, filename: str, picture: Future[UprightPicture]) -> UprightPicture | None:
        """The finished picture; None, with a note, for one that can't be read."""
        try:
            done = picture.result()
        except TooLargePicture:
            self._repairs.add(
                PictureKind.PICTURE_TOO_LARGE, filename, Reason(PictureNote.TOO_MANY_PIXELS, _most_pixels())
            )
            return None
        except UndecodablePicture:
            self._repairs.add(PictureKind.PICTURE_SKIPPED, filename, Reason(PictureNote.PICTURE_DAMAGED))
            return None
        if done.is_completed:
            self._repairs.add(PictureKind.COMPLETED, filename, Reason(PictureNote.LAST_BYTES_PUT_BACK))
        return done

    def _nothing_readable(self) -> VideoRefused:
        if file := self._repairs.examples.get(PictureKind.PICTURE_SKIPPED):
            return VideoRefused(Code.NOT_A_PICTURE, file=file)
        file = self._repairs.examples.get(PictureKind.PICTURE_TOO_LARGE, "")
        return VideoRefused(Code.PICTURE_TOO_MANY_PIXELS, file=file, **_most_pixels())


def _most_pixels() -> dict[str, Param]:
    return {"megapixels": settings.IMPORT_MAX_PIXELS / 1_000_000}


def _in_order(video: Video) -> list[Any]:
    """The rows of the uploaded pictures in the order in which people number them."""
    uploads = video.uploads.filter(completed__isnull=False).order_by("created", "id")
    return sorted(uploads, key=lambda upload: natural_key(upload.filename))
