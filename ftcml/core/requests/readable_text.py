"""Keeps out, before anything else looks at it, what no page or program of ours can mean and a database may choke on."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

from ftcml.core import messages
from ftcml.core.requests.early_answers import refuse

_NUL = "\x00"


class ReadableMiddleware:
    """Answer 404 where a path holds a NUL, which PostgreSQL can't look for, and leave out a cookie that does.

    Such a cookie isn't refused: the browser would send it with every request, and never get in again. Queries and
    bodies are for the forms, the lists and the API's parsers, which say what is wrong with which field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _NUL in request.path_info:
            raise Http404(messages.NUL_IN_ADDRESS)
        for name in [name for name, value in request.COOKIES.items() if _NUL in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)


def in_utf8_alone(application: WSGIApplication) -> WSGIApplication:
    """Wrap the server so that it refuses a body in any other encoding.

    Django decodes the query by it as well, before any middleware is asked; some that Python knows are no encodings of
    text, and some make half characters of whole ones. No browser sends another to our pages.
    """

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if _charset(environ.get("CONTENT_TYPE", "")).strip().lower() in ("utf-8", "utf8", "us-ascii", "ascii"):
            return application(environ, start_response)
        return refuse(environ, start_response, HTTPStatus.BAD_REQUEST, messages.NOT_UTF_8)

    return wrapped


def _charset(content_type: str) -> str:
    """The charset of the header: UTF-8 where it names none, "" where the header can't be read."""
    try:
        _, options = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return ""
    return options.get("charset", "utf-8")
