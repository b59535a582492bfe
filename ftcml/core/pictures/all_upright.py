"""Pictures made upright by all cores at once, in the order in which they came."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from ftcml.core.pictures.upright import UprightPicture, upright_jpeg
from machine.processors import cores

# Of files that wait for a core, no more than this is in memory, or one file.
_BYTES_AHEAD = 32 * 1024 * 1024
_PICTURES_AHEAD = 2


class PictureFile(Protocol):
    """A file that is said to be a picture."""

    def read(self) -> bytes: ...


File = TypeVar("File", bound=PictureFile)
Decoded = tuple[File, Future[UprightPicture]]


def upright_pictures(files: Iterable[File]) -> Generator[Decoded[File], None, None]:
    """Each file with its finished picture: result() may raise UndecodablePicture, or what reading the file raised.

    Files are read by the thread that goes through this, one after the other: a zip is one stream. To stop early, close
    it.
    """
    waiting: deque[tuple[int, Decoded[File]]] = deque()
    bytes_ahead = 0
    # Pillow lets others run while it decodes and encodes.
    with ThreadPoolExecutor(cores(), thread_name_prefix="pictures") as pool:
        try:
            for file in files:
                size, future = _begun(pool, file)
                waiting.append((size, (file, future)))
                bytes_ahead += size
                while len(waiting) > cores() * _PICTURES_AHEAD or (bytes_ahead > _BYTES_AHEAD and len(waiting) > 1):
                    size, decoded = waiting.popleft()
                    bytes_ahead -= size
                    yield _finished(decoded)
            while waiting:
                yield _finished(waiting.popleft()[1])
        finally:
            pool.shutdown(cancel_futures=True)


def _finished(decoded: Decoded[File]) -> Decoded[File]:
    decoded[1].exception()  # waits
    return decoded


def _begun(pool: ThreadPoolExecutor, file: PictureFile) -> tuple[int, Future[UprightPicture]]:
    """The size of a file, and its picture to be."""
    try:
        data = file.read()
    except Exception as error:  # whatever it is, it is raised where the picture is wanted
        failed: Future[UprightPicture] = Future()
        failed.set_exception(error)
        return 0, failed
    return len(data), pool.submit(upright_jpeg, data)
