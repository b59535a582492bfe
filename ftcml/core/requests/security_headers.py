"""What a browser is told to refuse in our pages, should somebody's words ever get into one as code."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class HeadersMiddleware:
    """Belongs below WhiteNoise: a worker's script has rules of its own, and ours builds LiteRT from a blob."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._policy = "; ".join(f"{what} {where}" for what, where in settings.CONTENT_SECURITY_POLICY.items())
        self._permissions = ", ".join(f"{what}={who}" for what, who in settings.PERMISSIONS_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = self._policy
        response["Permissions-Policy"] = self._permissions
        return response
