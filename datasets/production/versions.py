"""Versions of a dataset that is produced again from the same frames, and what changed from one to the next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from datasets.models import Dataset
from ftcml.accounts.models import Team
from videos.models import Video


@dataclass(frozen=True)
class Changes:
    """What changed since the version before.

    `moved_frames`: to the other split. `added_boxes`, `removed_boxes`: by label, on the frames that both versions have;
    a box that was drawn anew counts as both.
    """

    added_frames: int = 0
    removed_frames: int = 0
    moved_frames: int = 0
    added_boxes: dict[str, int] = field(default_factory=dict)
    removed_boxes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset) -> "Changes | None":
        """Return what the dataset keeps of it, None for one that is no later version."""
        stored = dataset.production.get("changes")
        return cls(**stored) if stored else None


def latest(
    team: Team,
    videos: Sequence[Video],
    state: Dataset.State = Dataset.State.READY,
    *,
    by_assistant: bool = False,
) -> Dataset | None:
    """Return the newest dataset in that state that was produced from exactly these videos, None where there is none.

    `by_assistant`: of those that quick assistants had produced; else of those that people had.

    Before the first that is produced from a video that shows the frames of a dataset, that dataset is.
    """
    wanted = {video.pk for video in videos}
    some = Dataset.objects.for_team(team).filter(state=state)
    of_these = some.filter(dataset_videos__video__in=wanted).distinct()
    for dataset in of_these.prefetch_related("dataset_videos").order_by("-created"):
        is_same = {row.video_id for row in dataset.dataset_videos.all()} == wanted
        if is_same and dataset.production.get("by_assistant", False) == by_assistant:
            return dataset
    if by_assistant:
        return None
    return some.filter(fixed_labels__video__in=wanted).first() if len(wanted) == 1 else None


def next_number(previous: Dataset, description: str) -> int:
    """Return the number of the version after `previous`, which no other dataset of that description has."""
    others = Dataset.kept.filter(team_id=previous.team_id, description=description).values_list("version", flat=True)
    return max(previous.version, *others, 1) + 1


def changes(previous: Dataset | None, dataset: Dataset) -> dict[str, Any]:
    """Return what `Dataset.production` keeps of the changes since `previous`, {} where there is none.

    Frames are the same where they were made of the same frame of a video.
    """
    if previous is None or previous.deleted:
        return {}
    before, after = _by_source(previous), _by_source(dataset)
    both = before.keys() & after.keys()
    added, removed = Counter[str](), Counter[str]()
    for key in both:
        old, new = before[key][1], after[key][1]
        added.update(label for label, _ in (new - old).elements())
        removed.update(label for label, _ in (old - new).elements())
    found = Changes(
        added_frames=len(after.keys() - both),
        removed_frames=len(before.keys() - both),
        moved_frames=sum(before[key][0] != after[key][0] for key in both),
        added_boxes=dict(added),
        removed_boxes=dict(removed),
    )
    return asdict(found)


_Boxes = Counter[tuple[str, tuple[float, ...]]]


def _by_source(dataset: Dataset) -> dict[int, tuple[str, _Boxes]]:
    """Return the split and the boxes of each frame, by the key of the video's frame that it was made of."""
    rows = dataset.frames.exclude(source=None).values_list("source_id", "split", "boxes")
    return {
        source: (split, Counter((entry["label"], tuple(entry["box"])) for entry in boxes))
        for source, split, boxes in rows
    }
