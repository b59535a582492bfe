from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from ftcml.accounts.models import Team, User
from ftcml.accounts.pages import failures
from ftcml.accounts.services.team_request import SiteRequest
from ftcml.core import busy
from ftcml.core.files.storage import StorageAway
from ftcml.core.requests import deleted_rows


class ActiveTeamMiddleware:
    """Gives every request `request.team`: the signed-in person's active team, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        request.team = active_team(request.user)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Keeps what a signed-in person sees out of the browser's cache: on a shared computer the next one presses Back.

    Pictures, data and parts of pages that name their own age are kept as they say: their addresses are on no page after
    signing out, and Back shows none of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        is_part = "HX-Request" in request.headers
        is_page = response.get("Content-Type", "").startswith("text/html") and not is_part
        if is_signed_in and (is_page or "Cache-Control" not in response):
            response["Cache-Control"] = "no-store, private"
        return response


class NotNowMiddleware:
    """Answers with a sentence where a page cannot be had: its files are away, the server is busy, an item is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, StorageAway):  # bucket.py has logged why
            return failures.storage_away(request, error)
        if busy.is_busy(error):
            return failures.database_busy(request)
        return failures.not_found(request) if deleted_rows.is_deletion(error, request.method, request.path) else None


def active_team(user: User | AnonymousUser) -> Team | None:
    """The chosen team while the person is still in it; else the only or first one; None for a person without a team."""
    if not user.is_authenticated:
        return None
    memberships: dict[int | None, Team] = {m.team_id: m.team for m in user.memberships.select_related("team")}
    return memberships.get(user.active_team_id) or next(iter(memberships.values()), None)
