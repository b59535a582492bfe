"""Makes a dataset's zip file while it is sent. It is never whole in memory or on the disk."""

import io
import logging
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from datasets.formats.catalog import WRITTEN, check_format, writer
from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.common.written_files import FileContent
from datasets.messages import page_words as messages
from datasets.models import Dataset, Frame, FrameBox
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.split import Split
from ftcml.audit.services import access_log
from ftcml.audit.services.access_log import Kind, Thing
from ftcml.core.files import storage
from ftcml.core.files.streams import FileLost, begun

log = logging.getLogger(__name__)

# A key of FORMATS: what a dataset is stored as, and downloaded as unless one says otherwise.
STORED_FORMAT = "records"
_PIECE = 256 * 1024
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Download:
    """A zip to send, made piece by piece while it is sent. Going through `content` raises FileNotFoundError."""

    filename: str
    content: Iterator[bytes]

    def response(self) -> StreamingHttpResponse:
        """Return a response that a browser saves under the file's name."""
        disposition = content_disposition_header(as_attachment=True, filename=self.filename)
        return StreamingHttpResponse(
            self.content, content_type="application/zip", headers={"Content-Disposition": disposition}
        )


class _Outbox(io.RawIOBase):
    """Takes what zipfile writes; it cannot be sought, so zipfile never goes back to change what was sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def emptied(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def download(dataset: Dataset, archive_format: str = STORED_FORMAT) -> Download:
    """Return the dataset as a zip file in a format of formats/catalog.py, by default the shards as stored.

    Raises DatasetRefused for an unknown format, and for a dataset that is not ready; FileLost where files are gone.
    """
    check_format(archive_format, WRITTEN)
    if dataset.state != Dataset.State.READY:
        raise DatasetRefused(Code.NOT_READY)
    filename = f"{slugify(str(dataset)) or 'dataset'}-{archive_format}.zip"
    if archive_format == STORED_FORMAT:
        names = [dataset.label_map_name, *dataset.shards.values_list("name", flat=True)]
        pieces = stored(names)
    else:
        names = [frame.picture_name for frame in dataset.frames.only("number", "split", "dataset", "stored_as")]
        pieces = written(writer(archive_format)(samples(dataset), dataset.labels))
    about = f"dataset {dataset.pk} of team {dataset.team_id}"
    check_files(names, about, messages.files_lost)
    access_log.note(Kind.DOWNLOADED, dataset.team_id, str(dataset), Thing.DATASET)
    return Download(filename, begun(pieces, f"{about} as {archive_format}"))


def check_files(names: Sequence[str], about: str, words: Callable[[int, str], str]) -> None:
    """Raise FileLost unless all files are there: half an archive would only be noticed when it is opened.

    `words`: makes the sentence of how many are lost, and whom to ask.
    """
    if lost := storage.missing(names):
        log.error("%s lacks %d files, %s first", about, len(lost), lost[0])
        raise FileLost(words(len(lost), settings.SUPPORT_CONTACT))


def stored(names: Iterable[str]) -> Iterator[bytes]:
    """Return a zip file of stored files, each under the last part of its name."""
    return _zipped((_entry(PurePosixPath(name).name, storage.size(name)), _pieces(name)) for name in names)


def written(entries: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Return a zip file of (path, content) as a format writes them. Each is made only when it is sent."""
    return _zipped((_entry(path, _size(content)), content) for path, content in entries)


def samples(dataset: Dataset, without: Collection[str] = ()) -> Iterator[Sample]:
    """Return the dataset's frames for a format to write. Their pictures are JPEG, whatever they were imported as.

    `without`: pictures to leave out, for they are lost.
    """
    for frame in _frames(dataset):
        if frame.picture_name in without:
            continue
        yield Sample(
            named_jpeg(frame.filename),
            partial(read, frame.picture_name),
            (frame.width, frame.height),
            [_in_pixels(entry, frame) for entry in frame.boxes],
            len(frame.boxes),
            Split(frame.split),
        )


def _frames(dataset: Dataset) -> Iterator[Frame]:
    """Yield all frames by short queries. A download may take an hour and change threads."""
    keys = list(dataset.frames.values_list("pk", flat=True))
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        found = dataset.frames.in_bulk(keys[start : start + _ROWS_AT_ONCE])
        yield from (found[key] for key in keys[start : start + _ROWS_AT_ONCE] if key in found)


def _zipped(entries: Iterable[tuple[zipfile.ZipInfo, Iterable[bytes]]]) -> Iterator[bytes]:
    """Pictures are packed already, so nothing is deflated."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:
        for entry, content in entries:
            with archive.open(entry, "w") as target:
                for piece in content:
                    target.write(piece)
                    yield outbox.emptied()
    yield outbox.emptied()


def _entry(path: str, size: int = 0) -> zipfile.ZipInfo:
    """`size`: in bytes, where it is known; a file of more than 2 GB must say so beforehand."""
    entry = zipfile.ZipInfo(path)
    entry.file_size = size
    return entry


def _size(content: Iterable[bytes]) -> int:
    return content.size if isinstance(content, FileContent) else 0


def _pieces(name: str) -> Iterator[bytes]:
    with storage.open_file(name) as source:
        while piece := source.read(_PIECE):
            yield piece


def read(name: str) -> bytes:
    """Return the content of a stored file."""
    with storage.open_file(name) as source:
        return source.read()


def named_jpeg(filename: str) -> str:
    """Return the name of a picture that is stored as JPEG, whatever it came as."""
    path = PurePosixPath(filename)
    return filename if path.suffix.lower() in (".jpg", ".jpeg") else f"{path.with_suffix('.jpg')}"


def _in_pixels(entry: FrameBox, frame: Frame) -> PixelBox:
    ymin, xmin, ymax, xmax = entry["box"]
    return PixelBox(entry["label"], xmin * frame.width, ymin * frame.height, xmax * frame.width, ymax * frame.height)
