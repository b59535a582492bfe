"""The teams' files in a folder of this machine, or of one that it mounts."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage

from ftcml.core.files.storage import StoredFile

_PIECE = 1024 * 1024


class _Heard(File):  # type: ignore[type-arg]  # it takes none when the program runs
    """A file that calls `heartbeat` each time a piece of it is read."""

    def __init__(self, content: "File[bytes]", heartbeat: Callable[[], object]) -> None:
        super().__init__(content, content.name)
        self._content = content
        self._heartbeat = heartbeat

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in self._content.chunks(chunk_size):
            self._heartbeat()
            yield chunk


class Folder(FileSystemStorage):
    """Stores files in a folder. Use it through ftcml/core/files/storage.py, which says what each method promises."""

    is_on_this_disk = True

    def _save(self, name: str, content: "File[bytes]") -> str:
        """Store the whole file or nothing. A full disk or a power cut leaves what was there before."""
        if hasattr(content, "temporary_file_path"):
            # An upload is moved here: it is whole already.
            return super()._save(name, content)  # type: ignore[misc]  # the stubs lack it
        partial_name = f"{name}.{uuid.uuid4().hex}.partial"
        target, partial = Path(self.path(name)), Path(self.path(partial_name))
        try:
            super()._save(partial_name, content)  # type: ignore[misc]  # the stubs lack it
            _write_out(partial)
            os.replace(partial, target)
            _write_out(target.parent)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
        return name

    def tree_size(self, prefix: str) -> int:
        try:
            folders, files = self.listdir(prefix)
        except (FileNotFoundError, NotADirectoryError):
            return 0
        total = sum(self.tree_size(f"{prefix}/{folder}") for folder in folders)
        for name in files:
            with suppress(FileNotFoundError):
                total += self.size(f"{prefix}/{name}")
        return total

    def files_in(self, prefix: str) -> dict[str, StoredFile]:
        """Return the files directly below `prefix` by their last names."""
        found = {}
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.path(prefix)) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # removed just now
                    if entry.is_file():
                        status = entry.stat()
                        found[entry.name] = StoredFile(status.st_size, status.st_mtime_ns)
        return found

    def local_path(self, name: str, folder: Path, heartbeat: Callable[[], object]) -> Path:
        if not self.exists(name):
            raise FileNotFoundError(name)
        return Path(self.path(name))

    def store(self, name: str, content: "File[bytes]", heartbeat: Callable[[], object]) -> None:
        is_moved = hasattr(content, "temporary_file_path")
        self.save(name, content if is_moved else _Heard(content, heartbeat))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the file's content in pieces. Raises FileNotFoundError."""
        with self.open(name, "rb") as stream:
            yield from stream.chunks(_PIECE)

    def move(self, name: str, source: Path) -> None:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        source.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        shutil.move(source, target)

    def remove_tree(self, prefix: str) -> None:
        shutil.rmtree(self.path(prefix), ignore_errors=True)


def _write_out(path: Path) -> None:
    """Flush a file, or a folder's list of names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
