"""The pages for what went wrong. A part of a page that fails answers with a notice to show, never with a whole page.

A program that asked the API gets the sentence as JSON.
"""

import sys
from typing import cast

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from ftcml.accounts.pages import page_owner
from ftcml.accounts.services import room
from ftcml.accounts.services.access import NotInTeam
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.core import busy
from ftcml.core.files.storage import StorageAway
from ftcml.core.files.streams import FileLost

SENTENCES = {
    400: (
        "Not understood",
        "The server couldn't read what your browser sent. Reload the page, then try again.",
    ),
    403: ("Not allowed", "Your account isn't allowed to do this. Ask your coach if it should be."),
    404: (
        "Not found",
        "There is no such item in your team. It may have been deleted. Go back and reload the page.",
    ),
    500: ("Something broke on the server", "It wasn't your fault. Try again in a minute."),
}
NOT_OUR_ADDRESS = "This is not an address of ftcml here"
IN_A_ROOM = (
    "The laptop that serves this room may have got another address. Ask your coach for the one to open now. "
    "Coach: press Ctrl-C where make share runs and start it again; it shows the new address."
)
ELSEWHERE = (
    "Check what you typed. Where it is right, the person who runs this server has to add the name or address to "
    "ALLOWED_HOSTS and start it again."
)
STALE = ("This page is too old", "You signed in or out since you opened it. Reload the page, then try again.")


def _is_page(request: HttpRequest) -> bool:
    """Whether a person asks for a whole page, or a file that it links to."""
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
        return _answer(request, 400, "Too large", str(exception))
    return _answer(request, 400, *SENTENCES[400])


def _wrong_address(request: HttpRequest) -> HttpResponse:
    """A page without links: at this address they would all lead here again."""
    context = {"title": NOT_OUR_ADDRESS, "sentence": IN_A_ROOM if room.is_open() else ELSEWHERE, "is_dead_end": True}
    return HttpResponse(render_to_string("failure.html", context), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, *SENTENCES[403])


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, NotInTeam) and _is_page(request):
        asker = cast(PersonRequest, request)
        if team := exception.team_among(asker.user.teams()):
            return page_owner.other_team(asker, team)
    if isinstance(exception, FileLost):
        return _answer(request, 404, "A file is lost", str(exception))
    return _answer(request, 404, *SENTENCES[404])


def storage_away(request: HttpRequest, away: StorageAway) -> HttpResponse:
    return _answer(request, 503, "The files cannot be reached", str(away))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's CSRF token is not the session's, most often after a new sign-in in another window."""
    response = _answer(request, 403, *STALE)
    response["X-Stale-Form"] = "1"
    return response


def database_busy(request: HttpRequest) -> HttpResponse:
    response = _answer(request, 503, "Busy", busy.SENTENCE, is_database_well=False)
    response["Retry-After"] = str(busy.RETRY_SECONDS)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer where something raised what the server did not foresee; it is being handled now."""
    if busy.is_busy(sys.exc_info()[1]):
        return database_busy(request)
    return _answer(request, 500, *SENTENCES[500], is_database_well=False)


def refused(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """Say why the server doesn't take a request, before a view has seen it."""
    return _answer(request, status, title, sentence)
