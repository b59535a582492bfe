"""A backup's folder: what is in it, and the manifest that says how each part must be.

| name            | what                                                                         |
|-----------------|------------------------------------------------------------------------------|
| `manifest.json` | version, time, checksums and counts; written last                            |
| `rows/`         | a file for each table (rows/row_files.py)                                    |
| `files.sqlite3` | the names, sizes and checksums of the stored files (files/file_index.py)     |
| `files/`        | the stored files under their own names                                       |
| `weights/`      | starting weights that an operator installed                                  |
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ftcml.backups import messages
from ftcml.backups.files.file_index import FileIndex
from ftcml.backups.refusals import BackupRefused
from ftcml.backups.rows.row_files import StoredTable

MANIFEST, ROWS, FILES, INDEX, WEIGHTS = "manifest.json", "rows", "files", "files.sqlite3", "weights"
# Of the form of a backup. A program reads those up to its own.
FORMAT = 1
NAME = "ftcml"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    `leaves`: the newest migration of each app. `index_sha256`: of files.sqlite3. `weights`: the checksum of each
    file of installed weights, by name. `lost`: what rows name that wasn't stored any more.
    """

    format: int
    version: str
    created: str
    identity: str
    leaves: list[tuple[str, str]]
    tables: dict[str, StoredTable]
    files: int
    file_bytes: int
    index_sha256: str
    weights: dict[str, str]
    lost: list[str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return the manifest of a complete backup. Raises BackupRefused."""
        try:
            content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            if content["format"] > FORMAT:
                raise BackupRefused(messages.newer_format(content["version"]))
            tables = {label: StoredTable(**table) for label, table in content.pop("tables").items()}
            leaves = [(app, name) for app, name in content.pop("leaves")]
            return cls(leaves=leaves, tables=tables, **content)
        except FileNotFoundError:
            raise BackupRefused(messages.no_backup(folder)) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupRefused(messages.damaged_manifest(folder)) from error


def row_file(folder: Path, label: str) -> Path:
    """Return the file of the table with that label."""
    return folder / ROWS / f"{label}.jsonl.gz"


def index_of(folder: Path) -> FileIndex:
    """Return the index of a complete backup, to be read."""
    return FileIndex(folder / INDEX, is_finished=True)


def complete_in(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    """Yield the complete backups in a folder, the newest first."""
    for path in sorted(folder.glob(f"{NAME}-*"), reverse=True):
        if (path / MANIFEST).is_file():
            try:
                yield path, Manifest.read(path)
            except BackupRefused:
                continue
