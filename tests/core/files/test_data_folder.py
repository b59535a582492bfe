"""Other users of the machine read nothing of the server's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ftcml.core.files import data_folder

# What every program of the server does first.
READ_THE_SETTINGS = "from django.conf import settings; settings.DATA_DIR"


def start_a_program(folder: Path, then: str = "") -> None:
    """As a user whose files others may read, which is how most systems are."""
    environment = {**os.environ, "FTCML_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "ftcml.settings"}
    environment.pop("DATABASE_URL", None)
    code = f"{READ_THE_SETTINGS}; {then}"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        preexec_fn=lambda: os.umask(0o022),
    )


def readable_by_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_everything_is_private_from_its_making(tmp_path: Path) -> None:
    start_a_program(
        tmp_path / "new",
        "import django; django.setup(); from django.core.management import call_command;"
        "from ftcml.core.files import storage;"
        "from django.core.files.base import ContentFile;"
        "call_command('migrate', verbosity=0); storage.put('a/folder/frame.jpg', ContentFile(b'pixels'))",
    )
    assert (tmp_path / "new" / "db.sqlite3").exists()
    assert (tmp_path / "new" / "files" / "a" / "folder" / "frame.jpg").exists()
    assert readable_by_others(tmp_path / "new") == []


def test_an_older_servers_folder_is_closed_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir(mode=0o755)
    for name in ("db.sqlite3", "db.sqlite3-wal"):
        (folder / name).write_text("")
        (folder / name).chmod(0o644)
    start_a_program(folder)
    assert readable_by_others(folder) == []


@pytest.fixture
def _umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask")
def test_a_folder_for_everybody_stays_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    assert data_folder.private(tmp_path).stat().st_mode & 0o7777 == 0o1777
