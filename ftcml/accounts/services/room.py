"""A room: this server is one laptop that others in the same network look at over plain HTTP (`make share`)."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from ftcml.accounts.models import Team, User


def is_open() -> bool:
    """Whether this server serves a room now."""
    return bool(settings.ROOM_ADDRESSES)


def may_project(user: User | AnonymousUser, team: Team | None) -> bool:
    """Whether this person may show the room its addresses: coaches and operators, while it is served."""
    if not (is_open() and user.is_authenticated):
        return False
    return user.is_operator or (team is not None and team.is_coached_by(user))
