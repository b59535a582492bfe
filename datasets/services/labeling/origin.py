"""What a dataset was made of, and what changed since the version before, in words."""

from datasets.formats.catalog import FORMATS
from datasets.messages import page_words as messages
from datasets.messages import production_words
from datasets.models import Dataset
from datasets.production.choices import ProductionChoices
from datasets.production.versions import Changes


def origin(dataset: Dataset) -> str:
    """Return what a READY dataset was made from, as sentences; "" for one that is older than this record."""
    if dataset.is_sample:
        return messages.drawn(_seeded(dataset))
    if dataset.production:
        return _produced(dataset) + (f" {messages.EDITED}" if dataset.is_edited else "")
    known = FORMATS.get(dataset.archive_format)
    source = messages.imported_from(known.name) if known else ""
    if dataset.is_edited:
        return source + messages.EDITED
    if known is None:
        return ""
    return source + (messages.SPLIT_KEPT if dataset.keeps_split else _seeded(dataset))


def _produced(dataset: Dataset) -> str:
    chosen = ProductionChoices.of(dataset)
    videos = list(dataset.dataset_videos.order_by("pk").values_list("video__description", flat=True))
    return production_words.made_from(videos, chosen.method, chosen.eval_percent, chosen.seed, chosen.reviewed_only)


def version_changes(dataset: Dataset) -> list[str]:
    """Return what changed in a later version since the one before, [] where there is none."""
    found = Changes.of(dataset)
    if found is None or dataset.previous is None or dataset.is_edited:
        return []
    boxes = (found.added_boxes, found.removed_boxes)
    return production_words.changes(
        str(dataset.previous), found.added_frames, found.removed_frames, found.moved_frames, *boxes
    )


def _seeded(dataset: Dataset) -> str:
    return messages.seeded(dataset.eval_percent, dataset.split_seed)
