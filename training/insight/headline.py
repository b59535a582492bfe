"""Say what a model is worth in one line: the objects it finds on the evaluation frames, and its mistakes.

Counted from the confusion matrix of the best checkpoint, which is stored for the suggested minimum confidence.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from training.insight.accuracy import ObjectCounts
from training.insight.thresholds import shown
from training.models import TrainingJob


@dataclass(frozen=True)
class Headline:
    """Counts at the suggested `threshold`, of checkpoint `step`."""

    step: int
    threshold: float
    objects: ObjectCounts

    @property
    def confidence(self) -> float:
        """Return the threshold as robot code has it."""
        return shown(self.threshold)


def headlines(jobs: Iterable[TrainingJob]) -> dict[uuid.UUID, Headline]:
    """Return the headline of each job whose best checkpoint found something. One query for all of them."""
    measured = TrainingJob.objects.filter(pk__in=[job.pk for job in jobs], best_checkpoint__summary__isnull=False)
    rows = measured.values_list(
        "pk", "best_checkpoint__step", "best_checkpoint__summary__threshold", "best_checkpoint__summary__confusion"
    )
    return {
        key: Headline(step, threshold, ObjectCounts.of(confusion))
        for key, step, threshold, confusion in rows
        if threshold is not None and confusion
    }


def headline(job: TrainingJob) -> Headline | None:
    """Return the job's headline, None while nothing was measured or found."""
    return headlines([job]).get(job.pk)
