"""What the readers of formats with picture files share: which files are pictures, and which of them is meant."""

import unicodedata
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
        self._by_name = _index(self.names, lambda path: path.name)
        self._by_stem = _index(self.names, lambda path: path.stem)

    def reader(self, picture: str) -> Callable[[], bytes]:
        """What reads the picture's file."""
        return lambda: self._archive.read(picture, settings.IMPORT_MAX_PICTURE_BYTES)

    def named(self, path: str, beside: str) -> str | None:
        """The picture with the file name that ends `path`; of several, the one that lies nearest to the file `beside`.

        The more folders they share, the nearer: sets repeat names, in train/ and valid/ for example.
        """
        return _nearest(self._by_name, PurePosixPath(path).name, path, beside)

    def with_stem(self, path: str, beside: str) -> str | None:
        """The same for the file name without its ending."""
        return _nearest(self._by_stem, PurePosixPath(path).stem, path, beside)


def one_line(text: str | None) -> str:
    """The text on one line, in one spelling of its letters: labels and file names from anywhere.

    Without control characters and halves of characters, which a database refuses.
    """
    kept = (c for c in text or "" if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


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

    def nearness(picture: str) -> tuple[int, int]:
        parts = PurePosixPath(picture).parts[:-1]
        return _shared(named_folders[::-1], parts[::-1]), _shared(folders, parts)

    return max(index.get(key.lower(), []), key=nearness, default=None)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders the two have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
