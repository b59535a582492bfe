"""A zip that is made while it is sent, so that it never lies in memory or on the disk as a whole."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from ftcml import storage

_PIECE = 256 * 1024


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


def zipped(names: list[str]) -> Iterator[bytes]:
    """A zip of stored files, each under the last part of its name. Pictures are packed already, so nothing is deflated.

    Raises FileNotFoundError.
    """
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(PurePosixPath(name).name)
            entry.file_size = storage.size(name)
            with storage.open_file(name) as source, archive.open(entry, "w") as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield outbox.emptied()
    yield outbox.emptied()
