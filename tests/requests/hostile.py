"""What accidents and strangers send where a number, a name or an id is asked for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict

from ftcml.core.requests import client_limits

# As long as a field can be: a longer body is refused before a form or a parser sees it.
_LONG = client_limits.SMALL_REQUEST_BYTES - 8 * 1024

# As bytes of a query or a form, still to be quoted.
TEXTS: dict[str, bytes] = {
    "nothing": b"",
    "hundreds of digits": b"9" * 400,
    "more digits than Python reads": b"9" * 5000,
    "one more than PostgreSQL holds": str(2**31).encode(),
    "one more than SQLite holds": str(2**63).encode(),
    "below zero": b"-1",
    "far below zero": b"-" + b"9" * 400,
    "digits of another script": "٣²".encode(),
    "a fraction": b"1.5",
    "infinity": b"1e999",
    "not a number": b"nan",
    "NUL": b"a\x00b",
    "half a character": b"\xff\xfe",
    "a lone surrogate": b"\xed\xa0\x80",
    "a very long name": b"x" * _LONG,
    "very many words": b"a " * 2_000,
    "a date that is none": b"99999-13-32",
    "the last year": b"9999",
    "what looks like JSON": b'{"a": [1]}',
    "quotes": b"';--\"%_\\",
    "line breaks": b"a\r\nSet-Cookie: a=b",
}

# Those that have broken something: each field is tried with them alone.
WORST = ("hundreds of digits", "more digits than Python reads", "far below zero", "NUL", "a very long name")

# Those that mean something to a database. All others are refused, or made text, before one hears of them.
FOR_A_DATABASE = (
    *("hundreds of digits", "one more than PostgreSQL holds", "one more than SQLite holds", "below zero"),
    *("far below zero", "NUL", "half a character", "a lone surrogate", "a very long name", "the last year", "quotes"),
)

# In an address, as a browser sends it.
PARTS: dict[str, str] = {
    "hundreds of digits": "9" * 400,
    "more digits than Python reads": "9" * 5000,
    "one more than SQLite holds": str(2**63),
    "NUL": "a%00b",
    "half a character": "%FF",
    "a lone surrogate": "%ED%A0%80",
    "dots": "..%2F..%2Fetc%2Fpasswd",
    "a very long name": "x" * 4000,
    "a line break": "a%0D%0Ab",
}

# As the text of a value in JSON.
VALUES: dict[str, str] = {
    "null": "null",
    "true": "true",
    "an object": '{"a": [1]}',
    "a list": '["a", null]',
    "nothing": '""',
    "hundreds of digits": "9" * 400,
    "more digits than Python reads": "9" * 5000,
    "hundreds of digits as text": json.dumps("9" * 400),
    "one more than PostgreSQL holds": str(2**31),
    "one more than SQLite holds": str(2**63),
    "below zero": "-1",
    "far below zero": "-" + "9" * 400,
    "a fraction": "1.5",
    "a large fraction": "1e300",
    "infinity": "1e999",
    "infinity by name": "Infinity",
    "not a number": "NaN",
    "NUL": r'"a\u0000b"',
    "a lone surrogate": r'"a\ud800"',
    "a very long name": json.dumps("x" * _LONG),
    "a deep list": "[" * (_LONG // 2) + "]" * (_LONG // 2),
    "a deep object": '{"a":' * (_LONG // 6) + "1" + "}" * (_LONG // 6),
}


@contextmanager
def asked_for(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that the server looks up in queries and forms meanwhile: what a page asks for, told by itself."""
    names: set[str] = set()

    def spied(method: str) -> Any:
        original = getattr(QueryDict, method)

        def spy(self: QueryDict, name: str, *rest: Any, **options: Any) -> Any:
            names.add(name)
            return original(self, name, *rest, **options)

        return spy

    with monkeypatch.context() as patch:
        for method in ("__getitem__", "__contains__", "_getlist"):
            patch.setattr(QueryDict, method, spied(method))
        yield names
