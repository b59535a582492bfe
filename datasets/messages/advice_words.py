"""What stands in the way of a good model in a dataset, each with what to do about it."""

from collections.abc import Sequence

from django.template.defaultfilters import pluralize

from ftcml.core.messages import listed

# What was found, and what to do.
Said = tuple[str, str]

NO_EVALUATION: Said = (
    "There are no evaluation frames, so you can't tell how accurate a model is.",
    "Move about 20% of the frames to evaluation.",
)
NO_NEGATIVE: Said = (
    "Every frame has a box, so a model may see objects where there are none.",
    "Add frames without boxes, such as the empty field and similar things. One in ten is enough.",
)


def near_duplicates(alike: int, frames: int) -> Said:
    return (
        f"{alike} of {frames} evaluation frame{pluralize(frames)} {pluralize(alike, 'has,have')} a near-duplicate "
        "in training, so a model will seem better than it is.",
        "Keep all frames of one video together. Delete the near-duplicates, or move them to the other split.",
    )


def similar_labels(labels: Sequence[str], other_groups: int) -> Said:
    """Say that these differ only in capital letters, and so do the labels of other groups."""
    named = " and ".join(f"“{label}”" for label in labels)
    more = f", and so do {other_groups} more" if other_groups else ""
    return (
        f"{named} differ only in capital letters{more}. A model learns them as different objects.",
        "If they mean the same, rename one to merge them.",
    )


def few_frames(frames: int, enough: int) -> Said:
    return (
        f"Only {frames} training frame{pluralize(frames)}. A model memorizes so few.",
        f"Label at least {enough} frames, in several places and in different light. A few hundred are better.",
    )


def not_in_training(labels: Sequence[str]) -> Said:
    it = pluralize(len(labels), "it,them")
    return (
        f"No training frame shows {listed(labels, 'or')}, so a model can't learn {it}.",
        f"Move frames that show {it} to training, or label more.",
    )


def not_in_evaluation(labels: Sequence[str]) -> Said:
    it = pluralize(len(labels), "it,them")
    return (
        f"No evaluation frame shows {listed(labels, 'or')}, so you can't tell if a model learned {it}.",
        f"Move some frames that show {it} to evaluation.",
    )


def few_boxes(labels: Sequence[str], enough: int) -> Said:
    have, each, it = (pluralize(len(labels), words) for words in ("has,have", ", each", "it,them"))
    return (
        f"{listed(labels)} {have} fewer than {enough} training boxes{each}.",
        f"Label more frames that show {it} from all sides, near and far.",
    )


def rare_labels(labels: Sequence[str], most: int) -> Said:
    """Say that these are rare. `most`: the boxes of the most common label."""
    have, each, it = (pluralize(len(labels), words) for words in ("has,have", ", each", "it,them"))
    return (
        f"The labels aren't balanced. The most common one has {most:,} boxes. {listed(labels)} {have} less than a "
        f"tenth of that{each}.",
        f"Label more frames that show {it}. Delete labels that your robot doesn't need.",
    )
