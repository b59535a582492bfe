"""Notices when a laptop that serves a room gets another address."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from ftcml.launcher.room import own_addresses

LOOK_SECONDS = 5.0


def moved(shared: Collection[str], now: Collection[str]) -> str:
    """Return what to do when a shared address doesn't lead here anymore; "" while all of them do."""
    if set(shared) <= set(now):
        return ""
    return (
        f"This laptop's address has changed: it was at {_listed(shared)}, and is now at {_listed(now)}. Stop make "
        "share with Ctrl-C and start it again. A running training resumes where it was."
    )


def moved_now() -> str:
    """Return the same for the server of this page. Addresses that a person named aren't checked."""
    if settings.ROOM_HOSTS:
        return ""
    hosts = [urlsplit(address).hostname or "" for address in settings.ROOM_ADDRESSES]
    return moved([host for host in hosts if _is_address(host)], _now())


def changes(shared: Collection[str], looks: Iterable[Collection[str]]) -> Iterator[str]:
    """Yield a sentence for each change that a check of the addresses finds."""
    said = ""
    for now in looks:
        sentence = moved(shared, now)
        if sentence and sentence != said:
            yield sentence
        said = sentence


def watch(shared: Collection[str], say: Callable[[str], None]) -> None:
    """Tell every change from now on, in a thread of its own, until this process ends."""

    def say_changes() -> None:
        for sentence in changes(shared, _look_again_and_again()):
            say(sentence)

    threading.Thread(target=say_changes, daemon=True).start()


def _look_again_and_again() -> Iterator[list[str]]:
    while True:
        time.sleep(LOOK_SECONDS)
        yield _now()


def _now() -> list[str]:
    return [one.host for one in own_addresses.found()]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _listed(hosts: Collection[str]) -> str:
    return " and ".join(sorted(hosts)) or "no address"
