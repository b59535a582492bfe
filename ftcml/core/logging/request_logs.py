"""What the logs say of a request: an id on all of its lines, who asked, and one line with its outcome."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import escape_uri_path
from structlog.contextvars import bind_contextvars, clear_contextvars

from ftcml.core.logging import logs

HEADER = "X-Request-ID"
# What a proxy may have chosen. Anything else could write lines of its own into the logs.
_PLAUSIBLE = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """Belongs before all others, so that it sees every answer.

    The line has the path without its query: what people search for, or sign in with, is private.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        clear_contextvars()
        request_id = _request_id(request)
        bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        log.info(
            "request",
            method=request.method,
            path=escape_uri_path(request.path),
            status=response.status_code,
            milliseconds=round(1000 * (time.perf_counter() - began)),
        )
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """By now the other middlewares know who asks."""
        logs.bind_person(getattr(request, "user", None), getattr(request, "team", None))


@receiver(request_finished)
def _forget(**kwargs: Any) -> None:
    """Only now: Django has its say about an answer when the middlewares have ended."""
    clear_contextvars()


def _request_id(request: HttpRequest) -> str:
    """The id that a proxy gave the request, or a new one."""
    given = request.headers.get(HEADER, "")
    return given if _PLAUSIBLE.fullmatch(given) else uuid.uuid4().hex
