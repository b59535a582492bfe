"""Members of a team, made in the server's own process: they have tokens and sessions, and need not sign in."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench.server.local_server import LocalServer

if TYPE_CHECKING:
    from ftcml.accounts.models import Team


_SCRIPT = "from bench.pages import load_people; load_people.print_new({team}, {number})"


@dataclass(frozen=True)
class Member:
    token: str
    session: str


def new_members(server: LocalServer, team: int, number: int) -> list[Member]:
    """Add so many people to the team of that number."""
    script = _SCRIPT.format(team=team, number=number)
    printed = server.manage("shell", "--verbosity", "0", "--command", script)
    return [Member(**fields) for fields in json.loads(printed.splitlines()[-1])]


def print_new(team: int, number: int) -> None:
    """Called in the server's environment by new_members."""
    from ftcml.accounts.models import Team

    its_team = Team.objects.get(number=team)
    already = its_team.memberships.count()
    print(json.dumps([asdict(_member(its_team, f"load-{team}-{already + index}")) for index in range(number)]))


def _member(team: "Team", username: str) -> Member:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from ftcml.accounts.models import ApiToken, Membership, User

    user = User.objects.create(username=username)
    membership = Membership.objects.create(user=user, team=team)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Member(ApiToken.issue(membership), session.session_key or "")
