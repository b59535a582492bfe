"""What is selected on the Models tab, and why a button cannot be used with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from training.messages import words
from training.models import TrainingJob
from training.reasons import Reason, Refusal
from training.services import lineage, progress
from training.states import STOPPABLE, TERMINAL, JobState


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
        compare = Reason() if len(jobs) == 2 else Reason(Refusal.COMPARE_TWO)
        if jobs:
            found = [_download_refusal(jobs), stop_refusal(jobs), _delete_refusal(jobs), _more_refusal(jobs)]
        else:
            found = 4 * [Reason(Refusal.NOTHING_SELECTED)]
        return cls(jobs, *map(words, [*found, compare]))

    @property
    def compare_query(self) -> str:
        return f"?{urlencode([('job', str(job.pk)) for job in self.jobs])}"


def model_is_coming(jobs: Sequence[TrainingJob]) -> bool:
    """Whether one of them has ended and its model file is still being made, or waits for that."""
    return bool(progress.packaged(jobs))


def _download_refusal(jobs: list[TrainingJob]) -> Reason:
    if len(jobs) > 1:
        return Reason(Refusal.DOWNLOAD_ONE)
    if jobs[0].has_model:
        return Reason()
    if model_is_coming(jobs):
        return Reason(Refusal.MODEL_IS_COMING)
    return Reason(Refusal.NO_MODEL if jobs[0].state in TERMINAL else Refusal.NO_MODEL_YET)


def stop_refusal(jobs: Sequence[TrainingJob]) -> Reason:
    """Return why these cannot all be stopped; no reason where they can."""
    unstoppable = next((job for job in jobs if job.state not in STOPPABLE), None)
    return _of(Refusal.NOTHING_TO_STOP, unstoppable) if unstoppable else Reason()


def retry_refusal(job: TrainingJob) -> Reason:
    """Return why the job cannot be tried again; no reason where it can."""
    return Reason() if job.state == JobState.TRY_AGAIN_LATER else _of(Refusal.NOTHING_TO_RETRY, job)


def _more_refusal(jobs: list[TrainingJob]) -> Reason:
    return Reason(Refusal.TRAIN_ONE_MORE) if len(jobs) > 1 else lineage.more_refusal(jobs[0])


def _delete_refusal(jobs: list[TrainingJob]) -> Reason:
    alive = next((job for job in jobs if job.state not in TERMINAL), None)
    return _of(Refusal.STOP_FIRST, alive) if alive else Reason()


def _of(refusal: Refusal, job: TrainingJob) -> Reason:
    return Reason(refusal, {"job": str(job), "state": job.state})
