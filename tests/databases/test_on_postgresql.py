"""What depends on the database is tested on PostgreSQL too: every test with the mark `both_databases`."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from bench.server.postgres import TemporaryPostgres

WHERE = (
    "tests/accounts",
    "tests/backups",
    "tests/console",
    "tests/databases",
    "tests/datasets",
    "tests/installation",
    "tests/pages/accounts",
    "tests/pages/datasets",
    "tests/pages/training",
    "tests/requests",
    "tests/training",
    "tests/videos",
)


@pytest.mark.timeout(1800)
def test_what_holds_on_sqlite_holds_on_postgresql() -> None:
    with TemporaryPostgres() as postgres:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "both_databases", "-p", "no:cacheprovider", *WHERE],
            cwd=settings.BASE_DIR,
            env={"FTCML_TEST_ORDERS": "brief", **os.environ, "FTCML_TEST_DATABASE_URL": postgres.url},
            capture_output=True,
            text=True,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "database: postgresql" in run.stdout
