from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ftcml.accounts import failures
from ftcml.accounts.hashing import Busy
from ftcml.storage import StorageAway


class ActiveTeamMiddleware:
    """Gives every request `request.team`: the signed-in person's active team, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.team = active_team(request.user)
        return self.get_response(request)


class NotNowMiddleware:
    """Answers with a sentence where a page cannot be had now: its files are away, or too many passwords are hashed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, StorageAway):  # bucket.py has logged why
            return failures.storage_away(request, error)
        return failures.busy(request, error) if isinstance(error, Busy) else None


def active_team(user):
    """The chosen team while the person is still in it; else the only or first one; None for a person without a team."""
    if not user.is_authenticated:
        return None
    memberships = {m.team_id: m.team for m in user.memberships.select_related("team")}
    return memberships.get(user.active_team_id) or next(iter(memberships.values()), None)
