"""Another database and another folder for the files, in the place of the tests' own, as another machine has them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import environ
import pytest
from django.conf import settings as of_the_server
from django.db import connection, connections

from ftcml.backups.progress import Progress
from tests.processes import address_of


class StoppedAt(Progress):
    """Ctrl-C, when that stage is reached."""

    def __init__(self, sentence: str) -> None:
        super().__init__(lambda line: None)
        self._sentence = sentence

    @contextmanager
    def stage(self, sentence: str, total: int, unit: str) -> Iterator[None]:
        if sentence == self._sentence:
            raise KeyboardInterrupt
        yield


@contextmanager
def other_database(url: str) -> Iterator[None]:
    """Have this process use the database at that address."""
    before, own = connections.settings["default"], connections["default"]
    own.close()
    connections.settings["default"] = {**before, "OPTIONS": {}, **environ.Env.db_url_config(url)}
    if connections.settings["default"]["ENGINE"].endswith("sqlite3"):
        connections.settings["default"]["OPTIONS"] = of_the_server.DATABASES["default"]["OPTIONS"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"], connections["default"] = before, own


@contextmanager
def _new_database(name: str, folder: Path) -> Iterator[str]:
    """The address of a database that nobody has used."""
    if connection.vendor == "sqlite":
        yield address_of(str(folder / "db.sqlite3"))
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield address_of(name)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


@pytest.fixture
def empty_place(tmp_path: Path, settings: Any) -> Iterator[Callable[[], Path]]:
    """Goes to another place, for the rest of the test, when it's called. Returns its data folder."""
    with ExitStack() as left_again:

        def go() -> Path:
            folder = tmp_path / "another machine"
            folder.mkdir()
            address = left_again.enter_context(_new_database("another", folder))
            left_again.enter_context(other_database(address))
            options = {**settings.STORAGES["default"]["OPTIONS"], "location": str(folder / "files")}
            default = {**settings.STORAGES["default"], "OPTIONS": options}
            settings.STORAGES = {**settings.STORAGES, "default": default}
            settings.DATA_DIR, settings.WEIGHTS_DIR = folder, folder / "weights"
            settings.WORK_DIR = folder / "work"
            return folder

        yield go
