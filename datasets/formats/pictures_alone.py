"""A zip of pictures without annotations: no dataset can be made of it, but frames to label."""

from datasets.archive.zip_archive import Archive
from datasets.formats.common.picture_files import PictureFiles
from datasets.formats.common.samples import Found, Sample


def read(archive: Archive) -> Found:
    """Every picture of the archive. Raises DatasetRefused when there is none."""
    pictures = PictureFiles(archive)
    samples = [Sample(name, pictures.reader(name), is_annotated=False) for name in pictures.names]
    return Found(len(samples), samples)
