"""At a room with HTTPS, who comes by plain HTTP gets the page that leads to the encrypted address."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from ftcml.launcher import messages
from ftcml.launcher.room import page


class PlainDoorMiddleware:
    """Stands before everything that knows a person: a password or a token is read by no view that came unencrypted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.ROOM_CERTIFICATE or request.is_secure():
            return self._get_response(request)
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": messages.HTTPS_ALONE}, status=HTTPStatus.FORBIDDEN)
        request.get_host()  # raises DisallowedHost
        return page.warning(request, _encrypted(request), HTTPStatus.FORBIDDEN)


def _encrypted(request: HttpRequest) -> str:
    """Return the encrypted address of a page that was asked for, and of the start page for anything that was sent."""
    address = urlsplit(request.build_absolute_uri("/" if request.method != "GET" else None))
    return address._replace(scheme="https").geturl()
