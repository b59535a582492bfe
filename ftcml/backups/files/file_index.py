"""Which files a backup or a move is to have, and has, each with its checksum: a small SQLite file beside them.

It's on disk, so that memory doesn't grow with the files, and what was done is known after a stop.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, folder TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wanted (name TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS complete (folder TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_UNWANTED = (
    "FROM files WHERE NOT EXISTS (SELECT 1 FROM wanted WHERE wanted.name = files.name) "
    "AND NOT EXISTS (SELECT 1 FROM wanted WHERE wanted.name = files.folder)"
)
# A folder is there once it's complete, a file once it's copied.
_MISSING = (
    "FROM wanted WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.name = wanted.name) "
    "AND NOT EXISTS (SELECT 1 FROM complete WHERE complete.folder = wanted.name)"
)


class IndexedFile(NamedTuple):
    """A file that was copied, as it was then."""

    name: str
    size: int
    modified: int
    sha256: str


class FileIndex:
    """`with FileIndex(path) as index:` keeps what it's told when `keep` is called. Names of folders end in a slash."""

    def __init__(self, path: Path, is_finished: bool = False) -> None:
        how = "?mode=ro&immutable=1" if is_finished else ""
        self._database = sqlite3.connect(f"{path.absolute().as_uri()}{how}", uri=True)
        if not is_finished:
            self._database.executescript(_TABLES)

    def __enter__(self) -> "FileIndex":
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def keep(self) -> None:
        """Write down what is known by now."""
        self._database.commit()

    # What rows want.

    def want(self, lists: Iterable[Iterable[str]]) -> None:
        """Replace what is wanted by these names: the first list's are copied first."""
        self._database.execute("DELETE FROM wanted")
        for turn, names in enumerate(lists):
            rows = ((name, turn) for name in names)
            self._database.executemany("INSERT OR IGNORE INTO wanted VALUES (?, ?)", rows)
        self.keep()

    def wanted(self) -> Iterator[str]:
        """Yield the wanted names, those of one folder after one another."""
        for (name,) in self._database.execute("SELECT name FROM wanted ORDER BY turn, name"):
            yield name

    def count_wanted(self) -> int:
        return self._database.execute("SELECT COUNT(*) FROM wanted").fetchone()[0]

    def missing(self) -> list[str]:
        """Return wanted names that aren't there, a thousand at most."""
        return [name for (name,) in self._database.execute(f"SELECT name {_MISSING} ORDER BY name LIMIT 1000")]

    # What was copied.

    def add(self, file: IndexedFile) -> None:
        folder = f"{file.name.rpartition('/')[0]}/"
        row = (file.name, folder, file.size, file.modified, file.sha256)
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)

    def find(self, name: str) -> IndexedFile | None:
        named = {"name": name}
        found = self._database.execute("SELECT name, size, modified, sha256 FROM files WHERE name = :name", named)
        row = found.fetchone()
        return IndexedFile(*row) if row else None

    def mark_complete(self, folder: str) -> None:
        """Note that all files of a folder are there."""
        self._database.execute("INSERT OR IGNORE INTO complete VALUES (?)", (folder,))

    def is_complete(self, folder: str) -> bool:
        found = self._database.execute("SELECT 1 FROM complete WHERE folder = :folder", {"folder": folder})
        return found.fetchone() is not None

    def files(self) -> Iterator[IndexedFile]:
        """Yield what was copied, the files of one folder after one another."""
        for row in self._database.execute("SELECT name, size, modified, sha256 FROM files ORDER BY folder, name"):
            yield IndexedFile(*row)

    def total(self) -> tuple[int, int]:
        """Return the number of files, and their bytes."""
        files, size = self._database.execute("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM files").fetchone()
        return files, size

    def unwanted(self) -> Iterator[str]:
        """Yield the names of files that were copied and aren't wanted any more."""
        for (name,) in self._database.execute(f"SELECT name {_UNWANTED}"):
            yield name

    def forget_unwanted(self) -> None:
        self._database.execute(f"DELETE {_UNWANTED}")
        self.keep()
