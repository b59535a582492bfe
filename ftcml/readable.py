"""Keeps out, before anything else looks at it, what no page or program of ours can mean and a database may choke on."""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

_NUL = "\x00"


class ReadableMiddleware:
    """Refuse a request with 400 whose path or query holds a NUL.

    A cookie with a NUL is left out instead: the browser would send it with every request, and never get in again.
    What is in a body is for the forms and the API's parsers, for it isn't read before somebody is known to ask.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _NUL in request.path_info or any(_NUL in name + value for name, value in _query(request)):
            raise BadRequest("The address holds a character that no text can have.")
        for name in [name for name, value in request.COOKIES.items() if _NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)


def _query(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() for value in values]


def in_utf8_alone(application: WSGIApplication) -> WSGIApplication:
    """Wrap the server so that it refuses a body in any other encoding.

    Django decodes the query by it as well, before any middleware is asked; some that Python knows are no encodings of
    text, and some make half characters of whole ones. No browser sends another to our pages.
    """

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _, options = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if options.get("charset", "utf-8").strip().lower() in ("utf-8", "utf8", "us-ascii", "ascii"):
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"The text of a request must be UTF-8.\n"]

    return wrapped
