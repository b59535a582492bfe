"""A new database gets its tables by the migrations alone, and the migrations make what the models say."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ftcml.core.files import storage
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


def migrated(*targets: tuple[str, str]) -> Any:
    """Bring the database to these migrations. Returns the models as they are then."""
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets)).apps


@pytest.fixture
def newest_again() -> Iterator[None]:
    """Brings the database up to date when the test has ended."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_a_dataset_that_was_deleted_before_is_removed_as_all_others_are(newest_again, team) -> None:
    before = migrated(("datasets", "0008_import_worked_at"))
    datasets = before.get_model("datasets", "Dataset")._base_manager
    datasets.create(team_id=team.pk, description="stays", state="READY")
    deleted = datasets.create(team_id=team.pk, description="is to go", deleted=timezone.now())
    after = migrated(("datasets", "0009_removals_of_deleted"))
    names = after.get_model("installation", "Removal").objects.values_list("name", flat=True)
    assert list(names) == [storage.team_prefix(team.pk, "datasets", deleted.pk)]
