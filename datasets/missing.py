"""READY datasets whose files are not all in the storage any more."""

from collections.abc import Iterator

from django.conf import settings

from datasets.models import Dataset
from ftcml import storage


def lost_files() -> Iterator[tuple[Dataset, list[str]]]:
    """Each dataset that lacks files, with their names in the storage."""
    for dataset in Dataset.objects.filter(state=Dataset.State.READY):
        frames = dataset.frames.select_related("dataset").only("dataset__team_id", "split", "number")
        pictures = [frame.picture_name for frame in frames]
        shards = dataset.shards.values_list("name", flat=True)
        if lost := storage.missing([dataset.label_map_name, *shards, *pictures]):
            yield dataset, lost


def give_up(dataset: Dataset) -> None:
    """FAILED, with its reason: nothing can be trained on it. What is left of its files goes with the next tidying."""
    reason = f"The server has lost files of this dataset. Import it again, and tell {settings.SUPPORT_CONTACT}."
    Dataset.objects.filter(pk=dataset.pk, state=Dataset.State.READY).update(state=Dataset.State.FAILED, error=reason)
