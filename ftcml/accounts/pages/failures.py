"""The pages for what went wrong. A part of a page that fails answers with a notice, and the API with JSON."""

import sys
from typing import cast

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404

from ftcml.accounts import messages
from ftcml.accounts.pages import page_owner
from ftcml.accounts.services import room
from ftcml.accounts.services.access import NotInTeam
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.core import busy
from ftcml.core import messages as of_core
from ftcml.core.files.storage import StorageAway
from ftcml.core.files.streams import FileLost
from ftcml.core.requests.no_such_page import NoSuchPage


def _is_page(request: HttpRequest) -> bool:
    """Return whether a person asks for a whole page, or for a file that it links to."""
    return request.method == "GET" and "HX-Request" not in request.headers and not request.path_info.startswith("/api/")


def _answer(
    request: HttpRequest, status: int, title: str, sentence: str, is_database_well: bool = True
) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": f"{title}. {sentence}"}, status=status)
    template = "parts/notice.html" if "HX-Request" in request.headers else "failure.html"
    context = {"title": title, "sentence": sentence}
    # After a failure inside the server its database may be what failed: that page asks for no name and no team. Nor
    # does one for a request that was refused before it was known who asks.
    knows_who = is_database_well and hasattr(request, "team")
    page = render_to_string(template, context, request=request if knows_who else None)
    return HttpResponse(page, status=status, headers={"X-Notice": "1"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return _wrong_address(request)
    if busy.is_busy(exception):  # Django takes a session that can't be written for a wrong request
        return database_busy(request)
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 400, messages.TOO_LARGE, str(exception))
    return _answer(request, 400, *messages.BY_STATUS[400])


def _wrong_address(request: HttpRequest) -> HttpResponse:
    """Answer with a page without links: at this address they would all lead here again."""
    context = {
        "title": messages.NOT_OUR_ADDRESS,
        "sentence": messages.SHARED_ELSEWHERE if room.is_open() else messages.UNKNOWN_ADDRESS,
        "is_dead_end": True,
    }
    return HttpResponse(render_to_string("failure.html", context), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, *messages.BY_STATUS[403])


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, NotInTeam) and _is_page(request):
        asker = cast(PersonRequest, request)
        if team := exception.team_among(asker.user.teams()):
            return page_owner.other_team(asker, team)
    if isinstance(exception, FileLost):
        return _answer(request, 404, messages.FILE_LOST, str(exception))
    is_address_wrong = isinstance(exception, (Resolver404, NoSuchPage))
    return _answer(request, 404, *(messages.NO_SUCH_PAGE if is_address_wrong else messages.BY_STATUS[404]))


def storage_away(request: HttpRequest, away: StorageAway) -> HttpResponse:
    return _answer(request, 503, messages.NO_STORAGE, str(away))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token isn't the session's, most often after a sign-in in another window."""
    response = _answer(request, 403, *messages.STALE)
    response["X-Stale-Form"] = "1"
    return response


def database_busy(request: HttpRequest) -> HttpResponse:
    response = _answer(request, 503, messages.SERVER_BUSY, of_core.BUSY, is_database_well=False)
    response["Retry-After"] = str(busy.RETRY_SECONDS)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when something unexpected was raised, which is being handled now."""
    if busy.is_busy(sys.exc_info()[1]):
        return database_busy(request)
    return _answer(request, 500, *messages.BY_STATUS[500], is_database_well=False)


def refused(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """Say why a request is refused before a view has seen it."""
    return _answer(request, status, title, sentence)
