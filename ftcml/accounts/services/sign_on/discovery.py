"""What the provider says of itself: its addresses and its keys. Both are asked for rarely and kept."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import jwt
import requests
from django.conf import settings

from ftcml.accounts.reasons import Reason, SignOnRefused

KEPT_SECONDS = 600.0
# After a provider didn't answer, so long nobody waits for it again. And so often it's asked for keys that are new.
PAUSE_SECONDS = 10.0
_TIMEOUT = 5.0
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_MORE_ADDRESSES = ("userinfo_endpoint", "end_session_endpoint")

Value = TypeVar("Value")


class _Kept(Generic[Value]):
    """An answer of the provider, for all requests of this process."""

    def __init__(self, ask: Callable[[], Value]) -> None:
        self._ask = ask
        self.forget()

    def forget(self) -> None:
        self._value: Value | None = None
        self._asked, self._failed = 0.0, -PAUSE_SECONDS

    def get(self, seconds: float = KEPT_SECONDS) -> Value:
        """Return the answer, which is at most so old. Raises SignOnRefused."""
        now = time.monotonic()
        if self._value is not None and now - self._asked < seconds:
            return self._value
        if now - self._failed < PAUSE_SECONDS:
            raise SignOnRefused(Reason.AWAY, "it didn't answer a moment ago")
        try:
            self._value, self._asked = self._ask(), now
        except SignOnRefused:
            self._failed = time.monotonic()
            raise
        return self._value


def document() -> dict[str, Any]:
    """Return the provider's discovery document. Raises SignOnRefused."""
    return _document.get()


def end_session_address() -> str:
    """Return where people sign out of the provider, "" where it has no such address or doesn't answer."""
    try:
        return str(document().get("end_session_endpoint") or "")
    except SignOnRefused:
        return ""


def key(token: str) -> jwt.PyJWK:
    """Return the provider's key that the token says it's signed with. Raises SignOnRefused."""
    try:
        name = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError as error:
        raise SignOnRefused(Reason.SHAPE, error) from None
    # The provider may have a new key since: it's asked again, but not as often as a stranger likes.
    found = _named(_keys.get(), name) or _named(_keys.get(PAUSE_SECONDS), name)
    if found is None:
        raise SignOnRefused(Reason.SIGNATURE, f"no key {name}")
    return found


def forget() -> None:
    """Ask again next time."""
    _document.forget()
    _keys.forget()


def _named(keys: list[jwt.PyJWK], name: object) -> jwt.PyJWK | None:
    """Return the key of that name. A token without one is signed with the only key."""
    if name is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.key_id == name), None)


def _ask_for_document() -> dict[str, Any]:
    found = _json(f"{settings.OIDC_ISSUER}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
        raise SignOnRefused(Reason.ISSUER, f"it calls itself {found.get('issuer')}")
    for name in _ADDRESSES:
        _check_address(name, found.get(name))
    for name in _MORE_ADDRESSES:
        if found.get(name):
            _check_address(name, found[name])
    return found


def _check_address(name: str, address: object) -> None:
    """Raise SignOnRefused for an address that is none, or that sends in the clear what the issuer's doesn't."""
    scheme = settings.OIDC_ISSUER.partition(":")[0]
    if not isinstance(address, str) or not address.startswith((f"{scheme}://", "https://")):
        raise SignOnRefused(Reason.SHAPE, f"{name} is {address}")


def _ask_for_keys() -> list[jwt.PyJWK]:
    found = _json(document()["jwks_uri"])
    try:
        return [one for one in jwt.PyJWKSet.from_dict(found).keys if one.public_key_use in (None, "sig")]
    except (jwt.PyJWTError, TypeError, AttributeError) as error:
        raise SignOnRefused(Reason.SHAPE, error) from None


def _json(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=_TIMEOUT)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise SignOnRefused(Reason.AWAY, error) from None
    if not isinstance(found, dict):
        raise SignOnRefused(Reason.SHAPE, address)
    return found


_document = _Kept(_ask_for_document)
_keys = _Kept(_ask_for_keys)
