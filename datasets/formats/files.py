"""What the formats with picture files share: which files are pictures, which of them is meant, what a text says."""

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from itertools import takewhile
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.conf import settings

from datasets.archive import Archive
from datasets.refusals import DatasetRefused

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
MAX_BOXES = 1_000_000
# An annotation that states a longer side than this states nothing.
MAX_SIDE = 1_000_000
# More of a label or file name is never looked at.
_MAX_LETTERS = 1000
# So many of the last folders of a path tell pictures of one name apart.
_COMPARED_FOLDERS = 8
# Pascal VOC's own sets lay masks there, as pictures with the names of the photographs.
_MASK_FOLDERS = {"segmentationclass", "segmentationobject"}
# Label Studio puts eight digits in front of the name of every file that is uploaded to it.
_UPLOAD_MARK = re.compile(r"^[0-9a-f]{8}-")
_UTF16_BEGINNINGS = (b"\xff\xfe", b"\xfe\xff")
# Control characters, halves of characters, and what is no character: no database and no XML file takes them.
_NO_LETTERS = {"Cc", "Cs", "Cn"}


class PictureFiles:
    """The pictures of an archive, findable by what annotations say of them. `names`: where they lie, sorted.

    Raises DatasetRefused when there is none.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.names = [name for name in archive.names if _is_picture(name)]
        if not self.names:
            raise DatasetRefused(f"The zip holds no picture ({', '.join(PICTURE_SUFFIXES)}).")
        self._by_name = _Index(self.names, lambda path: path.name)
        self._by_stem = _Index(self.names, lambda path: path.stem)

    def reader(self, picture: str) -> Callable[[], bytes]:
        """What reads the picture's file."""
        return lambda: self._archive.read(picture, settings.IMPORT_MAX_PICTURE_BYTES)

    def meant(self, path: str, beside: str) -> str | None:
        """The same as `named` for a path as tools write it: of another system, quoted as an address is, or with the
        mark of an upload that the picture itself does not have."""
        tidy = unicodedata.normalize("NFC", path.strip()).replace("\\", "/")
        spellings = (tidy, unquote(tidy), without_upload_mark(tidy))
        return next(filter(None, (self.named(spelling, beside) for spelling in spellings)), None)

    def named(self, path: str, beside: str) -> str | None:
        """The picture with the file name that ends `path`; of several, the one that lies nearest to the file `beside`.

        The more folders they share, the nearer: sets repeat names, in train/ and valid/ for example.
        """
        return self._by_name.nearest(PurePosixPath(path).name, path, beside)

    def with_stem(self, path: str, beside: str) -> str | None:
        """The same for the file name without its ending."""
        return self._by_stem.nearest(PurePosixPath(path).stem, path, beside)


def one_line(text: str | None) -> str:
    """The text on one line, in one spelling of its letters: labels and file names from anywhere.

    Without control characters and halves of characters, which a database refuses. Labels repeat, so they are interned.
    """
    text = (text or "")[:_MAX_LETTERS]
    if not text.isprintable():
        text = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _NO_LETTERS)
    return sys.intern(unicodedata.normalize("NFC", " ".join(text.split())))


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, in the UTF-16 of Windows' shell, or else in the letters of western Windows."""
    if data.startswith(_UTF16_BEGINNINGS):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def without_upload_mark(path: str) -> str:
    """The last part of the path, as it was before Label Studio took the file."""
    return _UPLOAD_MARK.sub("", PurePosixPath(path).name)


def stated_size(width: float, height: float) -> tuple[int, int] | None:
    """The size that an annotation states; None for zeros and other numbers that no picture has."""
    is_plausible = 1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE
    return (round(width), round(height)) if is_plausible else None


def too_many(what: str) -> DatasetRefused:
    return DatasetRefused(f"The annotations hold more than {MAX_BOXES:,} {what}. Split the set into several.")


def nearness(name: str, beside: str) -> int:
    """How many folders two files have in common from the beginning of their paths."""
    return _shared(PurePosixPath(name).parts[:-1], PurePosixPath(beside).parts[:-1])


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name.lower())
    return path.suffix in PICTURE_SUFFIXES and path.parent.name not in _MASK_FOLDERS


class _Index:
    """The pictures by the `key` of their paths.

    Where many share a key, none of them is compared with all others: a zip of 30,000 folders with one picture each, all
    of one name, is found through as fast as any.
    """

    def __init__(self, names: list[str], key: Callable[[PurePosixPath], str]) -> None:
        self._places: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            path = PurePosixPath(name)
            own_key, folders = key(path).lower(), path.parts[:-1]
            for depth in range(min(len(folders), _COMPARED_FOLDERS) + 1):
                ending = (own_key, *folders[::-1][:depth])
                self._places.setdefault(ending, []).append((folders, name))
        for places in self._places.values():
            places.sort()

    def nearest(self, key: str, path: str, beside: str) -> str | None:
        """Of the pictures with the key, one with most of the last folders of `path`, then of the first of `beside`."""
        ending = (key.lower(), *PurePosixPath(path).parts[:-1][::-1][:_COMPARED_FOLDERS])
        fitting = (
            self._places[ending[:length]] for length in range(len(ending), 0, -1) if ending[:length] in self._places
        )
        places = next(fitting, None)
        return _first_sharing(places, PurePosixPath(beside).parts[:-1]) if places else None


def _first_sharing(places: list[tuple[tuple[str, ...], str]], folders: tuple[str, ...]) -> str:
    """The first of the sorted places that shares most of the first folders: it lies where the folders would lie."""
    at = bisect_left(places, (folders, ""))
    shared = max(_shared(place, folders) for place, _ in places[max(at - 1, 0) : at + 1])
    return places[bisect_left(places, (folders[:shared], ""))][1]


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders the two have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
