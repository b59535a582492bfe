"""The teams' files in a folder of this machine, or of one that it mounts."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """Used through ftcml/storage.py alone, which says what each method promises."""

    is_on_this_disk = True

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

    def local_path(self, name: str, folder: Path, heartbeat: Callable[[], object]) -> Path:
        if not self.exists(name):
            raise FileNotFoundError(name)
        return Path(self.path(name))

    def store(self, name: str, content: File, heartbeat: Callable[[], object]) -> None:
        self.save(name, content)

    def move(self, name: str, source: Path) -> None:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        source.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        shutil.move(source, target)

    def remove_tree(self, prefix: str) -> None:
        shutil.rmtree(self.path(prefix), ignore_errors=True)
