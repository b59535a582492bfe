"""Sign in by name and password, and slow guessing down: for one name, and for all names from one address.

Only failures count, in a table that all processes share. A right password never costs a try.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from ftcml.accounts import messages
from ftcml.accounts.models import SignInFailure, User
from ftcml.accounts.services.hashing import slots
from ftcml.core import clock

Found = TypeVar("Found")

# Longer than the longest period of a rate.
_KEPT = timedelta(days=2)
# What one household or school gets of IPv6: its machines choose the rest of their addresses themselves.
_IPV6_NETWORK = 64


class TooManyTries(Exception):
    """Too many wrong passwords. str() is the sentence that says so."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(messages.too_many_tries(seconds))


@dataclass(frozen=True)
class Guesser:
    """Who tries, as keys of the table: the name at this address, and the address."""

    name: str
    address: str

    @classmethod
    def of(cls, request: HttpRequest, name: str) -> "Guesser":
        place = place_of(request)
        return cls(name=_digest(f"{place} {cleaned(name).casefold()}"), address=_digest(place))

    @classmethod
    def of_code(cls, user: User) -> "Guesser":
        """Return who tries codes for this account, from wherever."""
        return cls(name=_digest(f"code {user.pk}"), address=_digest(f"code {user.pk}"))


def cleaned(name: str) -> str:
    """Return the name as the sign-in form cleans it, so that one account has one name."""
    return unicodedata.normalize("NFKC", name.strip())


def place_of(request: HttpRequest) -> str:
    """Return where the request comes from, as far as a proxy in front of us says so."""
    return network_of(BaseThrottle().get_ident(request) or "")


def network_of(address: str) -> str:
    """Return what stands for the address: itself, or for IPv6 the network that one school has."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or ip_network((ip, _IPV6_NETWORK), strict=False))


def try_password(request: HttpRequest, name: str, password: str) -> User | None:
    """Return the person of that name and password, or None, which counts. Raises TooManyTries and Busy."""
    guesser = Guesser.of(request, name)
    check(guesser)
    with slots.slot():
        check(guesser)  # others may have failed while this one waited
        user = authenticate(request, username=cleaned(name), password=password)
        if user is None:
            count(guesser)
    return user


def count(guesser: Guesser) -> None:
    """Count a failure."""
    SignInFailure.objects.create(name_key=guesser.name, address_key=guesser.address, created=clock.now())


def try_key(request: HttpRequest, find: Callable[[], Found | None]) -> Found | None:
    """Return what `find` finds by a code that was typed, or None, which counts. Raises TooManyTries.

    Wrong codes and wrong passwords from one address count together; they are of no name.
    """
    guesser = Guesser.of(request, "")
    if seconds := _wait_of_address(guesser):
        raise TooManyTries(seconds)
    found = find()
    if found is None:
        count(guesser)
    return found


def forget_old_failures() -> None:
    """Remove what no rate asks about any more."""
    SignInFailure.objects.filter(created__lt=clock.now() - _KEPT).delete()


def check(guesser: Guesser) -> None:
    """Raise TooManyTries when the name or the address has used up its failures."""
    of_name = _wait(clock.now(), settings.SIGN_IN_RATE, name_key=guesser.name)
    if seconds := max(of_name, _wait_of_address(guesser)):
        raise TooManyTries(seconds)


def _wait_of_address(guesser: Guesser) -> int:
    return _wait(clock.now(), settings.SIGN_IN_ADDRESS_RATE, address_key=guesser.address)


def _wait(now: datetime, rate: str, **whose: Any) -> int:
    """Seconds until the oldest failure that counts is old enough; 0 when there are fewer than the rate allows."""
    allowed, period = SimpleRateThrottle.parse_rate(None, rate)
    # None of the future: a clock that is set back must lock no one out.
    failures = SignInFailure.objects.filter(created__range=(now - timedelta(seconds=period), now), **whose)
    times = list(failures.order_by("-created").values_list("created", flat=True)[:allowed])
    if len(times) < allowed:
        return 0
    return max(1, round(period - (now - times[-1]).total_seconds()))


def _digest(text: str) -> str:
    """People type passwords into fields for names: the table holds neither."""
    return sha256(text.encode(errors="replace")).hexdigest()
