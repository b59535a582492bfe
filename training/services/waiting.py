"""When a job that waits begins: its place in line, and about how long that takes."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heapreplace
from typing import cast
from uuid import UUID

from detector.contract import catalog
from detector.contract.catalog import Accelerator
from training import messages
from training.models import TrainingJob
from training.reasons import Code
from training.services import queue, registry
from training.services.progress import live
from training.services.starting.speed import seconds_per_frame
from training.states import LEASED, JobState

_WAITING = (JobState.QUEUED, JobState.TRY_AGAIN_LATER)
# What a job that ends keeps its worker busy for, or one that is packaged.
_ENDING_SECONDS = 60.0


@dataclass(frozen=True)
class Wait:
    """`place`: 1 for the job that begins next. `seconds`: until it begins; None where that is unknown."""

    place: int
    seconds: int | None

    @property
    def text(self) -> str:
        """In words: 2nd in line, starts in about 12 minutes."""
        return messages.in_line(self.place, self.seconds)


def waits(jobs: Collection[TrainingJob]) -> dict[UUID, Wait]:
    """Return the wait of each of the jobs that is in line, by its id: for a whole list by the same few queries.

    A job in TRY_AGAIN_LATER is in line where the queue is full; for other reasons it waits for a person.
    """
    if not any(job.state in _WAITING for job in jobs):
        return {}
    line = list(queue.queue())
    if any(job.state == JobState.TRY_AGAIN_LATER for job in jobs):
        full = TrainingJob.objects.filter(state=JobState.TRY_AGAIN_LATER, reason_code=Code.QUEUE_IS_FULL)
        line += full.order_by("created", "id")
    shown = {job.pk for job in jobs}
    starts = _starts(line)
    return {job.pk: Wait(place, starts[place - 1]) for place, job in enumerate(line, 1) if job.pk in shown}


def _starts(line: list[TrainingJob]) -> Sequence[int | None]:
    """The seconds until each of the jobs begins, when each worker takes the next as soon as it is free."""

    @cache
    def per_frame(name: str, accelerator: Accelerator) -> float:
        seconds = seconds_per_frame(catalog.starting_model(name), accelerator)
        return math.inf if seconds is None else seconds

    def duration(job: TrainingJob) -> float:
        """The seconds for the steps that are left, or the job's limit where that is less, or no speed was measured."""
        frames = (job.last_step - job.steps_completed) * job.batch_size
        for_steps = frames * per_frame(job.starting_model, cast(Accelerator, job.accelerator)) if frames else 0.0
        return min(for_steps, job.max_seconds - job.training_seconds)

    def left(job: TrainingJob) -> float:
        present = live(job)
        if job.state in (JobState.STOP_REQUESTED, JobState.STOPPING) or (present and present.phase == "packaging"):
            return _ENDING_SECONDS
        return float(present.seconds_left) if present and present.seconds_left is not None else duration(job)

    drain_of = dict(registry.live_workers().values_list("name", "drain"))
    # A drained worker takes nothing after its present job.
    at_work = [
        job
        for job in TrainingJob.objects.filter(state__in=LEASED)
        if not drain_of.get(registry.name_of(job.lease_owner))
    ]
    busy = [left(job) for job in at_work]
    free = [*busy, *[0.0] * (sum(not drain for drain in drain_of.values()) - len(busy))]
    if not free:
        return [None] * len(line)
    heapify(free)
    starts = []
    for job in line:
        starts.append(free[0])
        heapreplace(free, free[0] + duration(job))
    return [round(start) for start in starts]
