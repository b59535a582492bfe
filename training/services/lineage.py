"""Models that are trained more, and their children: which can be a parent, and where a child begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch
from django.template.defaultfilters import capfirst

from datasets.models import Dataset
from datasets.services.combining import differing_labels
from training.models import Checkpoint, TrainingJob
from training.reasons import Reason, Refusal
from training.refusals import JobRefused
from training.states import TERMINAL

_ANCESTORS = """
WITH RECURSIVE line (id, generation) AS (
    SELECT parent_id, 1 FROM training_trainingjob WHERE id = %s
    UNION ALL
    SELECT job.parent_id, line.generation + 1 FROM training_trainingjob job JOIN line ON job.id = line.id
)
SELECT job.* FROM training_trainingjob job JOIN line ON job.id = line.id ORDER BY line.generation DESC
"""


def ancestors(job: TrainingJob) -> list[TrainingJob]:
    """Return the job's ancestors, the first training first and its parent last, with the best checkpoints."""
    if job.parent_id is None:
        return []
    key = TrainingJob._meta.pk.get_db_prep_value(job.pk, connection)
    best = Prefetch("best_checkpoint", Checkpoint.objects.defer("summary"))
    return list(TrainingJob.objects.raw(_ANCESTORS, [key]).prefetch_related(best))


def children(job: TrainingJob) -> list[TrainingJob]:
    """Return the models trained from the job, in the order in which they were started."""
    return list(job.children.with_results().order_by("created", "id"))


def more_refusal(job: TrainingJob) -> Reason:
    """Return why the model cannot be trained more; no reason where it can.

    A FAILED training can be a parent as well: its newest checkpoint is whole, whatever came after it.
    """
    if job.state not in TERMINAL:
        return Reason(Refusal.NOT_ENDED, {"job": str(job)})
    if not job.has_checkpoint:
        return Reason(Refusal.NO_CHECKPOINT, {"job": str(job)})
    if newest_checkpoint(job) is None:
        return Reason(Refusal.FILES_LOST, {"job": str(job)})
    return Reason()


def newest_checkpoint(job: TrainingJob) -> Checkpoint | None:
    """Return the checkpoint that a child starts from; None if none has its files."""
    return job.checkpoints.with_files().filter(step=job.steps_completed).first()


def model_checkpoint(job: TrainingJob) -> Checkpoint | None:
    """Return the checkpoint of the job's model: the best, or the newest if none was measured.

    A job that didn't get better than its parent has the parent's. None if the files are lost.
    """
    step = job.best_step or job.steps_completed
    while job.parent and step <= job.first_step:
        job = job.parent
    return job.checkpoints.with_files().filter(step=step).first()


def line(job: TrainingJob) -> list[TrainingJob]:
    """Return the job after its ancestors, the oldest first."""
    return [*ancestors(job), job]


def name_as_parent(job: TrainingJob) -> str:
    """Return in words what a child of an ended job starts from."""
    return f"the model “{job}” at step {job.steps_completed:,}"


def datasets_of_child(parent: TrainingJob, extra: Sequence[Dataset]) -> list[Dataset]:
    """Return the parent's own datasets and the extra ones, each once."""
    own = list(parent.datasets.all())
    return [*own, *(dataset for dataset in extra if dataset not in own)]


@dataclass(frozen=True)
class Offer:
    """The datasets that a model can be trained more on.

    `own`: always used again. `possible`: may be added. `impossible`: other READY ones, each with a sentence about how
    its labels differ.
    """

    own: list[Dataset]
    possible: list[Dataset]
    impossible: list[tuple[Dataset, str]]

    @classmethod
    def of(cls, parent: TrainingJob) -> "Offer":
        own = list(parent.datasets.all())
        ready = Dataset.objects.for_team(parent.team).filter(state=Dataset.State.READY)
        others = [dataset for dataset in ready if dataset not in own]
        differences = [(dataset, differing_labels([*own, dataset])) for dataset in others]
        return cls(
            own,
            [dataset for dataset, difference in differences if not difference],
            [(dataset, f"{capfirst(difference)}.") for dataset, difference in differences if difference],
        )


class JobIsAlive(JobRefused):
    """The job has not ended yet."""


class HasChildren(JobRefused):
    """Models were trained from the job's, and they must be deleted first."""


def children_first(jobs: Sequence[TrainingJob]) -> list[TrainingJob]:
    """Return the jobs with children before their parents. A child begins at a later step than its parent."""
    return sorted(jobs, key=lambda job: job.first_step, reverse=True)


def check_deletion(job: TrainingJob, children: Sequence[TrainingJob]) -> None:
    """Raise JobIsAlive or HasChildren unless the job can be deleted; `children`: those that are there then."""
    if job.state not in TERMINAL:
        raise JobIsAlive(Refusal.IS_ALIVE, job=str(job), state=job.state)
    if children:
        raise HasChildren(Refusal.HAS_CHILDREN, job=str(job), children=sorted(map(str, children)))


@dataclass(frozen=True)
class Deletion:
    """What becomes of models that somebody wants to delete together: those that can go, and why the others cannot."""

    possible: list[TrainingJob]
    refusals: list[str]

    @classmethod
    def of(cls, jobs: Sequence[TrainingJob]) -> "Deletion":
        children = list(TrainingJob.objects.filter(parent__in=jobs))
        possible: list[TrainingJob] = []
        refusals: list[str] = []
        for job in children_first(jobs):
            staying = [child for child in children if child.parent_id == job.pk and child not in possible]
            try:
                check_deletion(job, staying)
                possible.append(job)
            except JobRefused as refusal:
                refusals.append(str(refusal))
        return cls(possible, refusals)
