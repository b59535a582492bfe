"""Stands between the web server and Django, so that large bodies and answers never hold up pages.

The web server has many threads that wait for clients. Pages are made by a few others, at most PAGE_THREADS at a time,
and each is given back whole, so a thread that makes pages never waits for a client. Nor does it for a small body,
which is read before. Passwords, which are slow to hash, have threads of their own.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from django.db import close_old_connections, connections
from django.http import HttpRequest, HttpResponse

from ftcml.accounts.services.guessing import place_of
from ftcml.core import busy, messages
from ftcml.core.files import uploads
from ftcml.core.requests import client_limits
from ftcml.core.requests.early_answers import refuse
from ftcml.serving.places import Places

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


# In the environ: the gate saw that a person who is signed in gets the answer.
KNOWN = "ftcml.is_known"
# Below these, POST hashes a password.
_HASHING = ("/sign-in/", "/password/", "/people/", "/join/", "/new-password/", "/console/teams/", "/api/v1/token/")


class Front:
    """A WSGI application around Django's."""

    def __init__(self, django: Application) -> None:
        self._django = django
        self._pages = ThreadPoolExecutor(client_limits.PAGE_THREADS, thread_name_prefix="page")
        self._passwords = ThreadPoolExecutor(client_limits.PASSWORD_THREADS, thread_name_prefix="password")
        self._password_requests = BoundedSemaphore(client_limits.PASSWORD_REQUESTS)
        self._large_answers = Places(client_limits.LARGE_ANSWERS, client_limits.LARGE_ANSWERS)
        self._answers_to_strangers = Places(
            client_limits.LARGE_ANSWERS_TO_STRANGERS, client_limits.LARGE_ANSWERS_OF_AN_ADDRESS
        )
        self._large_requests = BoundedSemaphore(client_limits.LARGE_REQUESTS)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if is_chunked(environ):
            # How much comes is known at its end, and Django reads no further than the length that it was told.
            environ["CONTENT_LENGTH"] = str(uploads.most_bytes())
        if is_large(environ):
            return self._upload(environ, start_response)
        # Here, for whatever the worker took for the whole request: it may have been misled.
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(_length(environ)))
        if _hashes(environ):
            return self._password(environ, start_response)
        answer, head = self._pages.submit(self._page, environ).result()
        return self._sent(environ, answer, head, start_response)

    def _password(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._password_requests.acquire(blocking=False):
            return _busy(environ, start_response)
        try:
            answer, head = self._passwords.submit(self._page, environ).result()
        finally:
            self._password_requests.release()
        return self._sent(environ, answer, head, start_response)

    def _upload(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer an upload in this thread, which waits for the client anyway."""
        if not self._large_requests.acquire(blocking=False):
            return _busy(environ, start_response)
        try:
            return _whole(self._django(environ, start_response))
        finally:
            connections.close_all()
            self._large_requests.release()

    def _page(self, environ: Environ) -> tuple[Any, tuple[Any, ...]]:
        """Return the answer with its status and headers: whole if Django has made it, else to be iterated."""
        head: list[tuple[Any, ...]] = []
        answer = self._django(environ, lambda *given: head.append(given))
        if isinstance(answer, HttpResponse):
            return _whole(answer), head[-1]
        close_old_connections()
        return answer, head[-1]

    def _sent(
        self, environ: Environ, answer: Any, head: tuple[Any, ...], start_response: StartResponse
    ) -> Iterable[bytes]:
        if isinstance(answer, list):
            start_response(*head)
            return answer
        if _is_small(head[1]):
            return _closing(answer, head, start_response, connections.close_all)
        places = self._large_answers if environ.get(KNOWN) else self._answers_to_strangers
        client = _address(environ)
        if not places.take(client):
            answer.close()
            return _busy(environ, start_response)

        def done() -> None:
            places.give_back(client)
            connections.close_all()

        return _closing(answer, head, start_response, done)


def _busy(environ: Environ, start_response: StartResponse) -> list[bytes]:
    headers = [("Retry-After", str(busy.RETRY_SECONDS))]
    return refuse(environ, start_response, HTTPStatus.SERVICE_UNAVAILABLE, messages.BUSY, headers)


def _address(environ: Environ) -> str:
    request = HttpRequest()
    request.META = environ
    return place_of(request)


def is_chunked(environ: Environ) -> bool:
    return bool(environ.get("HTTP_TRANSFER_ENCODING"))


def is_large(environ: Environ) -> bool:
    """Return whether the request is too large to be read whole before its client is known."""
    return _length(environ) > client_limits.SMALL_REQUEST_BYTES


def _hashes(environ: Environ) -> bool:
    return environ.get("REQUEST_METHOD") == "POST" and environ.get("PATH_INFO", "").startswith(_HASHING)


def _length(environ: Environ) -> int:
    length = str(environ.get("CONTENT_LENGTH") or "")
    return int(length) if length.isdecimal() else 0


def _whole(answer: Any) -> list[bytes]:
    """Return the whole answer, and let Django end the request."""
    try:
        return list(answer)
    finally:
        answer.close()


def _closing(answer: Any, head: tuple[Any, ...], start_response: StartResponse, done: Callable[[], None]) -> Any:
    """Return the same answer, since the web server sends some kinds faster. `done` is called once after its end."""
    close, left = answer.close, [done]

    def close_and_tell() -> None:
        try:
            close()
        finally:
            if left:
                left.pop()()

    answer.close = close_and_tell
    start_response(*head)
    return answer


def _is_small(headers: Iterable[tuple[str, str]]) -> bool:
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    return bool(lengths) and int(lengths[0]) <= client_limits.SMALL_ANSWER_BYTES
