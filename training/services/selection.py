"""What is selected on the Models tab, and why a button cannot be used with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from training.models import TrainingJob
from training.services import lineage, progress
from training.states import STOPPABLE, TERMINAL, JobState

MODEL_IS_COMING = "We're packaging this model. You can download it in a minute."

_COMPARE_TWO = "Select two models to compare."


@dataclass(frozen=True)
class Selection:
    """What is selected. A refusal is the sentence that the page shows, "" where the button can be used."""

    jobs: list[TrainingJob]
    download_refusal: str
    stop_refusal: str
    delete_refusal: str
    more_refusal: str
    compare_refusal: str

    @classmethod
    def of(cls, jobs: list[TrainingJob]) -> "Selection":
        if not jobs:
            nothing = "Select one or more models first."
            return cls([], nothing, nothing, nothing, nothing, _COMPARE_TWO)
        compare_refusal = "" if len(jobs) == 2 else _COMPARE_TWO
        return cls(
            jobs,
            _download_refusal(jobs),
            stop_refusal(jobs),
            _delete_refusal(jobs),
            _more_refusal(jobs),
            compare_refusal,
        )

    @property
    def compare_query(self) -> str:
        return f"?{urlencode([('job', str(job.pk)) for job in self.jobs])}"


def model_is_coming(jobs: Sequence[TrainingJob]) -> bool:
    """Whether one of them has ended and its model file is still being made, or waits for that."""
    return bool(progress.packaged(jobs))


def _download_refusal(jobs: list[TrainingJob]) -> str:
    if len(jobs) > 1:
        return "You can download one model at a time. Select only one."
    if jobs[0].has_model:
        return ""
    if model_is_coming(jobs):
        return MODEL_IS_COMING
    if jobs[0].state in TERMINAL:
        return "This training ended without a model."
    return "You can download the model when its training has ended."


def stop_refusal(jobs: Sequence[TrainingJob]) -> str:
    """Why these cannot all be stopped, "" where they can."""
    unstoppable = next((job for job in jobs if job.state not in STOPPABLE), None)
    if unstoppable is None:
        return ""
    return f"“{unstoppable}” is {unstoppable.state}, so there's nothing to stop."


def retry_refusal(job: TrainingJob) -> str:
    """Why the job cannot be tried again, "" where it can."""
    if job.state == JobState.TRY_AGAIN_LATER:
        return ""
    return f"“{job}” is {job.state}. You can only retry a training in {JobState.TRY_AGAIN_LATER}."


def _more_refusal(jobs: list[TrainingJob]) -> str:
    if len(jobs) > 1:
        return "You can train one model more at a time. Select only one."
    return lineage.more_refusal(jobs[0])


def _delete_refusal(jobs: list[TrainingJob]) -> str:
    alive = next((job for job in jobs if job.state not in TERMINAL), None)
    return f"“{alive}” hasn't ended yet. Stop it first." if alive else ""
