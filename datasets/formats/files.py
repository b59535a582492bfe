"""What the readers of formats with picture files share: which files are pictures, and which of them is meant."""

import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from itertools import takewhile
from pathlib import PurePosixPath

from django.conf import settings

from datasets.archive import Archive
from datasets.refusals import DatasetRefused

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
MAX_BOXES = 1_000_000
# An annotation that states a longer side than this states nothing.
MAX_SIDE = 1_000_000
# More of a label or file name is never looked at.
_MAX_LETTERS = 1000
# What a text may hold that no database or file can: a NUL, half a letter.
_NO_LETTERS = ("Cc", "Cs")
# So many of the last folders of a path tell pictures of one name apart.
_COMPARED_FOLDERS = 8
# Pascal VOC's own sets lay masks there, as pictures with the names of the photographs.
_MASK_FOLDERS = {"segmentationclass", "segmentationobject"}


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

    def named(self, path: str, beside: str) -> str | None:
        """The picture with the file name that ends `path`; of several, the one that lies nearest to the file `beside`.

        The more folders they share, the nearer: sets repeat names, in train/ and valid/ for example.
        """
        return self._by_name.nearest(PurePosixPath(path).name, path, beside)

    def with_stem(self, path: str, beside: str) -> str | None:
        """The same for the file name without its ending."""
        return self._by_stem.nearest(PurePosixPath(path).stem, path, beside)


def one_line(text: str | None) -> str:
    """The text on one line, in one spelling of its letters: labels and file names from anywhere, which repeat."""
    words = " ".join((text or "")[:_MAX_LETTERS].split())
    letters = "".join(letter for letter in words if unicodedata.category(letter) not in _NO_LETTERS)
    return sys.intern(unicodedata.normalize("NFC", letters))


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
