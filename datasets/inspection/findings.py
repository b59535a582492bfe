"""What is worth knowing of a dataset before training on it: how large its boxes are, and what looks alike.

Counted once, at the end of an import, and kept in `Dataset.inspection`; advice.py says what to make of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from datasets.models import Dataset, Frame, FrameBox
from datasets.split import Split
from ftcml.core.pictures import near_duplicates
from ftcml.core.pictures.near_duplicates import NearDuplicates, Pair
from ftcml.core.pictures.object_sizes import SMALLEST_SIDE, no_sizes, size_class, small_share, smaller_side

# Raised when the same frames would be told something else about; a dataset of an older version is looked at again.
VERSION = 2


@dataclass(frozen=True)
class Inspection:
    """`sizes`: label -> the number of its boxes in each class of SIZE_STEPS, over both splits."""

    sizes: dict[str, list[int]]
    near_duplicates: NearDuplicates

    @classmethod
    def of(cls, dataset: Dataset) -> "Inspection | None":
        """What was found; None for a dataset that was not looked at yet, or by other rules than today's."""
        if dataset.inspection_version != VERSION:
            return None
        stored = dataset.inspection
        found = stored["near_duplicates"]
        closest = [Pair(**pair) for pair in found["closest"]]
        return cls(stored["sizes"], NearDuplicates(found["pairs"], found["frames"], closest))

    def stored(self) -> dict[str, Any]:
        """The fields of a Dataset that keep it."""
        return {"inspection": asdict(self), "inspection_version": VERSION}

    def small_boxes(self, label: str) -> int:
        """How many of a label's boxes are smaller than SMALLEST_SIDE."""
        return self.sizes[label][0]

    def small_share(self, label: str) -> float:
        """The part of a label's boxes that are smaller than SMALLEST_SIDE, 0 to 1; 0 where it has none."""
        return small_share(self.sizes[label])


class Tally:
    """Takes the frames of a dataset one after the other, those of a split in their order, and keeps only counts."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._sizes = {label: no_sizes() for label in labels}
        self._fingerprints: dict[str, list[str]] = {split.value: [] for split in Split}

    def add(self, frame: Frame) -> None:
        self.take(frame.split, frame.boxes, frame.fingerprint)

    def take(self, split: str, boxes: Sequence[FrameBox], fingerprint: str) -> None:
        """Take a frame that has no row."""
        for entry in boxes:
            self._sizes[entry["label"]][size_class(entry["box"])] += 1
        self._fingerprints[split].append(fingerprint)

    def inspection(self, heartbeat: Callable[[], object]) -> Inspection:
        """What the frames come to. Takes seconds for tens of thousands; `heartbeat` is called all the while."""
        training, evaluation = (self._fingerprints[split] for split in (Split.TRAINING, Split.EVALUATION))
        return Inspection(self._sizes, near_duplicates.find(training, evaluation, heartbeat))


def mark(frame: Frame, labels: Sequence[str]) -> None:
    """Note on the frame which of the dataset's labels it has, and which of them in a box that is too small."""
    small = {entry["label"] for entry in frame.boxes if smaller_side(entry["box"]) < SMALLEST_SIDE}
    frame.label_numbers = numbers_of({entry["label"] for entry in frame.boxes}, labels)
    frame.small_label_numbers = numbers_of(small, labels)


def numbers_of(some: set[str], labels: Sequence[str]) -> str:
    """Some of the labels by their places, as a text in which each can be searched for: ",0,12,"; "" for none."""
    numbers = [str(number) for number, label in enumerate(labels) if label in some]
    return f",{','.join(numbers)}," if numbers else ""
