"""The names of the files in a zip: in which letters, and how many ways of writing one name there are."""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote

from datasets.archive.text_encoding import encoding_of, guessed
from datasets.reasons import Code
from datasets.refusals import DatasetRefused

_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
_DOS_FOLDER = 0x10
_MAX_NAME = 1000
# The other methods of the zip format can grow a few bytes to any size in one step, before it can be counted.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# As the zip programs of Windows and DOS write names, the ones of most robots' rooms first: of two that fit alike the
# first is taken.
_ENCODINGS = ("cp437", "cp1252", "cp932", "cp936", "cp949", "cp950", "cp850", "cp1251", "cp866", "cp1250")
# So many of the names are looked for in the annotations, in so much of them.
_NAMES_LOOKED_FOR = 50
_TEXTS = 200
_TEXT_BYTES = 4 * 1024 * 1024
_ANNOTATIONS = (".json", ".xml", ".txt", ".csv")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|&#(\d{1,7});|&#x([0-9a-fA-F]{1,6});")

Head = Callable[[zipfile.ZipInfo], bytes]


def by_name(entries: Iterable[zipfile.ZipInfo], head: Head) -> dict[str, zipfile.ZipInfo]:
    """The files among the entries by their checked names; `head` reads the beginning of one.

    Raises DatasetRefused for a name that comes twice, and for entries that no honest tool makes.
    """
    entries = list(entries)
    encoding = _encoding(entries, head)
    named = [(_tidy(_decoded(entry, encoding)), entry) for entry in entries]
    folders = {str(folder) for name, _ in named for folder in PurePosixPath(name).parents}
    found: dict[str, zipfile.ZipInfo] = {}
    for name, entry in named:
        if _is_folder(entry) or (not entry.file_size and (not name or name in folders)):
            continue
        _check(name, entry)
        if name in found:
            raise DatasetRefused(Code.FILE_TWICE, file=name[:200])
        found[name] = entry
    return found


def _tidy(name: str) -> str:
    """The name in one spelling of its letters, without what says only "from here": a slash in front, dots, twin
    slashes."""
    parts = unicodedata.normalize("NFC", name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """Some tools leave out the slash at the end of a folder's name, and say what it is by its attributes alone."""
    is_marked = stat.S_ISDIR(entry.external_attr >> 16) or bool(entry.external_attr & _DOS_FOLDER)
    return entry.is_dir() or entry.filename.endswith("\\") or (is_marked and not entry.file_size)


def _check(name: str, entry: zipfile.ZipInfo) -> None:
    """Raise DatasetRefused for a name or kind of a hostile entry."""
    if len(name) > _MAX_NAME:
        raise DatasetRefused(Code.NAME_TOO_LONG, file=name[:100], most=_MAX_NAME)
    parts = name.split("/")
    if not name or ".." in parts or parts[0].endswith(":"):
        raise DatasetRefused(Code.PATH_LEADS_OUT, file=name[:200])
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise DatasetRefused(Code.LINK, file=name[:200])
    if entry.flag_bits & _ENCRYPTED:
        raise DatasetRefused(Code.LOCKED)
    if entry.compress_type not in _METHODS:
        raise DatasetRefused(Code.PACKED_RARELY, file=name[:200])


def _decoded(entry: zipfile.ZipInfo, encoding: str) -> str:
    raw = _raw(entry)
    if raw is None:
        return entry.filename
    return _unicode_path(entry, raw) or raw.decode(encoding, errors="replace")


def _raw(entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name whose letters the zip does not tell; None for any other.

    zipfile reads such a name in the letters of old DOS.
    """
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return None
    try:
        return entry.filename.encode("cp437")
    except UnicodeError:
        return None


def _unicode_path(entry: zipfile.ZipInfo, raw: bytes) -> str:
    """The name in UTF-8 that some tools write beside the other; "" where it does not belong to that."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == _UNICODE_PATH and 5 < length <= len(extra) - 4:
            (checksum,) = struct.unpack("<L", extra[5:9])
            is_of_this = extra[4] == 1 and checksum == zlib.crc32(raw)
            return extra[9 : 4 + length].decode("utf-8", errors="replace") if is_of_this else ""
        extra = extra[4 + length :]
    return ""


def _encoding(entries: list[zipfile.ZipInfo], head: Head) -> str:
    """In which letters all names stand that do not say so.

    The one in which most of the names stand in the annotations, too; else UTF-8 where all may be that, as short words
    of Chinese are by chance; else by their bytes.
    """
    raws = sorted({raw for entry in entries if (raw := _raw(entry)) and not _unicode_path(entry, raw)})
    if not raws:
        return "utf-8"
    may_be_utf8 = all(map(_is_utf8, raws))
    looked_for = raws[:: 1 + len(raws) // _NAMES_LOOKED_FOR]
    text = _annotations_text(entries, head)
    encodings = ("utf-8", *_ENCODINGS) if may_be_utf8 else _ENCODINGS
    found = {encoding: _names_in(text, looked_for, encoding) for encoding in encodings}
    best = max(found, key=lambda encoding: found[encoding])
    if found[best]:
        return best
    return "utf-8" if may_be_utf8 else _by_bytes(b"\n".join(raws))


def _by_bytes(names: bytes) -> str:
    """The letters of old DOS are the custom of the format in the West, and in the East each country's own."""
    encoding = guessed(names)
    return "cp437" if encoding == "cp1252" else encoding


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _names_in(text: str, raws: list[bytes], encoding: str) -> int:
    """How many of the names stand in the text, by the last of their parts that is not plain ASCII, without endings."""
    found = 0
    for raw in raws:
        try:
            name = _tidy(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        telling = [part for part in name.split("/") if not part.isascii()]
        found += bool(telling) and PurePosixPath(telling[-1]).stem in text
    return found


def _annotations_text(entries: list[zipfile.ZipInfo], head: Head) -> str:
    """What the annotations say, or enough of it."""
    texts: list[str] = []
    room = _TEXT_BYTES
    annotations = [entry for entry in entries if _is_annotation(entry)]
    for entry in annotations[:: 1 + len(annotations) // _TEXTS]:
        data = head(entry)
        room -= len(data)
        if room < 0:
            break
        texts.append(data.decode(encoding_of(data), errors="replace"))
    text = "\n".join(texts)
    return unicodedata.normalize("NFC", f"{unquote(text)}\n{_ESCAPED.sub(_letter, text)}")


def _is_annotation(entry: zipfile.ZipInfo) -> bool:
    is_readable = entry.compress_type in _METHODS and not entry.flag_bits & _ENCRYPTED
    return is_readable and entry.filename.lower().endswith(_ANNOTATIONS)


def _letter(escaped: re.Match[str]) -> str:
    of_json, decimal, hexadecimal = escaped.groups()
    number = int(decimal) if decimal else int(of_json or hexadecimal, 16)
    return chr(number) if number <= 0x10FFFF else ""
