"""The certificate that a laptop makes for its room: kept as long as it's good, and closed to others."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ftcml.launcher.room import certificate, fingerprint

NOW = datetime(2027, 1, 9, 8, tzinfo=UTC)
HOSTS = ["192.168.1.20", "laptop.local", "localhost", "127.0.0.1"]


@pytest.fixture
def file(tmp_path):
    """The certificate of a first room."""
    file = tmp_path / "room" / "certificate-and-key.pem"
    certificate.ensure(file, HOSTS, NOW)
    return file


def read(file) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_it_is_for_the_rooms_names_and_addresses_for_about_a_year_and_for_this_user_alone(file):
    made = read(file)

    assert sorted(certificate.names(made)) == sorted(HOSTS)
    assert NOW + timedelta(days=360) < made.not_valid_after_utc < NOW + timedelta(days=398)
    assert made.not_valid_before_utc < NOW, "a Chromebook's clock may be behind"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_people_compare_the_fingerprint_that_browsers_show(file):
    lines = fingerprint.lines(file)
    assert "".join(lines).replace(" ", "") == read(file).fingerprint(hashes.SHA256()).hex()
    assert [len(line) for line in lines] == [19] * 4


def test_a_good_one_is_kept_since_a_new_one_makes_browsers_warn_again(file):
    before = file.read_bytes()
    certificate.ensure(file, HOSTS[1:], NOW + timedelta(days=300))
    assert file.read_bytes() == before


def test_a_new_address_makes_a_new_one_which_the_earlier_address_still_finds_good(file):
    certificate.ensure(file, ["10.0.0.5"], NOW)
    moved = file.read_bytes()
    certificate.ensure(file, HOSTS, NOW)

    assert set(certificate.names(read(file))) == {"10.0.0.5", *HOSTS}
    assert file.read_bytes() == moved


def test_one_that_is_about_to_end_is_made_anew(file):
    later = NOW + timedelta(days=380)
    certificate.ensure(file, HOSTS, later)
    assert read(file).not_valid_after_utc > later + timedelta(days=360)


@pytest.mark.parametrize("content", [b"", b"not a certificate", None], ids=["empty", "damaged", "without its key"])
def test_a_damaged_file_is_made_anew(file, content):
    whole = file.read_bytes()
    file.write_bytes(whole[whole.index(b"-----BEGIN CERT") :] if content is None else content)
    certificate.ensure(file, HOSTS, NOW)
    assert b"PRIVATE KEY" in file.read_bytes()
    assert certificate.names(read(file))
