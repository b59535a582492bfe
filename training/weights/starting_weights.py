"""What starting models start from on this server; and installing the weights of the TF2 Detection Zoo: download, prove,
convert, and put in place at once.

A child process converts, since only processes of the detector import TensorFlow.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from detector.contract import catalog, zoo_archives
from detector.contract.catalog import StartingModel
from detector.contract.zoo_archives import Archive
from training.messages import operator_words
from training.weights import zoo_download
from training.weights.zoo_download import ArchiveRefused, Progress

# Called with the checkpoint's path, the archive's name and the file to write.
CONVERT = (sys.executable, "-m", "detector", "convert")

_CONVERSION_SECONDS = 600


def install(source: Archive | Path, progress: Progress) -> Archive:
    """Install an archive of the zoo, from its address, or from a file, which proves which one it is.

    Nothing is left behind where it fails, and weights that were there before stay. Raises ArchiveRefused.
    """
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".installing-") as scratch:
        address = source if isinstance(source, Path) else source.url
        blob_id = zoo_download.take_checkpoint(address, Path(scratch), progress)
        archive = _proven(source, blob_id)
        weights = Path(scratch) / "weights.npz"
        _convert(archive, Path(scratch) / zoo_download.PREFIX, weights)
        _put(weights, zoo_archives.file_of(archive, place))
    return archive


def folder() -> Path:
    return Path(settings.WEIGHTS_DIR)


def name_for(model: StartingModel) -> str:
    """The name of the weights that a job with this model starts from on this server; catalog.RANDOM for none."""
    there = catalog.sources(model, folder())
    return there[0].name if there else catalog.RANDOM


def _proven(source: Archive | Path, blob_id: str) -> Archive:
    """The archive whose checkpoint has that id."""
    candidates = zoo_archives.ARCHIVES if isinstance(source, Path) else (source,)
    for archive in candidates:
        if archive.blob_id == blob_id:
            return archive
    where = source if isinstance(source, Path) else source.url
    raise ArchiveRefused(operator_words.not_the_zoos(where, blob_id))


def _convert(archive: Archive, prefix: Path, target: Path) -> None:
    try:
        child = subprocess.run(
            [*CONVERT, str(prefix), archive.name, str(target)],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=_CONVERSION_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise ArchiveRefused(operator_words.not_converted_in_time(archive.name, _CONVERSION_SECONDS)) from None
    if child.returncode != 0 or not target.is_file():
        last_words = (child.stdout.strip() or child.stderr.strip() or f"code {child.returncode}").splitlines()[-1]
        raise ArchiveRefused(operator_words.not_converted(archive.name, last_words))


def _put(file: Path, target: Path) -> None:
    """Give a whole file its name, so that whoever sees the name finds it whole, after a power cut too."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(file, target)
