"""What an import skipped or repaired, for the person who made the dataset."""

from enum import StrEnum

from datasets.reasons import Note, Reason
from ftcml.core import repairs
from ftcml.core.repairs import NAMED_PER_KIND, Entry, PictureKind

__all__ = ["NAMED_PER_KIND", "Entry", "Kind", "Repairs"]


class Kind(StrEnum):
    PICTURE_SKIPPED = PictureKind.PICTURE_SKIPPED
    PICTURE_TOO_LARGE = PictureKind.PICTURE_TOO_LARGE
    COMPLETED = PictureKind.COMPLETED
    ANNOTATION_SKIPPED = "annotation_skipped"
    ANNOTATION_REPAIRED = "annotation_mended"
    PASSED_OVER = "passed_over"
    PICTURE_MISSING = "picture_missing"
    PICTURE_UNCLEAR = "picture_unclear"
    OTHER_FILE_USED = "other_file_used"
    CUT_OFF = "cut_off"
    FRAME_SKIPPED = "frame_skipped"
    LEFT_UNLABELED = "left_unlabeled"
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


class Repairs(repairs.Repairs[Kind]):
    """What one import skipped or repaired, for `Dataset.repairs`."""

    def pass_over(self, file: str, counts: dict[str, int]) -> None:
        """Note what an annotation file holds that says nothing of boxes: each kind of it (messages) -> how many."""
        if found := [[what, number] for what, number in counts.items() if number]:
            self.add(Kind.PASSED_OVER, file, Reason(Note.PASSED_OVER, {"counts": found}))
