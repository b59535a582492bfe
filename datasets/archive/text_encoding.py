"""Which letters the bytes of a text stand for, where the text itself does not say so."""

import codecs
import re
from collections.abc import Iterable, Iterator

# With this order, UTF-32 is not taken for UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
# Of GB2312 both bytes of a letter are high, which hardly two accented letters of the West in a row are.
_CHINESE_PAIRS = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe]|[\x00-\x7f])*\Z")
# Its usual letters begin so; the small accented letters of the West come later.
_CHINESE_USUAL = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]")
# Kana and the most frequent kanji begin so; in the West these bytes are a few signs.
_JAPANESE_LEADS = re.compile(rb"[\x81-\x9f][\x40-\xfc]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
# So much of a text tells its letters.
_LOOKED_AT_BYTES = 64 * 1024


def encoding_of(data: bytes) -> str:
    """The encoding of a text by its first bytes: UTF-8, UTF-16 or UTF-32, or else what `guessed` says."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if encoding := _without_mark(data):
        return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)  # a letter may be cut off at the end
    except UnicodeDecodeError:
        return guessed(data)
    return "utf-8"


def in_utf8(pieces: Iterable[bytes], encoding: str = "") -> Iterator[bytes]:
    """The pieces of a text in UTF-8, without byte order marks.

    `encoding`: the one that the text is said to have, of those that Python knows; else its first bytes tell.
    """
    decoder = codecs.getincrementaldecoder(encoding or "utf-8")()
    is_start = not encoding
    for piece in pieces:
        if is_start:
            decoder, is_start = codecs.getincrementaldecoder(encoding_of(piece))(errors="strict"), False
        begun = decoder.getstate()[0]
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:  # no letter up to here needed more than ASCII, or the file is damaged
            decoder = codecs.getincrementaldecoder(encoding_of(begun + piece))(errors="replace")
            text = decoder.decode(begun + piece)
        if data := text.replace("\ufeff", "").encode(errors="replace"):
            yield data


def guessed(data: bytes) -> str:
    """The encoding of Windows that a text which is no UTF-8 most likely has: Chinese, Japanese, else Western."""
    data = data[:_LOOKED_AT_BYTES]
    if _CHINESE_PAIRS.match(data) and _is_mostly_usual(data) and _decodes(data, "gb2312"):
        return "gb18030"
    if _JAPANESE_LEADS.search(data) and _decodes(data, "cp932"):
        return "cp932"
    return _WESTERN


def _is_mostly_usual(data: bytes) -> bool:
    usual = sum(1 for _ in _CHINESE_USUAL.finditer(data))
    return 4 * usual >= sum(1 for _ in _HIGH.finditer(data))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return not _PRIVATE_USE.search(text)


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark, which every text that begins with two ASCII letters shows by its zeros."""
    if len(data) >= 4 and data[1] == data[3] == 0 and data[0] and data[2]:
        return "utf-16-le"
    if len(data) >= 4 and data[0] == data[2] == 0 and data[1] and data[3]:
        return "utf-16-be"
    return ""
