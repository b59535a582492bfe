"""Before an upgrade changes an SQLite database, there is a copy of how it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from ftcml.launcher import backup
from ftcml.launcher.refusals import CannotStart
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _data_of_this_test(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def _an_upgrade():
    """The database is of the version before the newest migration of `training`."""
    newest = MigrationRecorder.Migration.objects.filter(app="training").latest("id")
    call_command("migrate", "training", "0006", verbosity=0)
    yield
    call_command("migrate", "training", newest.name, verbosity=0)


def numbers_of_teams(database: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(database)) as copy:
        return copy.execute("SELECT number FROM accounts_team").fetchall()


@pytest.mark.usefixtures("_an_upgrade")
def test_what_was_there_is_in_the_copy() -> None:
    TeamFactory(number=7001)

    copy = backup.before_migrations()

    assert numbers_of_teams(copy) == [(7001,)]
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("_an_upgrade")
def test_the_newest_copies_stay(tmp_path, monkeypatch) -> None:
    (tmp_path / "backups").mkdir()
    for day in range(10, 20):
        (tmp_path / "backups" / f"202601{day}-120000-before-0.1.0.sqlite3").touch()

    newest = backup.before_migrations()

    kept = sorted((tmp_path / "backups").iterdir())
    assert len(kept) == backup.KEPT
    assert kept[-1] == newest


@pytest.mark.usefixtures("_an_upgrade")
def test_without_room_for_the_copy_nothing_is_changed(monkeypatch) -> None:
    monkeypatch.setattr("ftcml.core.files.storage.free_bytes", lambda: 1000)
    with pytest.raises(CannotStart, match="no room for a backup first"):
        backup.before_migrations()


def test_a_database_that_is_up_to_date_is_not_copied(tmp_path) -> None:
    assert backup.before_migrations() is None
    assert not (tmp_path / "backups").exists()
