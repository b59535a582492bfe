"""How a dataset is to be produced from videos, as a person chooses it and as `Dataset.production` keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import TextChoices

from datasets.models import Dataset


class SplitMethod(TextChoices):
    BLOCKS = "blocks"  # neighbors stay together
    SHUFFLE = "shuffle"  # as the reference does
    VIDEOS = "videos"  # whole videos are kept for evaluation


@dataclass(frozen=True)
class ProductionChoices:
    """What a person chooses.

    Attributes:
        videos: the keys of the videos, in the order in which their frames follow each other.
        labels: a label -> its name in the dataset, "" to leave it out. Labels that get the same name become one.
        kept: the keys of the videos that are kept for evaluation, of SplitMethod.VIDEOS.
        reviewed_only: whether frames count only that a second person has approved.
        offered: the labels that the person had before them; () for a program, which names those that it changes.
        by_assistant: whether a quick assistant asks. Its versions are apart from those that people produce.
    """

    videos: tuple[str, ...]
    method: SplitMethod = SplitMethod.BLOCKS
    eval_percent: int = 20
    seed: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    reviewed_only: bool = False
    offered: tuple[str, ...] = ()
    by_assistant: bool = False

    @classmethod
    def of(cls, dataset: Dataset) -> "ProductionChoices":
        """Return what a produced dataset was asked for."""
        stored = dataset.production
        return cls(
            videos=tuple(stored["videos"]),
            method=SplitMethod(stored["method"]),
            eval_percent=dataset.eval_percent,
            seed=dataset.split_seed,
            labels=stored["labels"],
            kept=tuple(stored["kept"]),
            reviewed_only=stored.get("reviewed_only", False),
            by_assistant=stored.get("by_assistant", False),
        )

    def stored(self) -> dict[str, Any]:
        """Return what `Dataset.production` keeps of it; percentage and seed have columns of their own."""
        return {
            "videos": list(self.videos),
            "method": self.method.value,
            "labels": {old: new for old, new in self.labels.items() if new != old},
            "kept": list(self.kept),
            "reviewed_only": self.reviewed_only,
            "by_assistant": self.by_assistant,
        }

    def name_of(self, label: str) -> str:
        """Return what the label is called in the dataset, "" for one that is left out."""
        return self.labels.get(label, label)

    def after_renaming(self, before: Mapping[str, int], now: Mapping[str, int]) -> "ProductionChoices":
        """Return the same choices for labels that are called something else by now, by their keys then and now."""
        asked = {key: self.name_of(label) for label, key in before.items()}
        return replace(self, labels={label: asked.get(key, label) for label, key in now.items()})
