"""The newest value of every metric of a job, training beside evaluation."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from training.models import MetricPoint, TrainingJob


@dataclass
class MetricRow:
    """One metric by its name in ftc-ml; None where that side does not have it."""

    tag: str
    train: MetricPoint | None = None
    eval: MetricPoint | None = None

    @property
    def step(self) -> int:
        """The newest step that either side was measured at."""
        return max(point.step for point in (self.train, self.eval) if point)


def latest_metrics(job: TrainingJob) -> list[MetricRow]:
    """The rows in the order of their names; none before the first checkpoint."""
    newest = job.metric_points.filter(split=OuterRef("split"), tag=OuterRef("tag")).order_by("-step")
    rows: dict[str, MetricRow] = defaultdict(lambda: MetricRow(tag=""))
    for point in job.metric_points.filter(step=Subquery(newest.values("step")[:1])).order_by("tag"):
        rows[point.tag].tag = point.tag
        setattr(rows[point.tag], point.split, point)
    return list(rows.values())
