"""What a job's changes of state say about the whole of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.models import JobEvent
from training.states import TERMINAL, JobState


@dataclass(frozen=True)
class JobHistory:
    """Who started the job, when its first step was near, when it ended. None: that has not happened yet."""

    started_by: str
    began: datetime | None
    ended: datetime | None

    @classmethod
    def of(cls, events: Sequence[JobEvent]) -> "JobHistory":
        """Of all the job's events, the first one first."""
        began = (event.created for event in events if event.new_state == JobState.RUNNING)
        ended = (event.created for event in events if event.new_state in TERMINAL)
        return cls(events[0].by if events else "", next(began, None), next(ended, None))
