"""Copies the files that rows name into a backup that is being made, while others go on storing and removing files.

Each pass copies what is wanted and not there yet. Each is shorter than the one before, so in the end nothing is removed
before it's copied. A file that didn't change since the backup before is shared with it.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from ftcml.backups.files.copying import Listed, Notes, fetch, folder_at, folder_of, listed_in, several_at_once
from ftcml.backups.files.file_index import FileIndex, IndexedFile
from ftcml.backups.progress import Progress
from ftcml.core.files.storage import Backend

Names = Callable[[], Iterable[Iterable[str]]]


class FormerBackup:
    """The backup before, whose files may be shared."""

    def __init__(self, index: FileIndex, files: Path) -> None:
        self._index = index
        self._files = folder_at(files)

    def share(self, listed: Listed, target: Path) -> IndexedFile | None:
        """Give the file of this name a second place, if it didn't change since. None where that isn't possible."""
        name, stored = listed
        found = self._index.find(name)
        if found is None or (found.size, found.modified) != stored:
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            target.unlink()
        try:
            os.link(self._files.path(name), target)
        except OSError:  # another file system, or one that knows no links
            return None
        return found


class Gathering:
    """`names` lists what rows want now. `index` is the backup's, and `files` its folder."""

    def __init__(
        self, source: Backend, names: Names, index: FileIndex, files: Path, former: FormerBackup | None = None
    ) -> None:
        self._source, self._names, self._index, self._former = source, names, index, former
        self._files = folder_at(files)
        self._notes = Notes(index)
        self._unconfirmed: set[str] = set()
        self.copied_bytes = self.copied = 0

    def copy(self, progress: Progress, sentence: str) -> None:
        """Make one pass, which is called `sentence`: list what is wanted now, and copy what isn't there."""
        self._index.want(self._names())
        self._unconfirmed = set()
        with progress.stage(sentence, self._index.count_wanted(), "files"):
            for _, file in several_at_once(self._to_copy(progress), self._fetch):
                if isinstance(file, IndexedFile):
                    self._notes.add(file)
                    self.copied += 1
                    self.copied_bytes += file.size
        self._notes.keep()

    def still_named(self) -> set[str]:
        """Return those of the folders of the last pass that rows name now: nothing of them can have been removed."""
        found: set[str] = set()
        for names in self._names():
            if found == self._unconfirmed:
                break
            found.update(name for name in names if name in self._unconfirmed)
        return found

    def confirm(self, folders: Iterable[str]) -> None:
        """Note that these folders were complete when they were copied."""
        for folder in folders:
            self._index.mark_complete(folder)
        self._notes.keep()

    def remove_unwanted(self) -> None:
        """Remove what was copied and isn't wanted any more."""
        for name in self._index.unwanted():
            Path(self._files.path(name)).unlink(missing_ok=True)
        self._index.forget_unwanted()

    def _to_copy(self, progress: Progress) -> Iterator[Listed]:
        """Yield what is wanted and stored, and neither there nor shared with the former backup."""
        for folder, grouped in groupby(self._index.wanted(), folder_of):
            names = list(grouped)
            progress.advance(len(names))
            if names == [folder] and self._index.is_complete(folder):
                continue
            listed = listed_in(self._source, folder, names)
            if names == [folder] and listed:
                self._unconfirmed.add(folder)
            yield from (one for one in listed if not (self._is_there(one) or self._is_shared(one)))

    def _is_there(self, listed: Listed) -> bool:
        name, stored = listed
        found = self._index.find(name)
        return found is not None and (found.size, found.modified) == stored

    def _is_shared(self, listed: Listed) -> bool:
        shared = self._former.share(listed, Path(self._files.path(listed[0]))) if self._former else None
        if shared:
            self._notes.add(shared)
        return shared is not None

    def _fetch(self, listed: Listed) -> IndexedFile | None:
        return fetch(self._source, listed, Path(self._files.path(listed[0])))
