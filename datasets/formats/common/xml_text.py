"""XML as people and programs write it, made into XML by the book, piece by piece."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from datasets.archive.text_encoding import in_utf8

_DECLARATION = re.compile(rb"\A<\?xml[^>]{0,200}\?>")
_LONGEST_DECLARATION = 210
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,150}encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Those of which a single byte of ASCII is itself, and that take no more time than their text is long.
_KNOWN_ENCODING = re.compile(
    r"(?i)(utf-?8|us-ascii|ascii|(windows-|cp)(125[0-8]|437|85[0-9]|86[0-9]|874|932|936|949|950)|iso-?8859-[0-9]{1,2}|"
    r"latin-?[0-9]|gbk|gb2312|gb18030|big5|shift[-_]jis|euc[-_](jp|kr)|koi8-[ru])"
)
# An ampersand that begins no reference: programs that put texts together write “Red & Blue” as it is.
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_LONGEST_REFERENCE = 12
_NO_XML = re.compile(b"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")
_SPACE = b" \t\r\n"


def repaired(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file that isn't valid XML as UTF-8, without what stands in front of its first element."""
    held = b""
    for piece in _without_declaration(_decoded(pieces)):
        data = held + piece
        begun = data.rfind(b"&", -_LONGEST_REFERENCE)
        held = data[begun:] if begun >= 0 else b""
        if escaped := _escaped(data[: len(data) - len(held)]):
            yield escaped
    if held:
        yield _escaped(held)


def _escaped(data: bytes) -> bytes:
    return _NO_XML.sub(b"", _BARE_AMPERSAND.sub(b"&amp;", data))


def _decoded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in UTF-8, of a text in the letters that it declares, or else has."""
    waiting = iter(pieces)
    first = next(waiting, b"")
    declared = _ENCODING.match(first)
    return in_utf8(chain([first], waiting), _usable(declared[1].decode()) if declared else "")


def _usable(encoding: str) -> str:
    """The encoding with that name as Python names it; none for one that isn't known or can't be right."""
    if not _KNOWN_ENCODING.fullmatch(encoding):
        return ""
    try:  # programs name the older Chinese one, and write letters of the newer one
        return codecs.lookup(encoding.lower().replace("gb2312", "gb18030")).name
    except LookupError:
        return ""


def _without_declaration(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces without the blank lines and the declaration in front, which may name letters that it isn't in now."""
    begin = b""
    for piece in pieces:
        begin = (begin + piece).lstrip(_SPACE)
        if len(begin) > _LONGEST_DECLARATION:
            break
    yield _DECLARATION.sub(b"", begin)
    yield from pieces
