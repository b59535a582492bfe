"""Content of an archive that is written here and waits in a file, so that its size is known beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PIECE = 256 * 1024


@dataclass(frozen=True)
class FileContent:
    """The pieces of a file. A zip must know beforehand of content that is larger than 2 GB."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
