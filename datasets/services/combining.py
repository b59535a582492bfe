"""Says how the labels of several datasets differ. Only those with the same labels can be combined."""

from collections.abc import Sequence

from datasets.messages import page_words as messages
from datasets.models import Dataset

_DIFFERING_NAMED = 3


def label_difference(datasets: Sequence[Dataset]) -> str:
    """Return a sentence that says which labels differ, "" when the datasets have the same labels."""
    difference = differing_labels(datasets)
    return messages.label_difference(difference) if difference else ""


def differing_labels(datasets: Sequence[Dataset]) -> str:
    """Return which dataset lacks which labels, as a part of a sentence; "" where all have the same.

    The first few by name, the others by number.
    """
    labels = {label for dataset in datasets for label in dataset.labels}
    missing = [
        (str(dataset), sorted(labels - set(dataset.labels))) for dataset in datasets if labels - set(dataset.labels)
    ]
    return messages.lacking_labels(missing[:_DIFFERING_NAMED], len(missing) - _DIFFERING_NAMED)
