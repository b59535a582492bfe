"""Pictures that no annotation speaks of: no dataset can be made of them, but frames to label."""

from collections.abc import Iterator
from contextlib import suppress

from datasets.archive.zip_archive import Archive
from datasets.formats.common.picture_files import PictureFiles
from datasets.formats.common.samples import Found, Sample
from datasets.refusals import DatasetRefused


def read(archive: Archive) -> Found:
    """Every picture of the archive. Raises DatasetRefused when there is none."""
    samples = list(_alone(PictureFiles(archive), set()))
    return Found(len(samples), samples)


def with_the_rest(found: Found, archive: Archive) -> Found:
    """What a format found, and behind it the pictures that it leaves out, as those whose boxes are unclear."""
    with suppress(DatasetRefused):  # the pictures lie within other files
        pictures = PictureFiles(archive)
        return Found(max(found.total, len(pictures.names)), _all(found, pictures))
    return found


def _all(found: Found, pictures: PictureFiles) -> Iterator[Sample]:
    seen = set()
    for sample in found.samples:
        seen.add(sample.filename)
        yield sample
    yield from _alone(pictures, seen)


def _alone(pictures: PictureFiles, seen: set[str]) -> Iterator[Sample]:
    return (Sample(name, pictures.reader(name), is_annotated=False) for name in pictures.names if name not in seen)
