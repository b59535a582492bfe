"""What stands before Django, without a web server around it."""

import json
import threading
from io import BytesIO
from typing import Any

import pytest

from ftcml.core import busy, messages
from ftcml.core.requests import client_limits
from ftcml.core.requests.readable_text import in_utf8_alone
from ftcml.serving.front import Front


class Watched(BytesIO):
    """A body that knows which threads read it."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.readers: set[str] = set()

    def read(self, size: int | None = -1) -> bytes:
        self.readers.add(threading.current_thread().name)
        return super().read(size)


def test_a_thread_that_makes_pages_reads_from_no_client() -> None:
    made = []

    def page(environ, start_response) -> list[bytes]:
        made.append(threading.current_thread().name)
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(4)]

    body = Watched(b"form and what follows")
    assert Front(page)({"wsgi.input": body, "CONTENT_LENGTH": "0004"}, lambda *head: None) == [b"form"]
    assert body.readers == {threading.current_thread().name}
    assert body.readers.isdisjoint(made)


def refused(environ: dict[str, Any]) -> tuple[dict[str, str], str]:
    """The headers and the words for a request in another charset."""
    heads: list[Any] = []
    environ = {**environ, "CONTENT_TYPE": "text/plain; charset=utf-16"}
    words = b"".join(in_utf8_alone(no_page)(environ, lambda *head: heads.append(head)))
    assert heads[0][0] == "400 Bad Request"
    return dict(heads[0][1]), words.decode()


def no_page(environ, start_response) -> list[bytes]:
    raise AssertionError


def test_a_refusal_is_what_its_client_can_show() -> None:
    sentence = "The text of a request must be UTF-8."
    headers, words = refused({"PATH_INFO": "/api/v1/datasets/"})
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(words) == {"detail": sentence}
    headers, words = refused({"PATH_INFO": "/models/", "HTTP_HX_REQUEST": "true"})
    assert headers["X-Notice"]
    assert words.startswith("<div")
    assert sentence in words
    assert refused({"PATH_INFO": "/models/"})[1] == f"{sentence}\n"


def test_a_busy_server_says_so_to_programs_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_limits, "PASSWORD_REQUESTS", 0)
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/token/", "wsgi.input": BytesIO()}
    heads: list[Any] = []
    (words,) = Front(no_page)(environ, lambda *head: heads.append(head))
    assert json.loads(words) == {"detail": messages.BUSY}
    assert heads[0][0] == "503 Service Unavailable"
    assert dict(heads[0][1])["Retry-After"] == str(busy.RETRY_SECONDS)
