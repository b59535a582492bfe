"""Has everything that fetches trust the certificates that this machine trusts: pip, uv and our own downloads.

Many schools inspect TLS with a certificate of their own. Each tool has its own list and its own setting, so one setting
of the machine, or of the person who calls make, is handed to all of them. npm fetches nothing itself (packages.py).
"""

import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

# The names under which people and systems set a file of certificates; the first that is set counts.
# Not NODE_EXTRA_CA_CERTS: Node adds it to its own list, while these take the place of the list.
NAMES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables by which pip and uv trust the same certificates.

    What is set already keeps its value. On a Mac both read the keychain, which knows more than the system's file.
    """
    wanted = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    if file := named(given) if sys.platform == "darwin" else bundle(given):
        wanted |= {"SSL_CERT_FILE": file, "PIP_CERT": file}
    return {name: value for name, value in wanted.items() if not given.get(name)}


def named(given: Mapping[str, str]) -> str | None:
    """Return the file of certificates that a person or the system names in the environment."""
    return next((given[name] for name in NAMES if given.get(name)), None)


def bundle(given: Mapping[str, str]) -> str | None:
    """Return the file of certificates that `given` names, or else the system's own; None where there is neither."""
    system = ssl.get_default_verify_paths().cafile
    return named(given) or next((path for path in (system, *_USUAL) if path and Path(path).is_file()), None)


# Python built elsewhere looks for OpenSSL's file where this system has none.
_USUAL = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Raspberry Pi OS
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/cert.pem",  # macOS
)
