"""Says how several datasets go together: how their labels differ, and which frames would be on both sides.

Only those with the same labels can be combined.
"""

from collections.abc import Sequence

from datasets.messages import page_words as messages
from datasets.models import Dataset, Frame
from datasets.split import Split

_DIFFERENCES_NAMED = 3


def frames_on_both_sides(datasets: Sequence[Dataset]) -> int:
    """Return how many evaluation frames are training frames of another of them: of two versions, say."""
    if len(datasets) < 2:
        return 0
    together = Frame.objects.filter(dataset__in=datasets).order_by()
    trained_on = together.filter(split=Split.TRAINING).exclude(source=None).values("source")
    return together.filter(split=Split.EVALUATION, source__in=trained_on).count()


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
