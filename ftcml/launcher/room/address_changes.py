"""Whether a laptop that serves a room is still where the room looks for it."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from ftcml.launcher.room import own_addresses

LOOK_SECONDS = 5.0


def moved(shared: Collection[str], now: Collection[str]) -> str:
    """What to do where an address that is shared leads here no more; "" where all of them do."""
    if set(shared) <= set(now):
        return ""
    return (
        f"This laptop's address has changed: it was at {_listed(shared)}, and is now at {_listed(now)}. Stop make "
        "share with Ctrl-C and start it again. A running training resumes where it was."
    )


def moved_now() -> str:
    """The same for the server that serves this page; addresses that a person named are not looked after."""
    if settings.ROOM_HOSTS:
        return ""
    hosts = [urlsplit(address).hostname or "" for address in settings.ROOM_ADDRESSES]
    return moved([host for host in hosts if _is_address(host)], _now())


def changes(shared: Collection[str], looks: Iterable[Collection[str]]) -> Iterator[str]:
    """What there is to say of each look at the addresses: every change once, nothing while they stay."""
    said = ""
    for now in looks:
        sentence = moved(shared, now)
        if sentence and sentence != said:
            yield sentence
        said = sentence


def watch(shared: Collection[str], say: Callable[[str], None]) -> None:
    """From now on say each change, beside everything else that this process does, until it ends."""

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
