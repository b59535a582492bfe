"""What the dataset page says above its frames: labels and the sizes of their boxes, warnings, near-duplicates."""

from dataclasses import dataclass

from datasets.inspection.advice import Advice, advice
from datasets.inspection.findings import Inspection
from datasets.models import Dataset
from datasets.services import editing
from datasets.services.gallery import ANY_BOXES, ANY_SIZES, SPLITS, Choice, Link
from datasets.split import Split
from ftcml.core.messages import size_heads
from ftcml.core.pictures.object_sizes import INPUT_SIDE, SIZE_STEPS, SMALLEST_SIDE


@dataclass(frozen=True)
class Bar:
    """How many boxes of a label are in one class of sizes; `percent` of all boxes of the label."""

    count: int
    percent: int


@dataclass(frozen=True)
class LabelRow:
    """`sizes` follow SIZE_HEADS; `query` shows the frames with the label, `small_query` those where it is too small.

    `name`: what it is called once changes are saved, "" where it is deleted.
    """

    label: str
    training: int
    evaluation: int
    sizes: list[Bar]
    query: str
    small_query: str
    name: str


@dataclass(frozen=True)
class Overview:
    """`size_heads` and `warnings` are empty and `near_duplicates` is 0 until the dataset was looked at."""

    labels: list[LabelRow]
    size_heads: list[str]
    warnings: list[Advice]
    near_duplicates: int
    split_links: list[Link]
    boxes_links: list[Link]
    input_side: int = INPUT_SIDE
    smallest_side: int = SMALLEST_SIDE

    @classmethod
    def of(cls, dataset: Dataset, choice: Choice) -> "Overview":
        inspection = Inspection.of(dataset)
        split_links = choice.links("split", SPLITS)
        if inspection is None:
            return cls(_rows(dataset, {}), [], [], 0, split_links, choice.links("boxes", ANY_BOXES))
        return cls(
            labels=_rows(dataset, inspection.sizes),
            size_heads=size_heads(SIZE_STEPS),
            warnings=advice(dataset, inspection),
            near_duplicates=inspection.near_duplicates.frames,
            split_links=split_links,
            boxes_links=choice.links("boxes", ANY_SIZES),
        )


def _rows(dataset: Dataset, sizes: dict[str, list[int]]) -> list[LabelRow]:
    """Return a row for each label of a READY dataset. Others have no counts yet."""
    if not dataset.counts:
        return []
    draft = editing.draft(dataset)
    training, evaluation = (dataset.counts[split]["label_counts"] for split in (Split.TRAINING, Split.EVALUATION))
    return [
        LabelRow(
            label,
            training[label],
            evaluation[label],
            _bars(sizes.get(label, [])),
            Choice(label=label).query,
            Choice(label=label, boxes="small").query,
            draft.name_of(label),
        )
        for label in dataset.labels
    ]


def _bars(counts: list[int]) -> list[Bar]:
    boxes = sum(counts) or 1
    return [Bar(count, round(100 * count / boxes)) for count in counts]
