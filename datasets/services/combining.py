"""Says how the labels of several datasets differ. Only those with the same labels can be combined."""

from collections.abc import Sequence

from datasets.messages import page_words as messages
from datasets.models import Dataset

_DIFFERENCES_NAMED = 3


def label_difference(datasets: Sequence[Dataset]) -> str:
    """Return which labels differ and what to do about it, "" when the datasets have the same labels."""
    difference = differing_labels(datasets)
    return messages.label_difference(difference) if difference else ""


def differing_labels(datasets: Sequence[Dataset]) -> str:
    """Return which datasets alone have which labels, or lack them, as a part of a sentence; "" where all have the same.

    The first few differences in full, the others by number.
    """
    by_who: dict[tuple[bool, tuple[Dataset, ...]], list[str]] = {}
    for label in sorted({label for dataset in datasets for label in dataset.labels}):
        having = tuple(dataset for dataset in datasets if label in dataset.labels)
        lacking = tuple(dataset for dataset in datasets if label not in dataset.labels)
        if lacking:
            is_extra = len(having) <= len(lacking)
            by_who.setdefault((is_extra, having if is_extra else lacking), []).append(label)
    told = [messages.alone(is_extra, list(map(str, who)), labels) for (is_extra, who), labels in by_who.items()]
    return messages.all_that_differs(told[:_DIFFERENCES_NAMED], len(told) - _DIFFERENCES_NAMED)
