"""What a team has in its trash: videos, datasets and models together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Literal, Self

from django.conf import settings

from datasets.models import Dataset
from datasets.services import trash as datasets_trash
from ftcml.accounts.models import Team, User
from ftcml.accounts.services.access import get_selected
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services.lineage import children_first
from training.trash import moving
from videos.models import Video
from videos.services import trash as videos_trash

Kind = Literal["video", "dataset", "model"]
Row = Video | Dataset | TrainingJob
# The name of each kind in a form.
FIELDS: dict[Kind, str] = {"video": "video", "dataset": "dataset", "model": "job"}


@dataclass(frozen=True)
class Item:
    """One thing in the trash. `field` names it in a form."""

    kind: Kind
    row: Row

    @property
    def field(self) -> str:
        return FIELDS[self.kind]

    @property
    def trashed_at(self) -> datetime:
        assert self.row.trashed_at is not None
        return self.row.trashed_at

    @property
    def goes(self) -> datetime:
        """When it is deleted for good, unless the disk needs its room before."""
        return self.trashed_at + timedelta(days=settings.TRASH_DAYS)


def items(team: Team) -> list[Item]:
    """Return what the team can restore, what was deleted last first."""
    return oldest_first(team)[::-1]


def oldest_first(team: Team | None = None) -> list[Item]:
    """Return what is in the trash of a team, or of all, in the order in which it may go for good.

    A model goes after those that go on from it, for it came into the trash after them.
    """
    videos, datasets, jobs = videos_trash.in_trash(), datasets_trash.in_trash(), moving.in_trash()
    if team:
        videos, datasets, jobs = videos.for_team(team), datasets.for_team(team), jobs.for_team(team)
    found = chain(
        (Item("video", row) for row in videos),
        (Item("dataset", row) for row in datasets),
        (Item("model", row) for row in jobs),
    )
    return sorted(found, key=lambda item: (item.trashed_at, -getattr(item.row, "first_step", 0)))


@dataclass(frozen=True)
class Choice:
    """Some of what a team has in its trash."""

    datasets: list[Dataset]
    jobs: list[TrainingJob]
    videos: list[Video]

    @classmethod
    def of(cls, team: Team, dataset_ids: Iterable[str], job_ids: Iterable[str], video_ids: Iterable[str] = ()) -> Self:
        """Return those with these ids; any other id counts for nothing, for another may have restored it meanwhile."""
        return cls(
            get_selected(datasets_trash.in_trash(), team, dataset_ids),
            get_selected(moving.in_trash(), team, job_ids),
            get_selected(videos_trash.in_trash(), team, video_ids),
        )

    @property
    def items(self) -> list[Item]:
        return [
            *(Item("video", row) for row in self.videos),
            *(Item("dataset", row) for row in self.datasets),
            *(Item("model", row) for row in self.jobs),
        ]

    def restore(self, by: User) -> "Outcome":
        """Put back what can be."""
        videos = videos_trash.restore_all(self.videos, by)
        datasets, models = datasets_trash.restore_all(self.datasets), moving.restore_all(self.jobs, by)
        restored = Choice(datasets.rows, models.rows, videos.rows)
        return Outcome(restored.items, [*videos.refusals, *datasets.refusals, *models.refusals])

    def delete_now(self, by: User | str) -> "Outcome":
        """Delete for good what can be, models before what they go on from."""
        gone, refusals = [], []
        for item in replace(self, jobs=children_first(self.jobs)).items:
            try:
                delete_now(item, by)
                gone.append(item)
            except JobRefused as refusal:
                refusals.append(str(refusal))
        return Outcome(gone, refusals)


@dataclass(frozen=True)
class Outcome:
    """What was done, and a sentence for each thing that it was not done with."""

    done: list[Item]
    refusals: list[str]


def delete_now(item: Item, by: User | str) -> None:
    """Delete one thing for good that is in the trash. Raises JobRefused for a model that others go on from."""
    match item.row:
        case Video():
            videos_trash.delete_now(item.row)
        case Dataset():
            datasets_trash.delete_now(item.row)
        case TrainingJob():
            moving.delete_now(item.row, by)
