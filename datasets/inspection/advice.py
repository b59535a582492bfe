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
            "No frame is for evaluation, so nobody can tell how good a model of it is.",
            "Import the set again and keep 20 percent of the frames for evaluation.",
        )


def _near_duplicates(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    alike, frames = inspection.near_duplicates.frames, dataset.counts[Split.EVALUATION]["frames"]
    if alike:
        yield Advice(
            Kind.NEAR_DUPLICATES,
            f"{alike} of {frames} evaluation frame{pluralize(frames)} look{pluralize(alike, 's,')} almost like a "
            "training frame, so a model will seem better than it is.",
            "Keep all frames of one video or one day together: put them into folders named train and val, and import "
            "the set again with the archive's own split.",
        )


def _similar_labels(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if groups := alike(dataset.labels):
        named = " and ".join(f"“{label}”" for label in groups[0])
        more = f", and {len(groups) - 1} more label{pluralize(len(groups) - 1)} likewise" if len(groups) > 1 else ""
        yield Advice(
            Kind.SIMILAR_LABELS,
            f"{named} differ only in capitals{more}. A model learns them as different objects.",
            "If they mean the same, import the zip again and check “Merge labels” under “Format, split and labels”.",
        )


def _few_frames(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    frames = dataset.counts[Split.TRAINING]["frames"]
    if frames < FEW_FRAMES:
        yield Advice(
            Kind.FEW_FRAMES,
            f"Only {frames} frame{pluralize(frames)} to train on: a model learns so few by heart.",
            f"Label at least {FEW_FRAMES}, in several places and with different light; some hundreds are better.",
        )


def _not_in_training(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if missing := _labels(dataset, lambda label: not _boxes(dataset, Split.TRAINING, label)):
        yield without_training_boxes(missing)


def without_training_boxes(labels: Sequence[str]) -> Advice:
    """What to say of labels that no training frame has a box of."""
    return Advice(
        Kind.NOT_IN_TRAINING,
        f"No training frame shows {listed(labels)}, so no model can learn it.",
        "Import the set again with another number for the split, or label more frames that show it.",
    )


def _not_in_evaluation(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    missing = _labels(dataset, lambda label: not _boxes(dataset, Split.EVALUATION, label))
    if missing and dataset.counts[Split.EVALUATION]["frames"]:
        yield Advice(
            Kind.NOT_IN_EVALUATION,
            f"No evaluation frame shows {listed(missing)}, so nobody can tell whether it was learned.",
            "Import the set again with another number for the split, or with more frames for evaluation.",
        )


def _few_boxes(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if few := _labels(dataset, lambda label: 0 < _boxes(dataset, Split.TRAINING, label) < FEW_BOXES):
        yield Advice(
            Kind.FEW_BOXES,
            f"Fewer than {FEW_BOXES} boxes to learn {listed(few)} from.",
            "Label more frames that show it, from all sides and from near and far.",
        )


def _rare_labels(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    most = max(_boxes(dataset, Split.TRAINING, label) for label in dataset.labels)
    if rare := _labels(dataset, lambda label: 0 < _boxes(dataset, Split.TRAINING, label) < RARE_SHARE * most):
        yield Advice(
            Kind.RARE_LABELS,
            f"The labels are out of balance: less than a tenth of the {most} boxes of the most frequent label for "
            f"{listed(rare)}.",
            "Label more frames that show it, or leave it out if the robot need not find it.",
        )


def _small_boxes(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if small := _labels(dataset, lambda label: inspection.small_share(label) > SMALL_SHARE):
        yield Advice(
            Kind.SMALL_BOXES,
            f"Many boxes of {listed(small)} are under {SMALLEST_SIDE} pixels once a frame is scaled to "
            f"{INPUT_SIDE} × {INPUT_SIDE}. They will hardly be learned.",
            "Film from closer, cut the frames to the part that matters, or train a model with an input of 640 × 640.",
            "boxes=small",
        )


def _no_negative(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if not any(counts["negative_frames"] for counts in dataset.counts.values()):
        yield Advice(
            Kind.NO_NEGATIVE,
            "Every frame shows something, so a model may find things where there is nothing.",
            "Add some frames of the empty field and of what is easily mistaken, without a box: one in ten is enough.",
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
