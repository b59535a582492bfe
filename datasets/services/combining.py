"""Says how the labels of several datasets differ. Only those with the same labels can be combined."""

from collections.abc import Sequence

from datasets.models import Dataset

_DIFFERING_NAMED = 3


def label_difference(datasets: Sequence[Dataset]) -> str:
    """Return a sentence that says which labels differ, "" when the datasets have the same labels."""
    difference = differing_labels(datasets)
    return f"Datasets need the same labels to train together: {difference}." if difference else ""


def differing_labels(datasets: Sequence[Dataset]) -> str:
    """Return which dataset lacks which labels, as a part of a sentence; "" where all have the same.

    The first few by name, the others by number.
    """
    labels = {label for dataset in datasets for label in dataset.labels}
    missing = [
        f"“{dataset}” has no {_listed(sorted(labels - set(dataset.labels)))}"
        for dataset in datasets
        if labels - set(dataset.labels)
    ]
    others = len(missing) - _DIFFERING_NAMED
    return "; ".join(missing[:_DIFFERING_NAMED]) + (f"; and so on with {others} more" if others > 0 else "")


def _listed(labels: list[str]) -> str:
    return " and no ".join(f"“{label}”" for label in labels)
