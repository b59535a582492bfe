"""The data folder lies on a drive where the database is safe, or the server doesn't start."""

import pytest
from django.db import connection

from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.server import check_drive
from machine import file_systems


@pytest.fixture
def network_drive(monkeypatch, tmp_path):
    monkeypatch.setattr(file_systems, "file_system", lambda path: "nfs4")
    return tmp_path


def test_a_network_drive_is_refused_with_what_to_do(network_drive, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")

    with pytest.raises(CannotStart, match=r"on a network drive \(nfs4\).*FTCML_DATA"):
        check_drive(network_drive)


def test_with_a_postgresql_server_the_files_may_lie_there(network_drive, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")

    check_drive(network_drive)


def test_a_disk_of_this_machine_is_fine(tmp_path):
    check_drive(tmp_path)
