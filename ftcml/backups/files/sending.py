"""Copies files into a storage that is to have them, and reads them back there to be sure."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from ftcml.backups import messages
from ftcml.backups.files.copying import Notes, folder_of, listed_in, send, several_at_once, sha256_of
from ftcml.backups.files.file_index import FileIndex, IndexedFile
from ftcml.backups.progress import Progress
from ftcml.backups.refusals import BackupRefused
from ftcml.core.files.storage import Backend


def send_all(index: FileIndex, source: Backend, target: Backend, progress: Progress) -> None:
    """Store every file of the index that the target lacks. One of the same size counts as there."""
    files = (file for group in _by_folder(index.files()) for file in _lacking(group, target, progress))
    for _ in several_at_once(files, lambda file: send(source, file.name, target)):
        progress.advance()


def send_wanted(index: FileIndex, source: Backend, target: Backend, progress: Progress) -> None:
    """Store every wanted file, and note its checksum. What the index has was stored before, if it's the same."""
    notes = Notes(index)
    waiting = _wanted(index, source, progress)
    for file, checksum in several_at_once(waiting, lambda file: send(source, file.name, target)):
        if isinstance(checksum, str):
            notes.add(file._replace(sha256=checksum))
    notes.keep()


def set_right(index: FileIndex, source: Backend, target: Backend, progress: Progress) -> None:
    """Read every file back from the target, and store those again that aren't as they were. Raises BackupRefused."""
    again = 0
    for file in changed(index, target, progress):
        again += 1
        if send(source, file.name, target) != file.sha256:
            raise BackupRefused(messages.source_changed(file.name))
    if again:
        for file in changed(index, target, progress):
            raise BackupRefused(messages.not_kept(file.name))


def changed(index: FileIndex, target: Backend, progress: Progress) -> Iterator[IndexedFile]:
    """Yield the files that aren't in the target, or not as they were: each is read as a whole."""
    for file, checksum in several_at_once(index.files(), lambda file: sha256_of(target, file.name)):
        progress.advance()
        if checksum != file.sha256:
            yield file


def _by_folder(files: Iterable[IndexedFile]) -> Iterator[list[IndexedFile]]:
    for _, grouped in groupby(files, lambda file: folder_of(file.name)):
        yield list(grouped)


def _lacking(files: list[IndexedFile], target: Backend, progress: Progress) -> Iterator[IndexedFile]:
    """Yield those of one folder's files that the target doesn't have in this size."""
    there = target.files_in(folder_of(files[0].name).rstrip("/"))
    for file in files:
        stored = there.get(file.name.rpartition("/")[2])
        if stored and stored.size == file.size:
            progress.advance()
        else:
            yield file


def _wanted(index: FileIndex, source: Backend, progress: Progress) -> Iterator[IndexedFile]:
    """Yield the wanted files that are stored in the source and weren't sent yet, without a checksum."""
    for folder, grouped in groupby(index.wanted(), folder_of):
        names = list(grouped)
        listed = listed_in(source, folder, names)
        for name, stored in listed:
            file = IndexedFile(name, stored.size, stored.modified, "")
            found = index.find(name)
            if found is None or found[:3] != file[:3]:
                yield file
        progress.advance(len(names))
        if names == [folder] and listed:
            index.mark_complete(folder)
