"""The label maps of the TensorFlow Object Detection API: label.pbtxt, label_map.pbtxt.

They are protobuf's text format, which people edit by hand. Read here token by token, in a time that grows with their
length alone, and without the quotes that some leave out.
"""

import posixpath
import re
from collections.abc import Iterator

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common.picture_files import decoded, one_line
from datasets.reasons import Code
from datasets.refusals import DatasetRefused

_SUFFIX = ".pbtxt"
# Of all label maps of a zip together.
_MAX_BYTES = 1024 * 1024
_MAX_FILES = 100
_LARGEST_ID = 2**31 - 1
# The most letters of a name, and of any word that is passed over.
_TEXT = r"""(?P<text>"(?:[^"\\\n]|\\.){0,1000}"|'(?:[^'\\\n]|\\.){0,1000}')"""
_WORD = r"""(?P<word>[^\s{}<>:;,\#"']+)"""
# The rest of a line is passed over after # and after a quote that nothing closes.
_TOKEN = re.compile(rf"""{_TEXT}|(?P<mark>[{{}}<>:;,\n])|{_WORD}|[\#"'][^\n]*|\s""")
_MAX_LETTERS = 1000
_OPENS, _CLOSES = "{<", "}>"
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)", re.DOTALL)
_LETTERS = {b"n": b" ", b"t": b" ", b"r": b" "}

_Token = tuple[str, str]  # its kind ("text", "mark" or "word"), and its letters


class LabelMaps:
    """The label maps of an archive. Raises DatasetRefused for more than anybody needs."""

    def __init__(self, archive: Archive) -> None:
        names = [name for name in archive.names if name.lower().endswith(_SUFFIX)]
        if len(names) > _MAX_FILES:
            raise DatasetRefused(Code.TOO_MANY_LABEL_MAPS, most=_MAX_FILES, ending=_SUFFIX)
        texts = {name: text for name in names if (text := _text_of(archive, name))}
        if sum(map(len, texts.values())) > _MAX_BYTES:
            raise DatasetRefused(Code.LABEL_MAPS_TOO_LARGE, ending=_SUFFIX)
        read = {name: parsed(text) for name, text in texts.items()}
        self._maps = {name: label_map for name, label_map in read.items() if label_map}

    def nearest(self, shard: str) -> dict[int, str] | None:
        """Id -> label, by the map that shares the most folders with the shard; None where there is no map."""

        def nearness(name: str) -> int:
            return len(posixpath.commonpath([posixpath.dirname(name), posixpath.dirname(shard)]))

        return self._maps[max(self._maps, key=nearness)] if self._maps else None


def parsed(text: str) -> dict[int, str]:
    """Id -> label; empty for text that is no label map."""
    found: dict[int, str] = {}
    for item in _items(text):
        number = item.get("id", "")
        if number.isascii() and number.isdigit() and len(number) < 11 and int(number) <= _LARGEST_ID:
            found[int(number)] = one_line(item.get("display_name") or item.get("name"))
    return found


def _items(text: str) -> Iterator[dict[str, str]]:
    """The fields of each item, whatever else the file holds."""
    item: dict[str, str] | None = None
    depth, field, last_word = 0, "", ""
    for kind, letters in _tokens(text):
        if kind == "mark" and letters in _OPENS:
            depth += 1
            if depth == 1:
                item = {} if last_word == "item" else None
            elif item is not None and field:
                _take_back(item, field, last_word)
            field = ""
        elif kind == "mark" and letters in _CLOSES:
            depth = max(depth - 1, 0)
            if depth == 0 and item is not None:
                yield item
                item = None
            field = ""
        elif kind == "mark" and letters == ":":
            if item is not None and field:
                _take_back(item, field, last_word)
            field = last_word if depth == 1 and item is not None else ""
            if item is not None and field:
                item[field] = ""
        elif kind == "mark":
            is_expected = letters == "\n" and item is not None and item.get(field) == ""
            field = field if is_expected else ""
        else:
            last_word = letters if kind == "word" else ""
            if item is not None and field:
                field = _add(item, field, kind, letters)


def _add(item: dict[str, str], field: str, kind: str, letters: str) -> str:
    """Add to a field's value; returns the field that what follows belongs to: "" once a text in quotes is complete."""
    if kind == "text":
        item[field] = _unescaped(letters[1:-1])
        return ""
    if len(item[field]) < _MAX_LETTERS:
        item[field] += (" " if item[field] else "") + letters
    return field


def _take_back(item: dict[str, str], field: str, word: str) -> None:
    """The word in front of a colon or a brace is the next field: without quotes, it was taken for a part of a value."""
    item[field] = item[field].removesuffix(word).rstrip()


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup:
            yield found.lastgroup, found.group()


def _unescaped(text: str) -> str:
    """The text that is written with escapes, as protobuf writes each letter that is not English."""

    def letter(found: re.Match[bytes]) -> bytes:
        code = found[1]
        if code[:1].isdigit():
            return bytes([int(code, 8) & 0xFF])
        if len(code) > 1:
            return bytes([int(code[1:], 16)])
        return _LETTERS.get(code, code)

    return _ESCAPE.sub(letter, text.encode(errors="replace")).decode(errors="replace")


def _text_of(archive: Archive, name: str) -> str:
    try:
        return decoded(archive.read(name, _MAX_BYTES))
    except UnreadableFile:
        return ""
