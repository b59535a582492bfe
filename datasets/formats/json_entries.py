"""A stranger's JSON file of any length, read entry by entry in bounded memory."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import ijson

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MAX_DEPTH = 32
_MAX_VALUES_OF_AN_ENTRY = 200_000
# The parser holds a value as a whole. Within one text there is no quote without a backslash in front of it, within one
# number none at all: where none came for so long, a value is longer than any that annotations need.
_MAX_BYTES_OF_A_VALUE = 1024 * 1024
_QUOTE = re.compile(rb'[^\\]"')
_STARTS, _ENDS = ("start_map", "start_array"), ("end_map", "end_array")


class BrokenJson(Exception):
    """The file cannot be read to its end; the message is the rest of a sentence that begins with its name."""


def list_names(pieces: Iterable[bytes]) -> Iterator[str]:
    """The names under which the object in the file has lists, as they are met. Raises BrokenJson."""
    name = ""
    for depth, event, value in _events(pieces):
        if depth == 1 and event == "map_key":
            name = value
        elif depth == 1 and event == "start_array" and name:
            yield name


def entries(pieces: Iterable[bytes], lists: Collection[str]) -> Iterator[tuple[str, Any]]:
    """(name of the list, entry) for each entry of these lists of the object in the file, in the order of the file.

    Raises BrokenJson.
    """
    name = wanted = ""
    for depth, event, value in _events(pieces):
        if depth == 1:
            name = value if event == "map_key" else name
            wanted = name if event == "start_array" and name in lists else ""
        elif wanted:
            if depth == 2 and event not in _ENDS:
                entry, values = ijson.ObjectBuilder(), 0
            values += 1
            if values > _MAX_VALUES_OF_AN_ENTRY:
                raise BrokenJson(f"has an entry of more than {_MAX_VALUES_OF_AN_ENTRY:,} values")
            entry.event(event, value)
            if depth == 2 and event not in _STARTS:
                yield wanted, entry.value


def _events(pieces: Iterable[bytes]) -> Iterator[tuple[int, str, Any]]:
    """(depth, event, value): what the parser meets, and in how many lists and objects it lies."""
    depth = 0
    try:
        for event, value in ijson.basic_parse(ijson.from_iter(_bounded(pieces)), use_float=True):
            depth -= event in _ENDS
            yield depth, event, value
            depth += event in _STARTS
            if depth > _MAX_DEPTH:
                raise BrokenJson("nests deeper than any annotation does")
    except (ijson.JSONError, UnicodeDecodeError):
        raise BrokenJson("is damaged, or no JSON") from None


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, without what some editors put in front of a text."""
    without_quote = 0
    for number, piece in enumerate(pieces):
        without_quote = 0 if _QUOTE.search(piece) else without_quote + len(piece)
        if without_quote > _MAX_BYTES_OF_A_VALUE:
            raise BrokenJson("holds a value that is longer than annotations need")
        yield piece.removeprefix(_BYTE_ORDER_MARK) if number == 0 else piece
