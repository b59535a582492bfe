"""What stands in the way of a good model in the datasets of a training, in short: their own pages say it all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from datasets.inspection.advice import Kind, advice
from datasets.inspection.findings import Inspection
from datasets.models import Dataset


@dataclass(frozen=True)
class DatasetWarning:
    """The most harmful thing about a dataset, and how many more its page tells of."""

    dataset: Dataset
    text: str
    more: int


def warnings(datasets: Sequence[Dataset]) -> list[DatasetWarning]:
    """Return at most one for each dataset, none for one that was not looked at yet."""
    return [warning for dataset in datasets for warning in _of(dataset)]


def _of(dataset: Dataset) -> Iterator[DatasetWarning]:
    inspection = Inspection.of(dataset)
    # The plan says so of all datasets together.
    found = [one for one in advice(dataset, inspection) if one.kind != Kind.NO_EVALUATION] if inspection else []
    if found:
        yield DatasetWarning(dataset, found[0].text, len(found) - 1)
