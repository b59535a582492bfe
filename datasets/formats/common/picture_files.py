"""What the formats with picture files share: which files are pictures, which of them is meant, what a text says."""

import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.conf import settings

from datasets.archive.text_encoding import encoding_of
from datasets.archive.zip_archive import Archive
from datasets.formats.common.picture_index import FolderIndex, Hints, lowered
from datasets.reasons import Code
from datasets.refusals import DatasetRefused

# Windows' browsers save JPEGs as .jfif; iPhones take pictures as .heic.
HEIC_SUFFIXES = (".heic", ".heif")
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".webp", *HEIC_SUFFIXES)
MAX_BOXES = 1_000_000
# An annotation that states a longer side than this states nothing.
MAX_SIDE = 1_000_000
# More of a label or file name is never looked at.
_MAX_LETTERS = 1000
_LONGEST_ENDING = 5
# No number of an annotation is written in more.
_MAX_DIGITS = 400
# Of a picture that an annotation names, and of one that it may mean.
# Pascal VOC's own sets lay masks there, as pictures with the names of the photographs.
_MASK_FOLDERS = {"segmentationclass", "segmentationobject"}
# Label Studio puts eight digits in front of the name of every file that is uploaded to it.
_UPLOAD_MARK = re.compile(r"^[0-9a-f]{8}-")
# Control characters, halves of characters, and what is no character: no database and no XML file takes them.
_NO_LETTERS = {"Cc", "Cs", "Cn"}


@dataclass(frozen=True, slots=True)
class Unclear:
    """It can't be told which picture an annotation means. `names`: those that fit alike; none where none fits."""

    names: tuple[str, ...] = ()


MISSING = Unclear()


@dataclass(frozen=True, slots=True)
class Match:
    """A picture that an annotation means, and how well its folders fit: of two, the larger `agreement` fits better."""

    picture: str
    agreement: tuple[int, ...]


class PictureFiles:
    """The pictures of an archive, findable by what annotations say of them. `names`: where they lie, sorted.

    A name is looked for where the annotation's folders lead, then in the whole archive. Of several that fit alike none
    is taken. Where names repeat, as those of the frames of several videos do, a picture in another folder than the one
    that the annotation leads to isn't taken either. Raises DatasetRefused when there is no picture.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.names = [name for name in archive.names if _is_picture(name)]
        if not self.names:
            raise DatasetRefused(Code.NO_PICTURE, endings=", ".join(PICTURE_SUFFIXES))
        paths = [PurePosixPath(name) for name in self.names]
        self._by_name = FolderIndex((path.name.lower(), path.parts[:-1], str(path)) for path in paths)
        self._by_stem = FolderIndex((path.stem.lower(), path.parts[:-1], str(path)) for path in paths)
        self._folders = FolderIndex(("", folders, "/".join(folders)) for folders in {path.parts[:-1] for path in paths})
        stems = Counter(stem for stem, _ in {(path.stem.lower(), path.parent) for path in paths})
        # Whether a name alone tells no picture of this set: formats find that out of their annotations as well.
        self.names_repeat = max(stems.values()) > 1

    def reader(self, picture: str) -> Callable[[], bytes]:
        """What reads the picture's file."""
        return lambda: self._archive.read(picture, settings.IMPORT_MAX_PICTURE_BYTES)

    def meant(self, path: str, beside: str) -> str | None:
        """The same as `named` for a path as tools write it: see `found`."""
        found = self.found(path, hints_of(path, beside))
        return found.picture if isinstance(found, Match) else None

    def found(self, path: str, hints: Hints) -> Match | Unclear:
        """The picture that is meant by a path as tools write it: of another system, quoted as an address is, with the
        mark of an upload or the ending that the picture itself does not have, or without an ending."""
        name = tidy(path).rpartition("/")[2]
        spellings = dict.fromkeys((name, unquote(name), without_upload_mark(name)))
        keys = [(self._by_name, spelling) for spelling in spellings]
        for spelling in spellings:
            stem = _stem(spelling)
            keys += [(self._by_name, stem), (self._by_stem, stem), (self._by_stem, spelling)]
        matches = (self._match(index, key, hints) for index, key in keys)
        return next((match for match in matches if match != MISSING), MISSING)

    def named(self, path: str, beside: str) -> str | None:
        """The picture with the file name that ends `path`; of several, the one in the folders of the path, or else
        nearest to the file `beside`. Sets repeat names, in train/ and valid/ for example."""
        match = self._match(self._by_name, PurePosixPath(path).name, hints_of(path, beside))
        return match.picture if isinstance(match, Match) else None

    def of_stem(self, stem: str, hints: Hints) -> Match | Unclear:
        """The picture with this name without an ending."""
        return self._match(self._by_stem, stem, hints)

    def of_name(self, name: str, hints: Hints) -> Match | Unclear:
        """The picture with exactly this file name."""
        return self._match(self._by_name, name, hints)

    def _match(self, index: FolderIndex, key: str, hints: Hints) -> Match | Unclear:
        nearest = index.nearest(key.lower(), hints)
        if not nearest:
            return MISSING
        if self.names_repeat:
            folder = self._folders.nearest("", hints)
            if folder and folder.agreement > nearest.agreement:
                return MISSING
        names = nearest.names
        if len(names) > 1:  # where capitals matter, a.jpg and A.jpg are two pictures
            names = [name for name in names if _is_called(name, key)] or names
        if len(names) > 1 and (outermost := _around_others(names)):
            names = [outermost]
        return Match(names[0], nearest.agreement) if len(names) == 1 else Unclear(tuple(names))


def _is_called(name: str, key: str) -> bool:
    """Whether the file has this name, or this name without its ending, to the letter."""
    last = name.rpartition("/")[2]
    return key in (last, last.rpartition(".")[0])


def _around_others(names: list[str]) -> str | None:
    """The picture in whose folder all others lie deeper: it is the one that a name without folders means."""
    outermost = min(names, key=lambda name: name.count("/"))
    folder = outermost.rpartition("/")[0]
    depth, inside = outermost.count("/"), f"{folder}/" if folder else ""
    others = (name for name in names if name != outermost)
    return outermost if all(name.startswith(inside) and name.count("/") > depth for name in others) else None


def hints_of(path: str, beside: str) -> Hints:
    """What a path and the place of its annotation say of the folders of a picture."""
    own, around = lowered(PurePosixPath(tidy(path)).parts[:-1]), lowered(PurePosixPath(beside).parts[:-1])
    return Hints((own, around + own), around)


def tidy(path: str) -> str:
    """A path as this program writes paths."""
    return unicodedata.normalize("NFC", path.strip()).replace("\\", "/")


def _stem(name: str) -> str:
    """The name without its ending, if it has one: in “frame.12” the number is none."""
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending.isalpha() and len(ending) <= _LONGEST_ENDING else name


def one_line(text: str | None) -> str:
    """The text on one line, in one spelling of its letters: labels and file names from anywhere.

    Without control characters and halves of characters, which a database refuses. Labels repeat, so they are interned.
    """
    text = (text or "")[:_MAX_LETTERS]
    if not text.isprintable():
        text = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _NO_LETTERS)
    return sys.intern(unicodedata.normalize("NFC", " ".join(text.split())))


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, in the UTF-16 of Windows' shell, or else in the letters of one of its countries."""
    return data.decode(encoding_of(data), errors="replace").removeprefix("\ufeff")


def without_upload_mark(path: str) -> str:
    """The last part of the path, as it was before Label Studio took the file."""
    return _UPLOAD_MARK.sub("", PurePosixPath(path).name)


def number_of(value: object) -> float:
    """The number that is meant, or NaN: of texts also one with the decimal comma of half the world."""
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, str):
        text = value[:_MAX_DIGITS].strip()
        value = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        return float(value)  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError, OverflowError):
        return math.nan


def stated_size(width: float, height: float) -> tuple[int, int] | None:
    """The size that an annotation states; None for zeros and other numbers that no picture has."""
    is_plausible = 1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE
    return (round(width), round(height)) if is_plausible else None


def too_many(what: str) -> DatasetRefused:
    return DatasetRefused(Code.TOO_MANY_ENTRIES, most=MAX_BOXES, what=what)


def nearness(name: str, beside: str) -> int:
    """How many folders two files have in common from the beginning of their paths."""
    folders = zip(PurePosixPath(name).parts[:-1], PurePosixPath(beside).parts[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], folders))


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name.lower())
    return path.suffix in PICTURE_SUFFIXES and path.parent.name not in _MASK_FOLDERS
