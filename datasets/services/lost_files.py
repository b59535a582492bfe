"""The stored files that datasets name; READY datasets that lost some, and those whose lost files are back."""

from collections.abc import Iterator

from django.db.models import Q

from datasets.models import Dataset, Frame, Shard
from datasets.reasons import Code
from ftcml.core.files import storage


def named() -> Iterator[str]:
    """Yield the names of all files of datasets, for named_files.told_by: also of archives that wait for their import.

    Of a dataset that lost files also the lost ones, which may be back by then.
    """
    has_shards = Dataset.kept.filter(Q(state=Dataset.State.READY) | Q(files_lost=True))
    for dataset in has_shards.only("team_id").iterator():
        yield dataset.label_map_name
    yield from Shard.objects.filter(dataset__in=has_shards).values_list("name", flat=True).iterator()
    frames = Frame.objects.filter(dataset__in=has_shards).select_related("dataset")
    for frame in frames.only("dataset__team_id", "split", "number", "stored_as").iterator():
        yield frame.picture_name
    for dataset in Dataset.kept.filter(state=Dataset.State.PRODUCING).iterator():
        if dataset.has_archive:
            yield dataset.archive_name


def lost_files() -> Iterator[tuple[Dataset, list[str]]]:
    """Return each dataset that lacks files, with their names in the storage."""
    for dataset in Dataset.kept.filter(state=Dataset.State.READY):
        if lost := _missing(dataset):
            yield dataset, lost


def give_up(dataset: Dataset) -> None:
    """Mark the dataset FAILED, so that no model trains on it. Its other files stay, for take_up_again."""
    ready = Dataset.kept.filter(pk=dataset.pk, state=Dataset.State.READY)
    ready.update(state=Dataset.State.FAILED, reason_code=Code.FILES_LOST, reason_params={}, files_lost=True)


def found_again() -> Iterator[Dataset]:
    """Return the datasets that were given up and whose files are all there now."""
    for dataset in Dataset.kept.filter(state=Dataset.State.FAILED, files_lost=True):
        if dataset.shards.exists() and not _missing(dataset):
            yield dataset


def take_up_again(dataset: Dataset) -> None:
    """Mark the dataset READY, as it was."""
    given_up = Dataset.kept.filter(pk=dataset.pk, state=Dataset.State.FAILED, files_lost=True)
    given_up.update(state=Dataset.State.READY, reason_code="", reason_params={}, files_lost=False)


def _missing(dataset: Dataset) -> list[str]:
    """Return the names of the dataset's files that are not in the storage."""
    frames = dataset.frames.select_related("dataset").only("dataset__team_id", "split", "number", "stored_as")
    pictures = [frame.picture_name for frame in frames]
    shards = dataset.shards.values_list("name", flat=True)
    return storage.missing([dataset.label_map_name, *shards, *pictures])
