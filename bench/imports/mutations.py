"""What can be wrong with a zip: each mutation makes one from a sound one, the same for the same random numbers."""

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from PIL import Image

Files = list[tuple[str, bytes]]

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_DIRECTORY_ENTRY, _DIRECTORY_END = b"PK\x01\x02", b"PK\x05\x06"
# Where the numbers of a directory's entry and of its end lie, and how long each is.
_ENTRY_FIELDS = [
    (6, 2),
    (8, 2),
    (10, 2),
    (16, 4),
    (20, 4),
    (24, 4),
    (28, 2),
    (30, 2),
    (32, 2),
    (34, 2),
    (38, 4),
    (42, 4),
]
_END_FIELDS = [(4, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)]
_NUMBER = re.compile(rb"\d+(\.\d+)?")
_HUGE = [
    b"9" * 20,
    b"9" * 400,
    b"-1",
    b"1e308",
    b"1e999",
    b"-1e999",
    b"NaN",
    b"Infinity",
    b"0x7fffffff",
    b"0.0",
    b"1e-320",
]
_OTHER_TYPES = [
    b'"a"', b"null", b"[]", b"{}", b"true", b"", b"<x/>", b"'", b'"', b"\0", b"\xff\xfe", b'"\\ud800"', b'"\\u0000"',
    b"[" * 20_000, b'{"a":' * 20_000, b"<a>" * 20_000, b"- " * 5_000, b"&amp;", b"&a;", b"*a", b"!!python/name:os",
]  # fmt: skip
_NAMES = [
    "../{}", "/{}", "C:\\{}", "{}.xml", "{}.json", "{}.txt", "{}.record", "{}.exe", "a/b/c/{}", "{}/x.jpg", "\n{}",
    "{}\x1b[2J", ".{}", "__MACOSX/{}", "\u202e{}", "{}e\u0301", "ImageSets/Main/train.txt", "data.yaml", "classes.txt",
    "label.pbtxt", "train/{}", "x" * 300 + "{}", "{}" + " " * 40,
]  # fmt: skip


def bits_flipped(rng: random.Random, data: bytes) -> bytes:
    """One bit or a few, anywhere."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 2, 5, 50]) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncated(rng: random.Random, archive: bytes) -> bytes:
    """The beginning of the zip, half of the time with the end of its directory."""
    cut = archive[: rng.randrange(len(archive))]
    return cut + archive[archive.rindex(_DIRECTORY_END) :] if rng.random() < 0.5 else cut


def directory_changed(rng: random.Random, archive: bytes) -> bytes:
    """Numbers of the zip's directory: other ones, huge ones, or those of another entry."""
    changed = bytearray(archive)
    places = [match.start() for match in re.finditer(re.escape(_DIRECTORY_ENTRY), archive)]
    for _ in range(rng.randint(1, 4)):
        is_end = rng.random() < 0.2
        at = archive.rindex(_DIRECTORY_END) if is_end else rng.choice(places)
        offset, length = rng.choice(_END_FIELDS if is_end else _ENTRY_FIELDS)
        other = rng.choice(places) + offset
        values = [rng.randbytes(length), b"\xff" * length, bytes(length), archive[other : other + length]]
        changed[at + offset : at + offset + length] = rng.choice(values)
    return bytes(changed)


def annotation_bytes_replaced(rng: random.Random, files: Files) -> Files:
    """Some bytes of an annotation become any bytes."""
    return _with_annotation_changed(rng, files, lambda data: _overwritten(rng, data, rng.randbytes(rng.randint(1, 20))))


def numbers_made_huge(rng: random.Random, files: Files) -> Files:
    """Numbers of an annotation become such that few programs expect."""
    return _with_annotation_changed(rng, files, lambda data: _with_numbers(rng, data, _HUGE))


def types_changed(rng: random.Random, files: Files) -> Files:
    """Numbers of an annotation become no numbers, or nest without end; or what binary files begin with."""
    return _with_annotation_changed(rng, files, lambda data: _with_numbers(rng, data, _OTHER_TYPES))


def lengths_changed(rng: random.Random, files: Files) -> Files:
    """Eight bytes of a file become a number, as lengths and offsets are written in binary files."""
    value = struct.pack(rng.choice("<>") + "Q", rng.choice([0, 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1]))
    return _with_one_changed(
        rng, files, range(len(files)), lambda data: _overwritten(rng, data, value, first=rng.random() < 0.5)
    )


def entries_renamed(rng: random.Random, files: Files) -> Files:
    """Files get other names: those of other files, other endings, ways out of the folder."""
    changed = list(files)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(changed))
        name, data = changed[at]
        other = rng.choice(changed)[0]
        changed[at] = (rng.choice([*_NAMES, other, name.upper()]).replace("{}", name), data)
    return changed


def files_spliced(rng: random.Random, files: Files) -> Files:
    """A piece of one file in the middle of another, or in its place."""
    _, source = rng.choice(files)
    begin = rng.randrange(len(source) or 1)
    piece = source[begin : begin + rng.randint(1, 5000)]
    return _with_one_changed(
        rng, files, range(len(files)), lambda data: rng.choice([_overwritten(rng, data, piece), source])
    )


def pictures_damaged(rng: random.Random, files: Files) -> Files:
    """Bits of some pictures, half of which were packed as another kind of picture."""
    changed = files
    for _ in range(rng.randint(1, 3)):
        changed = _with_one_changed(
            rng, changed, _pictures(changed), lambda data: bits_flipped(rng, _packed_anew(rng, data))
        )
    return changed


ON_ZIPS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "bits of the zip flipped": bits_flipped,
    "zip cut off": truncated,
    "directory of the zip changed": directory_changed,
}
ON_FILES: dict[str, Callable[[random.Random, Files], Files]] = {
    "bytes of an annotation replaced": annotation_bytes_replaced,
    "numbers made huge": numbers_made_huge,
    "types changed": types_changed,
    "lengths changed": lengths_changed,
    "files renamed": entries_renamed,
    "files spliced": files_spliced,
    "pictures damaged": pictures_damaged,
}
KINDS = [*ON_ZIPS, *ON_FILES]


def mutated(kind: str, rng: random.Random, files: Files) -> bytes:
    """A zip of the files, with that one thing wrong."""
    if kind in ON_ZIPS:
        return ON_ZIPS[kind](rng, zipped(files))
    return zipped(ON_FILES[kind](rng, files))


def zipped(files: Files) -> bytes:
    """A zip of the files in their order, the same for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that come twice, on purpose
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)  # without the time of day
    return stream.getvalue()


def _pictures(files: Files) -> list[int]:
    return [at for at, (name, _) in enumerate(files) if PurePosixPath(name.lower()).suffix in PICTURES]


def _with_annotation_changed(rng: random.Random, files: Files, change: Callable[[bytes], bytes]) -> Files:
    """One of the files that are no pictures, or any file where all are."""
    annotations = set(range(len(files))) - set(_pictures(files))
    return _with_one_changed(rng, files, sorted(annotations) or range(len(files)), change)


def _with_one_changed(
    rng: random.Random, files: Files, places: list[int] | range, change: Callable[[bytes], bytes]
) -> Files:
    if not places:
        return files
    at = rng.choice(places)
    name, data = files[at]
    return [*files[:at], (name, change(data)), *files[at + 1 :]]


def _overwritten(rng: random.Random, data: bytes, piece: bytes, first: bool = False) -> bytes:
    at = 0 if first else rng.randrange(len(data) + 1)
    return data[:at] + piece + data[at + len(piece) :]


def _with_numbers(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Up to three of the numbers in a text are replaced; a text without one gets one in front."""
    for _ in range(rng.randint(1, 3)):
        numbers = list(_NUMBER.finditer(data))
        begin, end = rng.choice(numbers).span() if numbers else (0, 0)
        data = data[:begin] + rng.choice(others) + data[end:]
    return data


def _packed_anew(rng: random.Random, data: bytes) -> bytes:
    kind = rng.choice(["", "", "", "PNG", "WEBP", "BMP"])
    if not kind:
        return data
    stream = io.BytesIO()
    try:
        Image.open(io.BytesIO(data)).save(stream, kind)
    except OSError:  # damaged by the mutation before
        return data
    return stream.getvalue()
