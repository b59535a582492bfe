"""On what kind of drive a folder lies."""

from pathlib import Path

import pytest

from machine import file_systems

LOCAL = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"


@pytest.fixture
def mounts(monkeypatch, tmp_path):
    """Makes these lines what the system says of its mounts."""

    def mounts(*lines: str) -> None:
        listed = tmp_path / "mountinfo"
        listed.write_text("\n".join([LOCAL, *lines]))
        monkeypatch.setattr(file_systems, "_MOUNTS", listed)

    return mounts


def test_a_mount_with_a_space_and_an_accent_is_recognized(mounts):
    mounts("40 22 0:30 / /media/my\\040café rw - exfat /dev/sdb1 rw")

    assert file_systems.unsafe_kind(Path("/media/my café/ftcml")) == "a memory stick or card (exfat)"
    assert file_systems.unsafe_kind(Path("/media/my")) == ""


def test_of_two_mounts_at_one_place_the_later_counts(mounts):
    mounts("40 22 0:30 / /home rw - nfs4 server:/home rw", "41 40 0:31 / /home rw - ext4 /dev/sdb1 rw")

    assert file_systems.unsafe_kind(Path("/home/student")) == ""


def test_a_disk_inside_a_network_drive_is_safe(mounts):
    mounts("40 22 0:30 / /home rw - nfs4 server:/home rw", "41 40 0:31 / /home/me/disk rw - btrfs /dev/sdb1 rw")

    assert file_systems.unsafe_kind(Path("/home/me")) == "a network drive (nfs4)"
    assert file_systems.unsafe_kind(Path("/home/me/disk/ftcml")) == ""


def test_a_system_that_does_not_tell_is_trusted(monkeypatch, tmp_path):
    monkeypatch.setattr(file_systems, "_MOUNTS", tmp_path / "none")

    assert file_systems.unsafe_kind(tmp_path) == ""
