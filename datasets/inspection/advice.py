"""What stands in the way of a good model in a READY dataset, and what to do about it, in words for a student."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.template.defaultfilters import pluralize

from datasets.inspection.findings import INPUT_SIDE, SMALLEST_SIDE, Inspection
from datasets.label_names import alike
from datasets.models import Dataset
from datasets.split import Split

# With fewer frames a network of this size learns the pictures by heart, whatever else is done.
FEW_FRAMES = 50
# With fewer boxes of a label, no more than a handful show it from each side.
FEW_BOXES = 30
# A label with fewer than a tenth of the boxes of the most frequent one adds so little to the loss that it comes last.
RARE_SHARE = 0.1
# One small box in ten may be an object that goes away into the distance; more of them are how the set was filmed.
SMALL_SHARE = 0.1
# The labels that a sentence names; the others are counted.
_LABELS_NAMED = 3


class Kind(StrEnum):
    NO_EVALUATION = "no_evaluation"
    NEAR_DUPLICATES = "near_duplicates"
    SIMILAR_LABELS = "similar_labels"
    FEW_FRAMES = "few_frames"
    NOT_IN_TRAINING = "not_in_training"
    NOT_IN_EVALUATION = "not_in_evaluation"
    FEW_BOXES = "few_boxes"
    RARE_LABELS = "rare_labels"
    SMALL_BOXES = "small_boxes"
    NO_NEGATIVE = "no_negative"


@dataclass(frozen=True)
class Advice:
    """`text`: what was found; `what_to_do`: a sentence; `query`: the page's frames that show it, or ""."""

    kind: Kind
    text: str
    what_to_do: str
    query: str = ""


def advice(dataset: Dataset, inspection: Inspection) -> list[Advice]:
    """What is wrong with the dataset, the most harmful first; empty where nothing is."""
    return [found for rule in _RULES for found in rule(dataset, inspection)]


def _no_evaluation(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if not dataset.counts[Split.EVALUATION]["frames"]:
        yield Advice(
            Kind.NO_EVALUATION,
            "There are no evaluation frames, so you can't tell how good a model is.",
            "Move about 20% of the frames to evaluation.",
        )


def _near_duplicates(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    alike, frames = inspection.near_duplicates.frames, dataset.counts[Split.EVALUATION]["frames"]
    if alike:
        yield Advice(
            Kind.NEAR_DUPLICATES,
            f"{alike} of {frames} evaluation frame{pluralize(frames)} {pluralize(alike, 'has,have')} a near-duplicate "
            "in training, so a model will seem better than it is.",
            "Keep all frames of one video together. Delete the near-duplicates, or move them to the other split.",
        )


def _similar_labels(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if groups := alike(dataset.labels):
        named = " and ".join(f"“{label}”" for label in groups[0])
        more = f", and so do {len(groups) - 1} more" if len(groups) > 1 else ""
        yield Advice(
            Kind.SIMILAR_LABELS,
            f"{named} differ only in capital letters{more}. A model learns them as different objects.",
            "If they mean the same, rename one in the table below and merge them.",
        )


def _few_frames(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    frames = dataset.counts[Split.TRAINING]["frames"]
    if frames < FEW_FRAMES:
        yield Advice(
            Kind.FEW_FRAMES,
            f"Only {frames} training frame{pluralize(frames)}. A model memorizes so few.",
            f"Label at least {FEW_FRAMES} frames, in several places and in different light. A few hundred are better.",
        )


def _not_in_training(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if missing := _labels(dataset, lambda label: not _boxes(dataset, Split.TRAINING, label)):
        yield without_training_boxes(missing)


def without_training_boxes(labels: Sequence[str]) -> Advice:
    """What to say of labels that no training frame has a box of."""
    return Advice(
        Kind.NOT_IN_TRAINING,
        f"No training frame shows {listed(labels)}, so a model can't learn it.",
        "Move frames that show it to training, or label more.",
    )


def _not_in_evaluation(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    missing = _labels(dataset, lambda label: not _boxes(dataset, Split.EVALUATION, label))
    if missing and dataset.counts[Split.EVALUATION]["frames"]:
        yield Advice(
            Kind.NOT_IN_EVALUATION,
            f"No evaluation frame shows {listed(missing)}, so you can't tell if a model learned it.",
            "Move some frames that show it to evaluation.",
        )


def _few_boxes(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if few := _labels(dataset, lambda label: 0 < _boxes(dataset, Split.TRAINING, label) < FEW_BOXES):
        yield Advice(
            Kind.FEW_BOXES,
            f"There are fewer than {FEW_BOXES} training boxes of {listed(few)}.",
            "Label more frames that show it from all sides, near and far.",
        )


def _rare_labels(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    most = max(_boxes(dataset, Split.TRAINING, label) for label in dataset.labels)
    if rare := _labels(dataset, lambda label: 0 < _boxes(dataset, Split.TRAINING, label) < RARE_SHARE * most):
        yield Advice(
            Kind.RARE_LABELS,
            f"The labels aren't balanced. The most common one has {most} boxes, and less than a tenth as many are "
            f"{listed(rare)}.",
            "Label more frames that show it. Delete the label if your robot doesn't need it.",
        )


def _small_boxes(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if small := _labels(dataset, lambda label: inspection.small_share(label) > SMALL_SHARE):
        yield Advice(
            Kind.SMALL_BOXES,
            f"Many boxes of {listed(small)} are under {SMALLEST_SIDE} pixels once a frame is scaled to "
            f"{INPUT_SIDE} × {INPUT_SIDE}. A model hardly learns them.",
            "Film from closer, crop the pictures, or train a model with an input of 640 × 640.",
            "boxes=small",
        )


def _no_negative(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if not any(counts["negative_frames"] for counts in dataset.counts.values()):
        yield Advice(
            Kind.NO_NEGATIVE,
            "Every frame has a box, so a model may see objects where there are none.",
            "Add pictures of the empty field and of similar things, without boxes. One in ten is enough.",
        )


_RULES: tuple[Callable[[Dataset, Inspection], Iterator[Advice]], ...] = (
    _no_evaluation,
    _near_duplicates,
    _similar_labels,
    _few_frames,
    _not_in_training,
    _not_in_evaluation,
    _few_boxes,
    _rare_labels,
    _small_boxes,
    _no_negative,
)


def _labels(dataset: Dataset, is_meant: Callable[[str], bool]) -> list[str]:
    return [label for label in dataset.labels if is_meant(label)]


def _boxes(dataset: Dataset, split: Split, label: str) -> int:
    return dataset.counts[split]["label_counts"][label]


def listed(labels: Sequence[str]) -> str:
    """The labels as a part of a sentence; where there are many, the first ones and how many more."""
    named = [f"“{label}”" for label in labels[:_LABELS_NAMED]]
    more = len(labels) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
