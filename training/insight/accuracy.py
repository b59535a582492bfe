"""What a checkpoint gets right on the evaluation frames, as counts that the database can sort by.

Each object is found, mislabeled or missed; a false alarm is a box where no object is.
"""

from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from detector.contract.stored import StoredSummary


@dataclass(frozen=True)
class Accuracy:
    """The counts at the suggested threshold, and mAP@.50. None where nothing was measured."""

    objects_there: int | None = None
    objects_found: int | None = None
    false_alarms: int | None = None
    ap50: float | None = None

    @classmethod
    def of(cls, summary: StoredSummary | None) -> "Accuracy":
        """Count the summary's confusion matrix: detector/contract/spec.py says what its rows and columns are."""
        if not summary or not summary.get("confusion"):
            return cls()
        *by_label, on_nothing = summary["confusion"]
        known = [label["ap50"] for label in summary["labels"] if label["ap50"] is not None]
        return cls(
            objects_there=sum(map(sum, by_label)),
            objects_found=sum(row[place] for place, row in enumerate(by_label)),
            false_alarms=sum(on_nothing),
            ap50=fmean(known) if known else None,
        )

    def columns(self) -> dict[str, Any]:
        """Return them by the names of a Checkpoint's columns."""
        return asdict(self)
