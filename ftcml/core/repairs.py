"""What was skipped or repaired of many files, for the person who brought them: counted, and the first of them named."""

from collections import Counter
from enum import StrEnum
from typing import Generic, TypedDict, TypeVar

from ftcml.core.reasons import Param, Reason

# So many files are named for each kind; the rest are counted in one entry.
NAMED_PER_KIND = 50
# The code of that entry's note. files: how many
SAME_IN_MORE = "same_in_more"


class PictureKind(StrEnum):
    """What may happen to any picture. An app may have more kinds of its own."""

    PICTURE_SKIPPED = "picture_skipped"
    PICTURE_TOO_LARGE = "picture_too_large"
    COMPLETED = "completed"


class PictureNote(StrEnum):
    """What is said of such a picture; each with the params of its sentence."""

    PICTURE_DAMAGED = "picture_damaged"
    TOO_MANY_PIXELS = "too_many_pixels"  # megapixels
    LAST_BYTES_PUT_BACK = "last_bytes_put_back"


class Entry(TypedDict):
    """One entry, as a row keeps it."""

    kind: str
    file: str
    code: str
    params: dict[str, Param]
    files: int


Kind = TypeVar("Kind", bound=StrEnum)


class Repairs(Generic[Kind]):
    """Collects repairs: exact counts of files for each kind, and a note for the first files of each.

    `boxes`: how many boxes were lost by each kind. `examples`: the first file of each kind. `notes`: what was said of
    it.
    """

    def __init__(self) -> None:
        self.files: Counter[Kind] = Counter()
        self.boxes: Counter[Kind] = Counter()
        self.examples: dict[Kind, str] = {}
        self.notes: dict[Kind, Reason] = {}
        self._named: list[Entry] = []

    def add(self, kind: Kind, file: str, note: Reason, boxes: int = 0) -> None:
        """Note one repair, and how many boxes were lost by it. A file is given once for each kind."""
        self.files[kind] += 1
        self.boxes[kind] += boxes
        self.examples.setdefault(kind, file)
        self.notes.setdefault(kind, note)
        if self.files[kind] <= NAMED_PER_KIND:
            self._named.append(_entry(kind, file, note, 1))

    def entries(self) -> list[Entry]:
        """For the row: `files` of all entries of a kind add up to the number of files it happened to."""
        more = {kind: files - NAMED_PER_KIND for kind, files in self.files.items() if files > NAMED_PER_KIND}
        return self._named + [
            _entry(kind, "", Reason(SAME_IN_MORE, {"files": files}), files) for kind, files in more.items()
        ]


def _entry(kind: StrEnum, file: str, note: Reason, files: int) -> Entry:
    return {"kind": kind.value, "file": file, "code": note.code, "params": note.params, "files": files}
