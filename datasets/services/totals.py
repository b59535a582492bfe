"""The counts of several datasets together, as a job that trains on all of them sees them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from datasets.models import Dataset
from datasets.split import Split


@dataclass
class Totals:
    frames: int = 0
    negative_frames: int = 0
    label_counts: Counter[str] = field(default_factory=Counter)


def totals(datasets: Sequence[Dataset], split: Split) -> Totals:
    """Return the sums over the datasets' frames of that split."""
    total = Totals()
    for dataset in datasets:
        counts = dataset.counts[split]
        total.frames += counts["frames"]
        total.negative_frames += counts["negative_frames"]
        total.label_counts.update(counts["label_counts"])
    return total
