"""A stranger's JSON file of any length, read entry by entry in bounded memory."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import ijson

from datasets.archive.text_encoding import in_utf8
from datasets.reasons import Code, Param

_MAX_DEPTH = 32
_MAX_VALUES_OF_AN_ENTRY = 200_000
# The parser holds a value as a whole. Within one text there is no quote without a backslash in front of it, within one
# number none at all: where none came for so long, a value is longer than any that annotations need.
_MAX_BYTES_OF_A_VALUE = 1024 * 1024
_QUOTE = re.compile(rb'[^\\]"')
_NO_NUMBER = re.compile(rb"([:,\[]\s{0,20})(?:NaN|-?Infinity)(?=\s{0,20}[,\]}])")
_LONGEST_NO_NUMBER = 64
_STARTS, _ENDS = ("start_map", "start_array"), ("end_map", "end_array")


class BrokenJson(Exception):
    """The file cannot be read to its end. `code` and `params` say why, but for the file's name."""

    def __init__(self, code: Code, **params: Param) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


def list_names(pieces: Iterable[bytes]) -> Iterator[str]:
    """The names under which the object in the file has lists, as they are met. Raises BrokenJson."""
    name = ""
    for depth, event, value in _events(pieces):
        if depth == 1 and event == "map_key":
            name = value
        elif depth == 1 and event == "start_array" and name:
            yield name


def entries(pieces: Iterable[bytes], wanted: Collection[str]) -> Iterator[tuple[str, Any]]:
    """(name, entry) for each entry of the lists of the object in the file that are `wanted`, in the order of the file.

    A name as “info.year” stands for a text in an object of the object. Raises BrokenJson.
    """
    name = of_list = key = ""
    for depth, event, value in _events(pieces):
        if depth == 1:
            name = value if event == "map_key" else name
            of_list = name if event == "start_array" and name in wanted else ""
        elif of_list:
            if depth == 2 and event not in _ENDS:
                entry, values = ijson.ObjectBuilder(), 0
            values += 1
            if values > _MAX_VALUES_OF_AN_ENTRY:
                raise BrokenJson(Code.JSON_ENTRY_TOO_LARGE, most=_MAX_VALUES_OF_AN_ENTRY)
            entry.event(event, value)
            if depth == 2 and event not in _STARTS:
                yield of_list, entry.value
        elif depth == 2:
            key = f"{name}.{value}" if event == "map_key" else key
            if event == "string" and key in wanted:
                yield key, value


def _events(pieces: Iterable[bytes]) -> Iterator[tuple[int, str, Any]]:
    """(depth, event, value): what the parser meets, and in how many lists and objects it lies."""
    depth = 0
    try:
        for event, value in ijson.basic_parse(ijson.from_iter(_bounded(pieces)), use_float=True):
            depth -= event in _ENDS
            yield depth, event, value
            depth += event in _STARTS
            if depth > _MAX_DEPTH:
                raise BrokenJson(Code.JSON_TOO_DEEP)
    except (ijson.JSONError, UnicodeDecodeError):
        raise BrokenJson(Code.JSON_DAMAGED) from None


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in UTF-8, without what some editors put in front of a text."""
    without_quote = 0
    for piece in _with_json_numbers(in_utf8(pieces)):
        without_quote = 0 if _QUOTE.search(piece) else without_quote + len(piece)
        if without_quote > _MAX_BYTES_OF_A_VALUE:
            raise BrokenJson(Code.JSON_VALUE_TOO_LONG)
        yield piece


def _with_json_numbers(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces with null for what is no number: Python writes NaN and Infinity, which are not JSON."""
    held = b""
    for piece in pieces:
        data = _NO_NUMBER.sub(rb"\1null", held + piece)
        held = data[-_LONGEST_NO_NUMBER:]
        if len(data) > len(held):  # the parser takes an empty piece for the end
            yield data[: -len(held)]
    yield held
