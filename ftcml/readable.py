"""Keeps out, before anything else looks at it, what no page or program of ours can mean and a database may choke on."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

_NUL = "\x00"


class ReadableMiddleware:
    """Refuse a request with 400 whose path or query holds a NUL, or whose text isn't UTF-8.

    A cookie with a NUL is left out instead: the browser would send it with every request, and never get in again.
    What is in a body is for the forms and the API's parsers, for it isn't read before somebody is known to ask.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.encoding and not _is_utf8(request.encoding):
            raise BadRequest("The text of a request must be UTF-8.")
        if _NUL in request.path_info or any(_NUL in name + value for name, value in _query(request)):
            raise BadRequest("The address holds a character that no text can have.")
        for name in [name for name, value in request.COOKIES.items() if _NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "ascii")


def _query(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() for value in values]
