"""A PostgreSQL server that benches and tests have for themselves."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.postgres import TemporaryPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can reach, as those of other tests cannot be."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "postgres"


def test_it_keeps_what_was_written_over_a_restart_that_breaks_connections_off(folder):
    with TemporaryPostgres(folder) as postgres:
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE team (number int)")
            connection.execute("INSERT INTO team VALUES (7001)")
            postgres.restart()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT number FROM team")
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT number FROM team").fetchall() == [(7001,)]

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.url)
