"""Answers that are given without asking Django."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

from django.template.loader import render_to_string


def refuse(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: HTTPStatus,
    sentence: str,
    headers: Iterable[tuple[str, str]] = (),
) -> list[bytes]:
    """Say the sentence as the client can show it: a program, a part of a page, or whatever else asks."""
    kind, text, extra = "text/plain", f"{sentence}\n", []
    if environ.get("PATH_INFO", "").startswith("/api/"):
        kind, text = "application/json", json.dumps({"detail": sentence})
    elif "HTTP_HX_REQUEST" in environ:
        kind, text = "text/html", render_to_string("parts/notice.html", {"sentence": sentence})
        extra = [("X-Notice", "1")]
    start_response(f"{status.value} {status.phrase}", [("Content-Type", f"{kind}; charset=utf-8"), *headers, *extra])
    return [text.encode()]
