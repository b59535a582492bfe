"""Writes sign-ins into the access log, by whichever door a person comes in."""

from typing import Any

from ftcml.accounts.models import User
from ftcml.accounts.pages.middleware import active_team
from ftcml.audit.services import access_log


def record(user: User, **kwargs: Any) -> None:
    """Follow Django's signal of a sign-in."""
    team = active_team(user)
    access_log.record(access_log.Kind.SIGN_IN, team.pk if team else None, person_id=user.pk)
