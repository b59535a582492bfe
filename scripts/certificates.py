"""Has pip, uv and npm trust the certificates that this machine trusts.

Many schools inspect TLS with a certificate of their own. Each of the three tools has its own list and its own setting,
so one setting of the machine, or of the person who calls make, is handed to all of them.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path

# The names under which people and systems set a file of certificates; the first that is set counts.
NAMES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables by which all three tools trust the same certificates.

    What is set already keeps its value.
    """
    wanted = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    if file := bundle(given):
        wanted |= {"SSL_CERT_FILE": file, "PIP_CERT": file, "NODE_EXTRA_CA_CERTS": file}
    return {name: value for name, value in wanted.items() if not given.get(name)}


def bundle(given: Mapping[str, str]) -> str | None:
    """Return the file of certificates that `given` names, or else the system's own; None where there is neither."""
    named = next((given[name] for name in NAMES if given.get(name)), None)
    system = ssl.get_default_verify_paths().cafile
    return named or next((path for path in (system, *_USUAL) if path and Path(path).is_file()), None)


# Python built elsewhere looks for OpenSSL's file where this system has none.
_USUAL = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Raspberry Pi OS
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/cert.pem",  # macOS
)
