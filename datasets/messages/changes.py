"""The words for changes to a dataset that aren't saved yet."""

from collections import Counter

from django.template.defaultfilters import pluralize

from datasets.edits import DELETED, Edits
from datasets.split import Split

_FRAMES = {
    DELETED: "{frames} will be deleted.",
    Split.TRAINING.value: "{frames} will move to training.",
    Split.EVALUATION.value: "{frames} will move to evaluation.",
}
# Of one frame.
PLACES = {DELETED: "Will be deleted", Split.TRAINING.value: "Will train", Split.EVALUATION.value: "Will evaluate"}


def changes(edits: Edits, labels: list[str]) -> list[str]:
    """Return a sentence for each change of a label, and for all frames that go to one place.

    Args:
        edits: what changes.
        labels: those of the dataset, which tell whether a new name is another's.
    """
    of_labels = [_of_label(old, new, edits, labels) for old, new in sorted(edits.labels.items())]
    places = Counter(edits.frames.values())
    of_frames = [
        words.format(frames=f"{places[place]:,} frame{pluralize(places[place])}")
        for place, words in _FRAMES.items()
        if places[place]
    ]
    return of_labels + of_frames


def _of_label(old: str, new: str, edits: Edits, labels: list[str]) -> str:
    if not new:
        return f"The label “{old}” will be deleted with its boxes."
    is_merged = any(edits.name_of(other) == new for other in labels if other != old)
    return f"“{old}” will be merged into “{new}”." if is_merged else f"“{old}” will be renamed “{new}”."
