"""What Produce Dataset says: the ways to split, where a produced dataset comes from, and what changed in a version."""

from collections.abc import Mapping, Sequence

from django.template.defaultfilters import pluralize

from ftcml.core.messages import listed

# The ways to split by their values (production/choices.py): a name, and what each does.
METHODS: dict[str, tuple[str, str]] = {
    "blocks": (
        "By blocks",
        "Neighboring frames stay together, with a gap between the two sides. This tests your model honestly.",
    ),
    "shuffle": (
        "Shuffled, as in ftc-ml",
        "Mixes all frames. Evaluation frames look much like training frames, so results look too good.",
    ),
    "videos": ("By whole video", "Holds back the videos that you choose."),
}
_SPLIT = {
    "blocks": "{percent}% of the frames are held back for evaluation, in blocks (random seed {seed}).",
    "shuffle": "{percent}% of the frames are held back for evaluation, shuffled as in ftc-ml.",
    "videos": "Whole videos are held back for evaluation.",
}


def made_from(videos: Sequence[str], method: str, percent: int, seed: int, reviewed_only: bool) -> str:
    """Return what a dataset was produced from, and how its frames were split."""
    split = _SPLIT.get(method, "").format(percent=percent, seed=seed)
    which = "the reviewed frames of " if reviewed_only else ""
    return f"Produced from {which}{listed(videos)}. {split}"


def left_out(unfinished: int, ignored: int, gap: int, unreviewed: int = 0) -> list[str]:
    """Return a sentence for each reason why frames are left out."""
    told = []
    if unfinished:
        told.append(f"{_frames(unfinished)} {pluralize(unfinished, 'is,are')}n't finished.")
    if unreviewed:
        told.append(f"{_frames(unreviewed)} {pluralize(unreviewed, 'is,are')}n't reviewed.")
    if ignored:
        told.append(f"{_frames(ignored)} {pluralize(ignored, 'is,are')} ignored.")
    if gap:
        told.append(f"{_frames(gap)} {pluralize(gap, 'is,are')} in the gap between training and evaluation.")
    return told


def changes(
    version: str, added: int, removed: int, moved: int, boxes_added: Mapping[str, int], boxes_removed: Mapping[str, int]
) -> list[str]:
    """Return what changed since `version`, the one before: frames first, then boxes by label."""
    frames = {"added": added, "removed": removed, "moved to the other split": moved}
    told = [f"{_frames(count)} {what}" for what, count in frames.items() if count]
    for label in sorted({*boxes_added, *boxes_removed}):
        counts = {"added": boxes_added.get(label, 0), "removed": boxes_removed.get(label, 0)}
        parts = [f"{_boxes(count)} {what}" for what, count in counts.items() if count]
        told.append(f"“{label}”: {', '.join(parts)}")
    return told or [f"Same frames and boxes as “{version}”"]


def next_version(description: str, number: int) -> str:
    return f"Save as the next version, “{description} v{number}”"


def near_miss(label: str, usual: str) -> str:
    return f"“{label}” looks like “{usual}”."


def _frames(count: int) -> str:
    return f"{count:,} frame{pluralize(count)}"


def _boxes(count: int) -> str:
    return f"{count:,} box{pluralize(count, 'es')}"
