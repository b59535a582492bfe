"""Decides who may send a large request, and how many uploads and downloads a person may have at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakSet, ref

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import Resolver404, resolve
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from ftcml.accounts.api.authentication import TokenAuthentication
from ftcml.accounts.pages import failures
from ftcml.accounts.services.team_request import SiteRequest
from ftcml.core.files.uploads import SENDER_MARK, UPLOADS_MARK
from ftcml.core.requests import client_limits
from ftcml.serving import messages
from ftcml.serving.front import KNOWN, is_chunked, is_large


class Gate:
    """A middleware after those that find out who asks, and before any that reads the body.

    It counts in this process: with several web processes each has these limits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._lock = Lock()
        self._uploads: list[int] = []
        self._downloads: dict[int, WeakSet[HttpResponseBase]] = {}

    def __call__(self, request: SiteRequest) -> HttpResponseBase:
        if not is_large(request.META):
            return self._counted(request, self._get_response(request))
        view = _view(request)
        if request.method not in getattr(view, UPLOADS_MARK, ()):
            refused = (411, messages.NO_LENGTH) if is_chunked(request.META) else (413, messages.TOO_LARGE)
            return _refusal(request, *refused)
        person = getattr(view, SENDER_MARK, _person)(request)
        if person is None:
            return _refusal(request, 401, messages.NOT_SIGNED_IN)
        with self._upload_of(person) as refusal:
            return _refusal(request, *refusal) if refusal else self._get_response(request)

    @contextmanager
    def _upload_of(self, person: int) -> Iterator[tuple[int, tuple[str, str]] | None]:
        """Count the upload while it lasts. Yield why it can't begin, or None."""
        with self._lock:
            refusal = self._refused(person)
            if not refusal:
                self._uploads.append(person)
        try:
            yield refusal
        finally:
            if not refusal:
                with self._lock:
                    self._uploads.remove(person)

    def _refused(self, person: int) -> tuple[int, tuple[str, str]] | None:
        if self._uploads.count(person) >= client_limits.UPLOADS_OF_A_PERSON:
            return 429, messages.TOO_MANY_UPLOADS
        return (503, messages.MANY_UPLOADS) if len(self._uploads) >= client_limits.UPLOADS else None

    def _counted(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer, or refuse one more download. A download ends when its answer is closed or given up."""
        if response.streaming and request.user.is_authenticated:
            request.META[KNOWN] = True
        is_download = response.streaming and response.get("Content-Disposition", "").startswith("attachment")
        if not is_download or not request.user.is_authenticated:
            return response
        with self._lock:
            mine = self._downloads.setdefault(request.user.pk, WeakSet())
            if len(mine) < client_limits.DOWNLOADS_OF_A_PERSON:
                mine.add(response)
                # Nothing here may keep an answer alive that is never closed.
                itself = ref(response)

                def ended() -> None:
                    if answer := itself():
                        mine.discard(answer)

                response._resource_closers.append(ended)  # type: ignore[attr-defined]  # Django's own, and not public
                return response
        response.close()
        return _refusal(request, 429, messages.TOO_MANY_DOWNLOADS)


def _view(request: HttpRequest) -> object:
    """Return the view that a request is for, None where there is none."""
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


def _person(request: SiteRequest) -> int | None:
    """Return the id of the sender, by session or token, if they may sign in and are on a team."""
    try:
        found = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return None
    if found:
        return found[0].pk
    return request.user.pk if request.user.is_authenticated and request.team else None


def _refusal(request: HttpRequest, status: int, words: tuple[str, str]) -> HttpResponseBase:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": words[1]}, status=status)
    return failures.refused(request, status, *words)
