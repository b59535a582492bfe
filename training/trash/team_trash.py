"""What a team has in its trash, datasets and models together."""

from collections.abc import Iterable
from dataclasses import dataclass
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

Kind = Literal["dataset", "model"]


@dataclass(frozen=True)
class Item:
    """One thing in the trash. `kind` says which of the two it is; `field` names it in a form."""

    kind: Kind
    row: Dataset | TrainingJob

    @property
    def field(self) -> str:
        return "dataset" if self.kind == "dataset" else "job"

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
    datasets, jobs = datasets_trash.in_trash(), moving.in_trash()
    if team:
        datasets, jobs = datasets.for_team(team), jobs.for_team(team)
    found = chain((Item("dataset", row) for row in datasets), (Item("model", row) for row in jobs))
    return sorted(found, key=lambda item: (item.trashed_at, -getattr(item.row, "first_step", 0)))


@dataclass(frozen=True)
class Choice:
    """Some of what a team has in its trash."""

    datasets: list[Dataset]
    jobs: list[TrainingJob]

    @classmethod
    def of(cls, team: Team, dataset_ids: Iterable[str], job_ids: Iterable[str]) -> Self:
        """Return those with these ids; any other id counts for nothing, for another may have restored it meanwhile."""
        return cls(
            get_selected(datasets_trash.in_trash(), team, dataset_ids),
            get_selected(moving.in_trash(), team, job_ids),
        )

    @property
    def items(self) -> list[Item]:
        return [*(Item("dataset", row) for row in self.datasets), *(Item("model", row) for row in self.jobs)]

    def restore(self, by: User) -> "Outcome":
        """Put back what can be."""
        datasets, models = datasets_trash.restore_all(self.datasets), moving.restore_all(self.jobs, by)
        restored = Choice(datasets.datasets, models.jobs)
        return Outcome(restored.items, [*datasets.refusals, *models.refusals])

    def delete_now(self, by: User | str) -> "Outcome":
        """Delete for good what can be, models before what they go on from."""
        gone, refusals = [], []
        for item in [
            *(Item("dataset", row) for row in self.datasets),
            *(Item("model", job) for job in children_first(self.jobs)),
        ]:
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
    if isinstance(item.row, Dataset):
        datasets_trash.delete_now(item.row)
    else:
        moving.delete_now(item.row, by)
