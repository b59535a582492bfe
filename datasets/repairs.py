"""What an import skipped or repaired, for the person who made the dataset."""

from collections import Counter
from enum import StrEnum
from typing import TypedDict

from datasets.reasons import Note, Param, Reason

# So many files are named for each kind; the rest are counted in one entry.
NAMED_PER_KIND = 50


class Entry(TypedDict):
    """One entry of `Dataset.repairs`."""

    kind: str
    file: str
    code: str
    params: dict[str, Param]
    files: int


class Kind(StrEnum):
    PICTURE_SKIPPED = "picture_skipped"
    PICTURE_TOO_LARGE = "picture_too_large"
    COMPLETED = "completed"
    ANNOTATION_SKIPPED = "annotation_skipped"
    ANNOTATION_REPAIRED = "annotation_mended"
    PASSED_OVER = "passed_over"
    PICTURE_MISSING = "picture_missing"
    PICTURE_UNCLEAR = "picture_unclear"
    OTHER_FILE_USED = "other_file_used"
    CUT_OFF = "cut_off"
    FRAME_SKIPPED = "frame_skipped"
    UNCLEAR = "unclear"
    NAMES_DIFFER = "names_differ"
    SPLIT_LOST = "split_lost"
    ONE_OF_SEVERAL = "one_of_several"
    BOX_AROUND = "box_around"
    LISTED_TWICE = "listed_twice"
    CROWD_LEFT_OUT = "crowd_left_out"
    MASK_TAKEN = "mask_taken"
    DUPLICATE_BOX = "duplicate_box"
    BOX_DROPPED = "box_dropped"
    BOX_CLIPPED = "box_clipped"
    ROTATED = "rotated"
    UNITS = "units"
    SIZE_DIFFERS = "size_differs"
    LABELS_MERGED = "labels_merged"


class Repairs:
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

    def pass_over(self, file: str, counts: dict[str, int]) -> None:
        """Note what an annotation file holds that says nothing of boxes: each kind of it (messages) -> how many."""
        if found := [[what, number] for what, number in counts.items() if number]:
            self.add(Kind.PASSED_OVER, file, Reason(Note.PASSED_OVER, {"counts": found}))

    def entries(self) -> list[Entry]:
        """For `Dataset.repairs`: `files` of all entries of a kind add up to the number of files it happened to."""
        more = {kind: files - NAMED_PER_KIND for kind, files in self.files.items() if files > NAMED_PER_KIND}
        return self._named + [
            _entry(kind, "", Reason(Note.SAME_IN_MORE, {"files": files}), files) for kind, files in more.items()
        ]


def _entry(kind: Kind, file: str, note: Reason, files: int) -> Entry:
    return {"kind": kind.value, "file": file, "code": note.code, "params": note.params, "files": files}
