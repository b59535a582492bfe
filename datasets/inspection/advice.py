"""What stands in the way of a good model in a READY dataset. messages/advice_words.py says it, and what to do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from datasets.inspection.findings import Inspection
from datasets.label_names import alike
from datasets.messages import advice_words as messages
from datasets.models import Dataset
from datasets.split import Split
from detector.contract import recall_by_size
from ftcml.core.messages import small_boxes
from ftcml.core.pictures.object_sizes import INPUT_SIDE, SMALL_SHARE, SMALLEST_SIDE

# With fewer frames a network of this size learns the pictures by heart, whatever else is done.
FEW_FRAMES = 50
# With fewer boxes of a label, no more than a handful show it from each side.
FEW_BOXES = 30
# A label with fewer than a tenth of the boxes of the most frequent one adds so little to the loss that it comes last.
RARE_SHARE = 0.1


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
        yield Advice(Kind.NO_EVALUATION, *messages.NO_EVALUATION)


def _near_duplicates(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    alike, frames = inspection.near_duplicates.frames, dataset.counts[Split.EVALUATION]["frames"]
    if alike:
        yield Advice(Kind.NEAR_DUPLICATES, *messages.near_duplicates(alike, frames))


def _similar_labels(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if groups := alike(dataset.labels):
        yield Advice(Kind.SIMILAR_LABELS, *messages.similar_labels(groups[0], len(groups) - 1))


def _few_frames(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    frames = dataset.counts[Split.TRAINING]["frames"]
    if frames < FEW_FRAMES:
        yield Advice(Kind.FEW_FRAMES, *messages.few_frames(frames, FEW_FRAMES))


def _not_in_training(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if missing := _labels(dataset, lambda label: not _boxes(dataset, Split.TRAINING, label)):
        yield without_training_boxes(missing)


def without_training_boxes(labels: Sequence[str]) -> Advice:
    """Return what to say of labels that no training frame has a box of."""
    return Advice(Kind.NOT_IN_TRAINING, *messages.not_in_training(labels))


def _not_in_evaluation(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    missing = _labels(dataset, lambda label: not _boxes(dataset, Split.EVALUATION, label))
    if missing and dataset.counts[Split.EVALUATION]["frames"]:
        yield Advice(Kind.NOT_IN_EVALUATION, *messages.not_in_evaluation(missing))


def _few_boxes(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if few := _labels(dataset, lambda label: 0 < _boxes(dataset, Split.TRAINING, label) < FEW_BOXES):
        yield Advice(Kind.FEW_BOXES, *messages.few_boxes(few, FEW_BOXES))


def _rare_labels(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    most = max(_boxes(dataset, Split.TRAINING, label) for label in dataset.labels)
    if rare := _labels(dataset, lambda label: 0 < _boxes(dataset, Split.TRAINING, label) < RARE_SHARE * most):
        yield Advice(Kind.RARE_LABELS, *messages.rare_labels(rare, most))


def _small_boxes(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if small := _labels(dataset, lambda label: inspection.small_share(label) > SMALL_SHARE):
        boxes = sum(inspection.small_boxes(label) for label in small)
        said = small_boxes(small, boxes, SMALLEST_SIDE, INPUT_SIDE, recall_by_size.finders())
        yield Advice(Kind.SMALL_BOXES, *said, "boxes=small")


def _no_negative(dataset: Dataset, inspection: Inspection) -> Iterator[Advice]:
    if not any(counts["negative_frames"] for counts in dataset.counts.values()):
        yield Advice(Kind.NO_NEGATIVE, *messages.NO_NEGATIVE)


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
