"""A table's rows in a file of a backup: a line of JSON for each, compressed."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ftcml.backups.rows.tables import Checksum, Row, Table

_PIECE = 1024 * 1024


@dataclass(frozen=True)
class StoredTable:
    """What a backup's manifest says of a table.

    `file_sha256`: of its file as it is. `row_sum`: of its rows, see tables.Checksum. `last_number`: see numbering.
    """

    columns: list[str]
    rows: int
    row_sum: str
    file_sha256: str
    last_number: int


def write(table: Table, rows: Iterator[Row], path: Path, last_number: int) -> StoredTable:
    """Write the rows into a file, and say what is in it."""
    checksum = Checksum(table)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        for row in checksum.over(rows):
            file.write(f"{table.written(row)}\n")
    return StoredTable(table.columns, checksum.rows, checksum.sum, sha256_of(path), last_number)


def read(table: Table, path: Path) -> Iterator[Row]:
    """Yield the rows of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield table.read(line)


def sha256_of(path: Path) -> str:
    """Return the checksum of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
