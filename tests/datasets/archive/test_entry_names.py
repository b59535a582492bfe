"""Names of files in zips, as the zip programs of the world write them."""

import io
import json
import struct
import zipfile
import zlib

import pytest

from datasets.archive.text_encoding import encoding_of
from datasets.archive.zip_archive import Archive
from tests.datasets.archives import A_BALL, annotation, coco, picture
from tests.datasets.reading import archive_of, read


def zip_of(files: dict[bytes, bytes | str], extra: dict[bytes, bytes] | None = None) -> io.BytesIO:
    """A zip whose names are these bytes, without a word about their letters."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for number, (name, content) in enumerate(files.items()):
            info = zipfile.ZipInfo(f"{number:x}" * len(name))
            info.extra = (extra or {}).get(name, b"")
            opened.writestr(info, content)
    data = stream.getvalue()
    for number, name in enumerate(files):
        data = data.replace(f"{number:x}".encode() * len(name), name)
    return io.BytesIO(data)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("ロボット写真_0", "cp932"),
        ("ソ表_1", "cp932"),
        ("机器人照片_0", "cp936"),
        ("图片_0", "cp936"),  # whose bytes are UTF-8 as well, by chance
        ("größe_ñ", "utf-8"),
        ("größe_ñ", "cp1252"),
        ("größe_ñ", "cp437"),
        ("кубик_1", "cp1251"),
        ("로봇_1", "cp949"),
    ],
)
@pytest.mark.parametrize("ensure_ascii", [True, False], ids=["escaped", "as they are"])
def test_the_letters_are_those_in_which_the_annotations_know_the_names(
    name: str, encoding: str, ensure_ascii: bool
) -> None:
    note = json.dumps(json.loads(coco({1: f"{name}.jpg"}, {1: "ball"}, [])), ensure_ascii=ensure_ascii)
    files = {f"images/{name}.jpg".encode(encoding): picture(), b"instances.json": note}
    assert Archive(zip_of(files)).names == sorted([f"images/{name}.jpg", "instances.json"])


def test_without_a_word_in_the_annotations_the_bytes_decide() -> None:
    name = "ロボット写真.jpg"
    assert Archive(zip_of({name.encode("cp932"): picture()})).names == [name]


def test_one_name_in_other_letters_than_the_rest_is_no_reason_to_refuse() -> None:
    assert len(Archive(zip_of({"größe.jpg".encode(): b"", b"\x81.jpg": b""})).names) == 2


def test_the_unicode_path_beside_a_name_counts_if_it_is_of_this_name() -> None:
    raw, wanted = b"r____t.jpg\x81", "ロボット.jpg"

    def field(checksum: int) -> bytes:
        content = struct.pack("<BL", 1, checksum) + wanted.encode()
        return struct.pack("<HH", 0x7075, len(content)) + content

    assert Archive(zip_of({raw: b""}, {raw: field(zlib.crc32(raw))})).names == [wanted]


@pytest.mark.parametrize("name", ["./{}", "/{}", "set//{}", "./set/./{}", "\\{}", ".\\set\\{}"])
def test_a_name_that_says_from_here_in_another_way_is_the_same_name(name: str) -> None:
    files = {
        name.format("images/a.jpg"): picture(),
        name.format("annotations/a.xml"): annotation("a.jpg", [A_BALL]),
    }
    (boxes,) = read(files).boxes.values()
    assert boxes == [A_BALL]


def test_a_folder_without_a_slash_at_its_end_is_no_file() -> None:
    by_attribute, by_dos, by_its_files = (zipfile.ZipInfo(name) for name in ("images", "more", "notes"))
    by_attribute.external_attr = 0o40755 << 16
    by_dos.external_attr = 0x10
    files = {by_attribute: b"", by_dos: b"", by_its_files: b"", "images/a.jpg": b"", "notes/a.xml": b""}
    assert archive_of(files).names == ["images/a.jpg", "notes/a.xml"]


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("größe", "utf-8", "utf-8"),
        ("größe", "utf-16", "utf-16"),
        ("größe", "utf-16-le", "utf-16-le"),
        ("größe", "utf-32", "utf-32"),
        ("<a>Jérôme Größe</a>", "cp1252", "cp1252"),
        ("<a>红色圆锥</a>", "gb2312", "gb18030"),
        ("<a>赤いコーン</a>", "cp932", "cp932"),
    ],
)
def test_the_letters_of_a_text_are_told_by_its_bytes(text: str, encoding: str, found: str) -> None:
    assert encoding_of(text.encode(encoding)) == found
