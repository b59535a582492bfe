"""What an import skipped or mended, for the person who made the dataset."""

from collections import Counter
from enum import StrEnum
from typing import TypedDict

# So many files are named for each kind; the rest are counted in one entry.
NAMED_PER_KIND = 50


class Entry(TypedDict):
    """One entry of `Dataset.repairs`."""

    kind: str
    file: str
    text: str
    files: int


class Kind(StrEnum):
    PICTURE_SKIPPED = "picture_skipped"
    PICTURE_TOO_LARGE = "picture_too_large"
    COMPLETED = "completed"
    ANNOTATION_SKIPPED = "annotation_skipped"
    ANNOTATION_MENDED = "annotation_mended"
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


SUMMARIES: dict[str, str] = {
    Kind.PICTURE_SKIPPED: "Pictures skipped because they cannot be read",
    Kind.PICTURE_TOO_LARGE: "Pictures skipped because they have too many pixels",
    Kind.COMPLETED: "Pictures whose file lacked its last bytes",
    Kind.ANNOTATION_SKIPPED: "Annotations skipped",
    Kind.ANNOTATION_MENDED: "Annotations with something mended",
    Kind.PASSED_OVER: "Annotation files with entries that aren't boxes",
    Kind.PICTURE_MISSING: "Annotations whose picture isn't in the zip",
    Kind.PICTURE_UNCLEAR: "Annotations that fit several pictures, and were left out",
    Kind.OTHER_FILE_USED: "Annotations left out because others of the same pictures were used",
    Kind.CUT_OFF: "Record files that are damaged, and were read up to there",
    Kind.FRAME_SKIPPED: "Pictures left out because none of their boxes could be used",
    Kind.UNCLEAR: "Pictures left out because their boxes are unclear",
    Kind.NAMES_DIFFER: "Files that name the labels differently, which were not used",
    Kind.SPLIT_LOST: "Lists for the split that name pictures missing from the zip",
    Kind.ONE_OF_SEVERAL: "Pictures that several people annotated, of whom one was used",
    Kind.BOX_AROUND: "Pictures with other shapes than upright boxes, whose surrounding boxes were taken",
    Kind.LISTED_TWICE: "Pictures that were listed more than once",
    Kind.CROWD_LEFT_OUT: "Pictures with a box around a crowd, which was left out",
    Kind.MASK_TAKEN: "Annotation files whose masks were read as boxes",
    Kind.DUPLICATE_BOX: "Pictures with the same box twice",
    Kind.BOX_DROPPED: "Pictures with a box that was dropped",
    Kind.BOX_CLIPPED: "Pictures with a box that was cut off at the border",
    Kind.ROTATED: "Pictures turned upright",
    Kind.UNITS: "Record files whose boxes are in pixels instead of fractions",
    Kind.SIZE_DIFFERS: "Pictures whose size differs from their annotation",
    Kind.LABELS_MERGED: "Labels merged into one",
}


class Repairs:
    """Collects repairs: exact counts of files for each kind, and a text for the first files of each.

    `boxes`: how many boxes were lost by each kind. `examples`: the first file of each kind. `texts`: what was said of
    it.
    """

    def __init__(self) -> None:
        self.files: Counter[Kind] = Counter()
        self.boxes: Counter[Kind] = Counter()
        self.examples: dict[Kind, str] = {}
        self.texts: dict[Kind, str] = {}
        self._named: list[Entry] = []

    def add(self, kind: Kind, file: str, text: str, boxes: int = 0) -> None:
        """Note one repair, and how many boxes were lost by it. A file is given once for each kind."""
        self.files[kind] += 1
        self.boxes[kind] += boxes
        self.examples.setdefault(kind, file)
        self.texts.setdefault(kind, text)
        if self.files[kind] <= NAMED_PER_KIND:
            self._named.append({"kind": kind.value, "file": file, "text": text, "files": 1})

    def pass_over(self, file: str, counts: dict[str, int]) -> None:
        """Note what an annotation file holds that says nothing of boxes: words for each kind of it -> how many."""
        told = [f"{words} ({number:,})" for words, number in counts.items() if number]
        if told:
            self.add(Kind.PASSED_OVER, file, f"Passed over: {', '.join(told)}.")

    def entries(self) -> list[Entry]:
        """For `Dataset.repairs`: `files` of all entries of a kind add up to the number of files it happened to."""
        more = {kind: files - NAMED_PER_KIND for kind, files in self.files.items() if files > NAMED_PER_KIND}
        return self._named + [
            {"kind": kind.value, "file": "", "text": f"The same in {files} more files.", "files": files}
            for kind, files in more.items()
        ]


def summary(entries: list[Entry]) -> dict[str, int]:
    """Words for each kind of repair in `Dataset.repairs` -> the number of files that it happened to."""
    files: Counter[str] = Counter()
    for entry in entries:
        files[SUMMARIES[entry["kind"]]] += entry["files"]
    return dict(files)
