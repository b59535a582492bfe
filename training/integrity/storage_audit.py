"""Compares rows with stored files, for `check_storage` to show and repair."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import datasets.services.lost_files
import datasets.services.unused_files
import training.integrity.lost_files
import training.integrity.unused_files
import videos.services.stored.lost_files
import videos.services.stored.unused_files
from datasets.models import Dataset
from ftcml.installation import quarantine
from ftcml.installation.quarantine import Stored
from training.messages.operator_words import MOSTLY_LOST
from training.models import TrainingJob
from training.services import queue
from videos.models import Video


def stored_files() -> list[Stored]:
    """Return what is stored of videos, datasets and jobs."""
    looks = (videos.services.stored.unused_files, datasets.services.unused_files, training.integrity.unused_files)
    return [kind.look() for kind in looks]


def remove_unused_files() -> None:
    """Remove what nothing refers to, as the hourly tidying does."""
    videos.services.stored.unused_files.remove_unused_files()
    datasets.services.unused_files.remove_unused_files()
    training.integrity.unused_files.remove_unused_files()


@dataclass(frozen=True)
class Audit:
    """What was found.

    `leftovers`: names of files that rows have done with. `videos`, `datasets`, `jobs`: those that lost files.
    `datasets_again`, `jobs_again`: those whose files are there again. `given_up`: jobs without a model file, for all
    tries failed.
    """

    leftovers: Sequence[str]
    videos: Sequence[tuple[Video, list[str]]]
    datasets: Sequence[tuple[Dataset, list[str]]]
    jobs: Sequence[tuple[TrainingJob, list[str]]]
    datasets_again: Sequence[Dataset]
    jobs_again: Sequence[tuple[TrainingJob, list[str]]]
    given_up: Sequence[TrainingJob]

    @classmethod
    def now(cls) -> "Audit":
        return cls(
            [name for stored in stored_files() for name in stored.finished],
            list(videos.services.stored.lost_files.lost_files()),
            list(datasets.services.lost_files.lost_files()),
            list(training.integrity.lost_files.lost_files()),
            list(datasets.services.lost_files.found_again()),
            list(training.integrity.lost_files.found_again()),
            list(queue.given_up()),
        )

    @property
    def count(self) -> int:
        lost, again = (self.videos, self.datasets, self.jobs), (self.datasets_again, self.jobs_again)
        return sum(len(found) for found in (self.leftovers, *lost, *again, self.given_up))

    @property
    def irreplaceable(self) -> list[str]:
        """Return the lost model files that can't be made again."""
        return [name for job, lost in self.jobs for name in training.integrity.lost_files.irreplaceable(job, lost)]

    def lines(self) -> Iterator[str]:
        """Return a line for each thing that was found."""
        yield from (f"nothing refers to {name}" for name in self.leftovers)
        for kind, lost in (("video", self.videos), ("dataset", self.datasets), ("job", self.jobs)):
            yield from (f'{kind} {row.pk} "{row}" has lost {", ".join(names)}' for row, names in lost)
        yield from (f'dataset {row.pk} "{row}" has all of its files again' for row in self.datasets_again)
        yield from (f'job {job.pk} "{job}" has files again: {", ".join(names)}' for job, names in self.jobs_again)
        for job in self.given_up:
            yield f'job {job.pk} "{job}" has no model file, for all tries to make one failed'

    def refusal(self) -> str:
        """Return why nothing may be repaired, or "": if nearly all is lost, a drive may not be mounted."""
        lost = len(self.videos) + len(self.datasets) + len(self.jobs)
        rows = Dataset.kept.filter(state=Dataset.State.READY).count() + training.integrity.lost_files.with_files()
        rows += videos.services.stored.lost_files.with_files().count()
        return MOSTLY_LOST.format(lost=lost, rows=rows) if quarantine.is_most(lost, rows) else ""

    def repair(self) -> None:
        """Give up what is lost, and take up again what is found. What is left over, the tidying removes.

        Lost pictures of videos can't be made again, and their boxes stay as they are.
        """
        for dataset, _ in self.datasets:
            datasets.services.lost_files.give_up(dataset)
        for job, names in self.jobs:
            training.integrity.lost_files.give_up(job, names)
        for dataset in self.datasets_again:
            datasets.services.lost_files.take_up_again(dataset)
        for job, names in self.jobs_again:
            training.integrity.lost_files.take_up_again(job, names)
        training.integrity.lost_files.try_exports_again()
