"""What the formats with picture files share: which files are pictures, which of them is meant, what a text says."""

import re
import unicodedata
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
# To tell pictures of one name apart takes a look at each of them.
_MOST_OF_ONE_NAME = 1000
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
        self._by_name = _index(self.names, lambda path: path.name)
        self._by_stem = _index(self.names, lambda path: path.stem)

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

        The more folders they share, the nearer: sets repeat names, in train/ and valid/ for example. Raises
        DatasetRefused where a thousand have that name.
        """
        return _nearest(self._by_name, PurePosixPath(path).name, path, beside)

    def with_stem(self, path: str, beside: str) -> str | None:
        """The same for the file name without its ending."""
        return _nearest(self._by_stem, PurePosixPath(path).stem, path, beside)


def one_line(text: str | None) -> str:
    """The text on one line, in one spelling of its letters: labels and file names from anywhere.

    Without control characters and halves of characters, which a database refuses.
    """
    text = text or ""
    if not text.isprintable():
        text = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _NO_LETTERS)
    return unicodedata.normalize("NFC", " ".join(text.split()))


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


def _index(names: list[str], key: Callable[[PurePosixPath], str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for name in names:
        index.setdefault(key(PurePosixPath(name)).lower(), []).append(name)
    return index


def _nearest(index: dict[str, list[str]], key: str, path: str, beside: str) -> str | None:
    named_folders, folders = PurePosixPath(path).parts[:-1], PurePosixPath(beside).parts[:-1]

    def closeness(picture: str) -> tuple[int, int]:
        parts = PurePosixPath(picture).parts[:-1]
        return _shared(named_folders[::-1], parts[::-1]), _shared(folders, parts)

    candidates = index.get(key.lower(), [])
    if len(candidates) > _MOST_OF_ONE_NAME:
        raise DatasetRefused(
            f"More than {_MOST_OF_ONE_NAME:,} pictures of the zip are called “{key}”. Give them different names, so "
            "that it is clear which of them an annotation means."
        )
    return max(candidates, key=closeness, default=None)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders the two have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
