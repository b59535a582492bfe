"""Whether a laptop that serves a room is still where the room looks for it."""

import threading
from collections.abc import Callable, Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from ftcml.launcher import own_addresses

LOOK_SECONDS = 5.0


def moved(shared: Collection[str], now: Collection[str]) -> str:
    """What to do where the machine's addresses are others than those that are shared; "" where they are the same."""
    if set(shared) == set(now):
        return ""
    return (
        f"The network of this laptop has changed: it was at {_listed(shared)}, and is now at {_listed(now)}. Press "
        "Ctrl-C where make share runs and call it again; a training that runs goes on where it was."
    )


def moved_now() -> str:
    """The same for the server that serves this page; addresses that a person named are not looked after."""
    if settings.ROOM_HOSTS:
        return ""
    hosts = [urlsplit(address).hostname or "" for address in settings.ROOM_ADDRESSES]
    return moved([host for host in hosts if _is_address(host)], _now())


def watch(shared: Collection[str], say: Callable[[str], None]) -> None:
    """From now on say each change once, beside everything else that this process does, until it ends."""
    threading.Thread(target=_look_again_and_again, args=(shared, say), daemon=True).start()


def _look_again_and_again(shared: Collection[str], say: Callable[[str], None]) -> None:
    said, pause = "", threading.Event()
    while not pause.wait(LOOK_SECONDS):
        sentence = moved(shared, _now())
        if sentence and sentence != said:
            say(sentence)
        said = sentence


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
