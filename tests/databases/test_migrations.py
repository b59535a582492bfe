"""A new database gets its tables by the migrations alone, and the migrations make what the models say."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.processes import address_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database that no migration has touched."""
    if connection.vendor == "sqlite":
        yield address_of(str(tmp_path / "empty.sqlite3"))
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE empty")
    yield address_of("empty")
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE empty")


def test_an_empty_database_is_brought_up_to_date(empty_database: str) -> None:
    migrate = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": empty_database},
        capture_output=True,
        text=True,
    )
    assert migrate.returncode == 0, migrate.stderr
    assert "Applying training.0001_initial... OK" in migrate.stdout


def test_no_change_of_a_model_lacks_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True)
