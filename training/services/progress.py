"""What a running job says of itself between two checkpoints."""

from dataclasses import dataclass

from training.models import TrainingJob
from training.states import JobState


@dataclass(frozen=True)
class Live:
    """`seconds_left` until the steps or the time run out; None while the speed is unknown."""

    step: int
    steps_per_second: float
    seconds_left: int | None


def live(job: TrainingJob) -> Live | None:
    """The present step of a job in RUNNING; None in any other state."""
    if job.state != JobState.RUNNING:
        return None
    return Live(job.live_step, job.live_steps_per_second, _seconds_left(job))


def _seconds_left(job: TrainingJob) -> int | None:
    if job.live_steps_per_second <= 0:
        return None
    for_steps = (job.last_step - job.live_step) / job.live_steps_per_second
    return max(0, round(min(for_steps, job.max_seconds - job.training_seconds)))
