"""For a person who looks elsewhere: the words in the window's title, and which trainings have ended meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass

from ftcml.core.requests.parameters import whole_number
from training.messages import page_words as messages
from training.models import JobEvent, TrainingJob
from training.services.progress import Live
from training.states import TERMINAL, JobState

# How often a page asks while nobody sees it, as long as it shows a training that has not ended.
HIDDEN_SECONDS = 20


@dataclass(frozen=True)
class End:
    """A training that has ended. `number` grows from one end to the next."""

    number: int
    job: TrainingJob

    @property
    def headline(self) -> str:
        return messages.ended(JobState(self.job.state), str(self.job))

    @property
    def words(self) -> str:
        return self.job.state_reason or self.job.state_meaning


def now() -> int:
    """The present moment, as `ends` understands it: no clock is asked, so that those of two machines may differ."""
    return JobEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def ends(jobs: Iterable[TrainingJob], since: str) -> list[End]:
    """Those of the jobs that have ended after a moment, the first one first; none without a moment."""
    number = whole_number(since)
    if number is None:
        return []
    ended = JobEvent.objects.filter(job__in=jobs, new_state__in=TERMINAL, pk__gt=number).order_by("pk")
    return [End(event.pk, event.job) for event in ended.select_related("job")]


def title(job: TrainingJob, live: Live | None) -> str:
    """Of the pages of one model: RUNNING 45% · finder."""
    return messages.title(JobState(job.state), str(job), _percent(job, live) if live else None)


def _percent(job: TrainingJob, live: Live) -> int:
    done = 100 * (live.step - job.first_step) // job.steps_requested
    return min(max(done, 0), 100)


def list_title(ended: list[End]) -> str:
    """Of the Models tab: (1 ended) Models."""
    return messages.list_title(len(ended))
