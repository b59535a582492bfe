"""What a checkpoint gets right on the evaluation frames, as counts that the database can sort by.

Each object is found, mislabeled or missed; a false alarm is a box where no object is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from detector.contract.stored import StoredSummary


@dataclass(frozen=True)
class ObjectCounts:
    """What became of the `there` objects, and the boxes where none is."""

    there: int
    found: int
    wrong_labels: int
    missed: int
    false_alarms: int

    @classmethod
    def of(cls, confusion: Sequence[Sequence[int]]) -> "ObjectCounts":
        """Count a confusion matrix: see detector/contract/reports.py for its last row and its last column."""
        *by_label, on_nothing = confusion
        there = sum(map(sum, by_label))
        found = sum(row[place] for place, row in enumerate(by_label))
        missed = sum(row[-1] for row in by_label)
        return cls(there, found, there - found - missed, missed, sum(on_nothing))


@dataclass(frozen=True)
class Accuracy:
    """The counts at the suggested minimum confidence, and mAP@.50. None where nothing was measured."""

    objects_there: int | None = None
    objects_found: int | None = None
    false_alarms: int | None = None
    ap50: float | None = None

    @classmethod
    def of(cls, summary: StoredSummary | None) -> "Accuracy":
        """Count what a summary has."""
        if not summary or not summary.get("confusion"):
            return cls()
        counts = ObjectCounts.of(summary["confusion"])
        known = [label["ap50"] for label in summary["labels"] if label["ap50"] is not None]
        return cls(
            objects_there=counts.there,
            objects_found=counts.found,
            false_alarms=counts.false_alarms,
            ap50=fmean(known) if known else None,
        )

    def columns(self) -> dict[str, Any]:
        """Return them by the names of a Checkpoint's columns."""
        return asdict(self)
