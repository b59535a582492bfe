"""XML that isn't by the book, repaired piece by piece: what comes out doesn't depend on where the pieces end."""

import pytest

from bench.server.processor_time import limited
from datasets.formats.common.xml_text import repaired

TEXT = '\n <?xml version="1.0" encoding="{}"?>\n<a b="Red & Blue &amp; größe &#8364; &x;">\x02球 &</a>'
REPAIRED = '<a b="Red &amp; Blue &amp; größe &#8364; &amp;x;">球 &amp;</a>'


def pieces(data: bytes, length: int) -> list[bytes]:
    return [data[at : at + length] for at in range(0, len(data), length)]


@pytest.mark.parametrize("length", [1, 2, 3, 5, 7, 11, 64, 1000])
def test_pieces_of_any_length(length: int) -> None:
    assert b"".join(repaired(pieces(TEXT.format("utf-8").encode(), length))).decode().strip() == REPAIRED


@pytest.mark.parametrize(
    ("declared", "written"),
    [("GB2312", "gb18030"), ("gbk", "gbk"), ("utf-16", "utf-8"), ("utf-8", "utf-16"), ("us-ascii", "gb18030")],
)
def test_letters_as_declared_or_else_as_the_bytes_say(declared: str, written: str) -> None:
    text = TEXT.format(declared).replace("größe", "红球球红球球")
    assert b"".join(repaired([text.encode(written)])).decode().strip() == REPAIRED.replace("größe", "红球球红球球")


def test_a_byte_order_mark_is_left_out() -> None:
    assert b"".join(repaired([("\ufeff" + TEXT.format("utf-8")).encode()])).decode().strip() == REPAIRED


@pytest.mark.parametrize("declared", ["punycode", "idna", "unicode_escape", "rot13", "hex", "cp9999", "utf-7"])
def test_letters_that_no_file_of_annotations_is_written_in_are_not_tried(declared: str) -> None:
    """Reading some of them takes the square of the length."""
    text = TEXT.format(declared)
    with limited(2):
        found = b"".join(repaired(pieces(text.encode() + b"<b/>" * 250_000, 2**18)))
    assert found.decode().strip().startswith(REPAIRED)
