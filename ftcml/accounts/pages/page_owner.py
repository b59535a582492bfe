"""Whose page a request comes from: every page carries its person and team, and sends them along.

A coach may switch teams in another tab, and another person may sign in there. A page that was made before then asks for
one team under the header of the other. Such a request is refused before anything reads it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import FOR_A_TEAM
from ftcml.accounts.services.team_request import SiteRequest
from ftcml.core.files.uploads import UPLOADS_MARK

# What a script sends, and the same in a form that no script sends.
HEADER, FIELD = "X-Page-Of", "page_of"
# Of a refusal: what is wrong, for static/js/every-page/session.js.
WRONG_PAGE = "X-Wrong-Page"


@dataclass(frozen=True)
class PageOwner:
    """Whom a page was made for. `team`: None for a person in no team."""

    person: int
    team: int | None

    @classmethod
    def of(cls, request: SiteRequest) -> Self | None:
        """Return whom a page is made for that answers this request, None for a guest."""
        person = request.user.pk
        return cls(person, request.team.pk if request.team else None) if person else None

    @classmethod
    def sent_with(cls, request: HttpRequest) -> Self | None:
        """Return whose page sent the request, None where it doesn't say so in a way that can be read."""
        said = request.headers.get(HEADER, "") or _field(request)
        with suppress(ValueError):
            person, team = said.split("/")
            return cls(int(person), int(team) if team else None)
        return None

    def __str__(self) -> str:
        return f"{self.person}/{self.team or ''}"


class PageOwnerMiddleware:
    """Refuses what comes from a page of another person, or of another team where the view is for a team's data.

    It must see a request before the middleware against forged ones, which reads all that is uploaded.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: SiteRequest, view: object, *args: object) -> HttpResponse | None:
        page, now = PageOwner.sent_with(request), PageOwner.of(request)
        if page is None or now is None or page == now or not request.user.is_authenticated:
            return None
        if page.person != now.person:
            return _refusal(request, "person")
        if page.team is None or not getattr(view, FOR_A_TEAM, False):
            return None
        team = request.user.teams().filter(pk=page.team).first()
        return _refusal(request, "team" if team else "left", team)


def other_team(request: SiteRequest, team: Team) -> HttpResponse:
    """Answer a page's address that names something of another team of this person."""
    return _refusal(request, "elsewhere", team)


def _field(request: HttpRequest) -> str:
    """What a form without a script says. An upload is a script's, and isn't read here."""
    view = request.resolver_match.func if request.resolver_match else None
    takes_uploads = getattr(view, UPLOADS_MARK, False)
    if request.method != "POST" or takes_uploads or request.path_info.startswith("/api/"):
        return ""
    with suppress(UnreadablePostError):  # it broke off; the code that needs the rest says so
        return str(request.POST.get(FIELD, ""))
    return ""


def _refusal(request: SiteRequest, what: str, team: Team | None = None) -> HttpResponse:
    """`what`: person, team, left or elsewhere. `team`: the page's, as long as the person is in it."""
    is_part = "HX-Request" in request.headers
    back = request.get_full_path() if request.method == "GET" else reverse("home")
    context = {"what": what, "page_team": team, "team": request.team, "back": back}
    template = "parts/wrong_page.html" if is_part else "accounts/wrong_page.html"
    answer = render(request, template, context, status=HTTPStatus.CONFLICT)
    answer["X-Notice"], answer[WRONG_PAGE] = "1", what
    return answer
