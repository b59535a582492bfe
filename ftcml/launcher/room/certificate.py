"""The certificate of a room with HTTPS: made by this laptop, for its own names and addresses, and signed by itself."""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Browsers refuse certificates that last longer than 398 days.
LASTS = timedelta(days=397)
# It is replaced before its last weeks, so that it doesn't end in the middle of a lesson.
SPARE = timedelta(days=30)
# Names of earlier rooms stay in it, the newest first: a laptop goes to and fro, and a new one warns everyone again.
MOST_NAMES = 20
_EARLIER = timedelta(days=1)  # a Chromebook's clock may be behind
_NAME = "ftcml in this room"


def ensure(file: Path, hosts: Sequence[str], now: datetime) -> None:
    """Make the certificate with its key in `file`, unless the one there is good for all of these hosts."""
    there = _read(file)
    known = names(there) if there else []
    if there and set(hosts) <= set(known) and there.not_valid_after_utc - now > SPARE:
        return
    _write(file, _make(list(dict.fromkeys([*hosts, *known]))[:MOST_NAMES], now))


def names(certificate: x509.Certificate) -> list[str]:
    """Return the names and addresses that a certificate is for."""
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = map(str, alternatives.get_values_for_type(x509.IPAddress))
    return [*addresses, *alternatives.get_values_for_type(x509.DNSName)]


def _read(file: Path) -> x509.Certificate | None:
    """Return the certificate; None if there is none with a key, or if the file is damaged."""
    with suppress(OSError, ValueError, x509.ExtensionNotFound):
        content = file.read_bytes()
        certificate = x509.load_pem_x509_certificate(content)
        key = serialization.load_pem_private_key(content, None)
        names(certificate)
        if key.public_key() == certificate.public_key():
            return certificate
    return None


def _make(hosts: Collection[str], now: datetime) -> bytes:
    """Return a fresh key and its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + LASTS)
    )
    digital_signature = x509.KeyUsage(True, *[False] * 8)
    for extension, is_critical in (
        (x509.SubjectAlternativeName([_general_name(host) for host in hosts]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (digital_signature, True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    ):
        builder = builder.add_extension(extension, is_critical)
    certificate = builder.sign(key, hashes.SHA256())
    return _private_pem(key) + certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(IPv4Address(host))
    except ValueError:
        return x509.DNSName(host)


def _write(file: Path, content: bytes) -> None:
    """Write the whole file or nothing, readable by this user alone from its first byte on."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
