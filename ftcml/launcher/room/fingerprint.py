"""The fingerprint of a room's certificate, in pieces that a person can compare with those in a browser."""

import hashlib
import ssl
from pathlib import Path
from textwrap import wrap

_BEGINS = "-----BEGIN CERTIFICATE-----"
_LINE, _GROUP = 16, 4


def lines(file: Path) -> list[str]:
    """Return the SHA-256 of the certificate in `file` as four lines of hexadecimal digits."""
    text = file.read_text("ascii")
    certificate = ssl.PEM_cert_to_DER_cert(text[text.index(_BEGINS) :])
    digits = hashlib.sha256(certificate).hexdigest()
    return [" ".join(wrap(line, _GROUP)) for line in wrap(digits, _LINE)]
