"""A room: this server is one laptop, and others in its network use it (`make share`)."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from ftcml.accounts.models import Team, User


def is_open() -> bool:
    """Return whether this server serves a room now."""
    return bool(settings.ROOM_ADDRESSES)


def is_encrypted() -> bool:
    """Return whether the room is served over HTTPS, with a certificate that this server made."""
    return bool(settings.ROOM_CERTIFICATE)


def address_of(request: HttpRequest) -> str:
    """Return the address to sign in at: the room's, or the one that this request came to."""
    return settings.ROOM_ADDRESSES[0] if is_open() else request.build_absolute_uri("/").rstrip("/")


def address_for_mail(request: HttpRequest) -> str:
    """Return the address with which a link in a mail begins: what the operator set, before what a request says."""
    return settings.SITE_ADDRESS.rstrip("/") or address_of(request)


def may_project(user: User | AnonymousUser, team: Team | None) -> bool:
    """Return whether this person may show the room its address: coaches and operators, while it is served."""
    if not (is_open() and user.is_authenticated):
        return False
    return user.is_operator or (team is not None and team.is_coached_by(user))
