"""The names of the files in an archive that is written here."""

import re
from collections import Counter
from pathlib import PurePosixPath

from datasets.formats.common.picture_files import HEIC_SUFFIXES, PICTURE_SUFFIXES, one_line

# Pictures are written as JPEGs. Programs tell that from the file; but few of them look at one named .heic.
_KEPT_SUFFIXES = set(PICTURE_SUFFIXES) - set(HEIC_SUFFIXES)
# What Windows does not take in a name, which is more than what others refuse.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
# File systems take 255 bytes: this leaves room for a number and the ending.
_LONGEST_BYTES = 200


class FileNames:
    """Gives each picture a name without folders, which every system takes and no other file has.

    Also without its ending and in capitals no other has it, since an annotation's file bears the name of its picture.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._tried: Counter[str] = Counter()

    def of(self, filename: str) -> str:
        """The name for the next picture, like that of its file in the archive that it came from."""
        path = PurePosixPath(filename)
        stem = _safe(path.stem)
        suffix = path.suffix.lower() if path.suffix.lower() in _KEPT_SUFFIXES else ".jpg"
        return self._free(stem) + suffix

    def _free(self, stem: str) -> str:
        name = stem
        while name.casefold() in self._taken:
            self._tried[stem.casefold()] += 1
            name = f"{stem}-{self._tried[stem.casefold()] + 1}"
        self._taken.add(name.casefold())
        return name


def _safe(stem: str) -> str:
    """Without hidden files, which the import passes over as file managers do."""
    name = _FORBIDDEN.sub("_", one_line(stem))
    short = name.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip(". ")
    return f"_{short}" if short.casefold() in _DEVICES else short or "picture"
