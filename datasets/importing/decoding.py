"""Pictures made upright by all cores at once, in the order in which they came."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from datasets.archive.zip_archive import UnreadableFile
from datasets.formats.common.samples import Sample
from datasets.refusals import DatasetRefused
from ftcml.core.pictures.upright import UprightPicture, upright_jpeg
from machine.processors import cores

# Of files that wait for a core, no more than this is in memory, or one file.
_BYTES_AHEAD = 32 * 1024 * 1024
_PICTURES_AHEAD = 2

Decoded = tuple[Sample, Future[UprightPicture]]


def upright_pictures(samples: Iterable[Sample]) -> Generator[Decoded, None, None]:
    """Each sample with its finished picture: result() may raise UndecodablePicture, UnreadableFile or DatasetRefused.

    Files are read by the thread that goes through this, one after the other: a zip is one stream. To stop early, close
    it.
    """
    waiting: deque[tuple[int, Decoded]] = deque()
    bytes_ahead = 0
    # Pillow lets others run while it decodes and encodes.
    with ThreadPoolExecutor(cores(), thread_name_prefix="pictures") as pool:
        try:
            for sample in samples:
                size, future = _begun(pool, sample)
                waiting.append((size, (sample, future)))
                bytes_ahead += size
                while len(waiting) > cores() * _PICTURES_AHEAD or (bytes_ahead > _BYTES_AHEAD and len(waiting) > 1):
                    size, decoded = waiting.popleft()
                    bytes_ahead -= size
                    yield _finished(decoded)
            while waiting:
                yield _finished(waiting.popleft()[1])
        finally:
            pool.shutdown(cancel_futures=True)


def _finished(decoded: Decoded) -> Decoded:
    decoded[1].exception()  # waits
    return decoded


def _begun(pool: ThreadPoolExecutor, sample: Sample) -> tuple[int, Future[UprightPicture]]:
    """The size of the sample's file, and its picture to be."""
    try:
        data = sample.read()
    except (UnreadableFile, DatasetRefused) as error:
        failed: Future[UprightPicture] = Future()
        failed.set_exception(error)
        return 0, failed
    return len(data), pool.submit(upright_jpeg, data)
