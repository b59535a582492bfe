"""An archive read as an import reads it, up to the samples: without a database, and without decoding pictures."""

import io
from dataclasses import dataclass

from datasets import messages
from datasets.archive.zip_archive import Archive
from datasets.formats import catalog
from datasets.formats.common.samples import PixelBox, Sample
from datasets.repairs import Repairs
from datasets.split import Split
from tests.datasets.archives import write_zip


@dataclass(frozen=True)
class Read:
    """What came of an archive; `repairs` are (kind, file, text)."""

    samples: list[Sample]
    repairs: list[tuple[str, str, str]]

    @property
    def boxes(self) -> dict[str, list[tuple]]:
        """Picture -> (label, xmin, ymin, xmax, ymax) of each of its boxes, to the thousandth of a pixel."""
        return {sample.filename: [corners(box) for box in sample.boxes] for sample in self.samples}

    @property
    def splits(self) -> dict[str, Split | None]:
        return {sample.filename: sample.split for sample in self.samples}

    @property
    def objects(self) -> dict[str, int]:
        return {sample.filename: sample.objects for sample in self.samples}


def corners(box: PixelBox) -> tuple:
    return (box.label, *(round(number, 3) for number in (box.xmin, box.ymin, box.xmax, box.ymax)))


def archive_of(files: dict) -> Archive:
    stream = io.BytesIO()
    write_zip(stream, files)
    return Archive(stream)


def detected(files: dict) -> str:
    """The key of the format that the archive has. Raises DatasetRefused."""
    return catalog.detect(archive_of(files)).key


def read(files: dict, key: str | None = None) -> Read:
    """Read the archive as the format that is named, or else as the one that it has. Raises DatasetRefused."""
    archive = archive_of(files)
    known = catalog.FORMATS[key] if key else catalog.detect(archive)
    repairs = Repairs()
    samples = list(known.read(archive, repairs).samples)
    return Read(samples, [(entry["kind"], entry["file"], messages.of_repair(entry)) for entry in repairs.entries()])
