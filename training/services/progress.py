"""What a running job says of itself between two checkpoints."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from training.models import TrainingJob
from training.services import queue
from training.states import TERMINAL, JobState

# What is said of a phase of a trainer; a training shows its steps.
_PHASES: dict[str, Literal["training", "evaluating", "packaging"]] = {
    "evaluating": "evaluating",
    "measuring": "packaging",
    "exporting": "packaging",
}


@dataclass(frozen=True)
class Live:
    """`seconds_left` until the steps or the time run out; None while the speed is unknown, and when the steps are over.

    `loss`: the total loss of the last steps; None before there is one. `phase`: "packaging" means that no step is
    trained any more, and the model is measured and its files are made.
    """

    step: int
    steps_per_second: float
    seconds_left: int | None
    last_step: int = 0
    loss: float | None = None
    phase: Literal["training", "evaluating", "packaging"] = "training"


def live(job: TrainingJob) -> Live | None:
    """Return the present step of a job in RUNNING; None in any other state."""
    if job.state != JobState.RUNNING:
        return None
    phase = _PHASES.get(job.live_phase, "training")
    left = None if phase == "packaging" else _seconds_left(job)
    return Live(
        max(job.live_step, job.steps_completed), job.live_steps_per_second, left, job.last_step, job.live_loss, phase
    )


def packaged(jobs: Collection[TrainingJob]) -> set[UUID]:
    """Return which of these have ended and wait for the files of their models, or are getting them; in one query."""
    ended = [job.pk for job in jobs if job.state in TERMINAL and not job.has_model]
    return set(queue.without_model_file().filter(pk__in=ended).values_list("pk", flat=True)) if ended else set()


def _seconds_left(job: TrainingJob) -> int | None:
    if job.live_steps_per_second <= 0:
        return None
    for_steps = (job.last_step - job.live_step) / job.live_steps_per_second
    return max(0, round(min(for_steps, job.max_seconds - job.training_seconds)))
