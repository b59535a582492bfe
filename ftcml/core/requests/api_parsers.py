"""Reads the bodies of API requests: of a bounded size, and JSON in which every text is one that can be stored."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, JSONParser

from ftcml.core import messages

# An answer of the API has no more levels, and a body needs two.
_DEEPEST = 20


class Json(JSONParser):
    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what the JSON says. Raises ParseError, and RequestDataTooBig."""
        try:
            parsed = super().parse(BytesIO(_bounded(stream)), media_type, parser_context)
        except RecursionError:
            raise ParseError(messages.JSON_TOO_DEEP) from None
        _check(parsed, 0)
        return parsed


class Form(FormParser):
    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the fields. Raises RequestDataTooBig."""
        return super().parse(BytesIO(_bounded(stream)), media_type, parser_context)


def _bounded(stream: IO[bytes]) -> bytes:
    """All of the body. Raises RequestDataTooBig: these parsers, unlike Django's own, set no limit."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise RequestDataTooBig(messages.request_too_large(limit))
    return body


def _check(value: Any, depth: int) -> None:
    """Raises ParseError for a text that can't be stored, at any depth, and for more levels than there are uses for."""
    if depth > _DEEPEST:
        raise ParseError(messages.JSON_TOO_DEEP)
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)


def _check_text(text: str) -> None:
    try:
        is_whole = b"\x00" not in text.encode()
    except UnicodeEncodeError:
        is_whole = False
    if not is_whole:
        raise ParseError(messages.NOT_UNICODE)
