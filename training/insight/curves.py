"""The metrics of models: as columns over the steps, which the graphs draw, and the newest of each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, OuterRef, Subquery, Value, When

from ftcml.accounts.models import Team
from ftcml.accounts.services.access import get_all_for_team
from training.messages import metric_names
from training.messages import result_words as messages
from training.messages.metric_names import Metric
from training.models import LiveLoss, MetricPoint, TrainingJob
from training.states import JobState

MOST_COMPARED = 5
MOST_OFFERED = 50

Point = tuple[str, str, int, float]  # split, tag, step, value

# More digits than a screen can show, and a third of the bytes.
_DIGITS = 6


class TooManyCompared(Exception):
    """So many models cannot be told apart; str() says how many can."""


@dataclass(frozen=True)
class Curves:
    """One model's metrics. `series`: split -> tag -> one value for each of `steps`, None where there is none.

    `first_step`: what the model began at, 0 or where its parent ended. `best_step`: None where none was measured.
    """

    id: str
    description: str
    first_step: int
    best_step: int | None
    steps: list[int] = field(default_factory=list)
    series: dict[str, dict[str, list[float | None]]] = field(default_factory=dict)


def comparable(job: TrainingJob, chosen: Sequence[TrainingJob]) -> list[TrainingJob]:
    """The models that can be laid over this one: those of the team with metrics, the newest, and all `chosen`."""
    chosen_ids = [one.pk for one in chosen]
    measured = TrainingJob.objects.filter(team=job.team_id, steps_completed__gt=0).exclude(pk__in=[job.pk, *chosen_ids])
    return [*chosen, *measured[:MOST_OFFERED]]


def compared(team: Team, job: TrainingJob, ids: Iterable[str]) -> list[TrainingJob]:
    """The team's models with those ids, without `job`. Raises Http404 for others, and TooManyCompared."""
    wanted = set(ids) - {str(job.pk)}
    if len(wanted) > MOST_COMPARED:
        raise TooManyCompared(messages.too_many_compared(MOST_COMPARED))
    return get_all_for_team(TrainingJob.objects.with_results(), team, wanted) if wanted else []


def live_losses(job: TrainingJob) -> dict[str, object]:
    """The job's total loss between its checkpoints: a step and a value each, and whether more will come."""
    kept = LiveLoss.objects.filter(job=job).first()
    points = kept.points if kept else []
    is_running = job.state == JobState.RUNNING
    return {"steps": [step for step, _ in points], "values": [loss for _, loss in points], "is_running": is_running}


def curves(jobs: Sequence[TrainingJob], since: int = 0) -> list[Curves]:
    """The curves of each job, with the steps after `since` alone. One query."""
    if not jobs:
        return []
    # The place of its job in place of a row's UUID, which costs more to read than all the rest of the row.
    place = Case(*(When(job=job, then=Value(number)) for number, job in enumerate(jobs)))
    rows = MetricPoint.objects.filter(job__in=jobs, step__gt=since).annotate(place=place)
    points: list[list[Point]] = [[] for _ in jobs]
    for number, split, tag, step, value in rows.order_by("step").values_list("place", "split", "tag", "step", "value"):
        points[number].append((split, tag, step, value))
    return [_curves(job, of_job) for job, of_job in zip(jobs, points, strict=True)]


def _curves(job: TrainingJob, points: list[Point]) -> Curves:
    steps = sorted({step for _, _, step, _ in points})
    place = {step: number for number, step in enumerate(steps)}
    measured: dict[tuple[str, str], list[float | None]] = defaultdict(lambda: [None] * len(steps))
    for split, tag, step, value in points:
        measured[split, tag][place[step]] = value
    series: dict[str, dict[str, list[float | None]]] = {}
    for (split, tag), column in measured.items():
        series.setdefault(split, {})[tag] = _shown(tag, column)
    return Curves(str(job.pk), job.description, job.first_step, job.best_step or None, steps, series)


def _shown(tag: str, column: list[float | None]) -> list[float | None]:
    """The column for people, without what is no measurement, and without digits that no screen shows."""
    metric = metric_names.metric(tag)
    shown = (None if value is None else metric.shown(value) for value in column)
    return [None if value is None else float(f"{value:.{_DIGITS}g}") for value in shown]


@dataclass(frozen=True)
class Newest:
    """A metric's newest value. `value`: None where no evaluation frame has such an object."""

    value: float | None
    step: int


@dataclass
class MetricRow:
    """One metric, training beside evaluation; None for a side that doesn't have it."""

    metric: Metric
    train: Newest | None = None
    eval: Newest | None = None

    @property
    def step(self) -> int:
        """Return the newest step that either side was measured at."""
        return max(side.step for side in (self.train, self.eval) if side)


def latest_metrics(job: TrainingJob) -> list[MetricRow]:
    """Return the newest value of every metric in the order of the graphs; none before the first checkpoint."""
    newest = job.metric_points.filter(split=OuterRef("split"), tag=OuterRef("tag")).order_by("-step")
    points = list(job.metric_points.filter(step=Subquery(newest.values("step")[:1])))
    in_order = [one for group in metric_names.by_group(point.tag for point in points).values() for one in group]
    rows = {one.tag: MetricRow(one) for one in in_order}
    for point in points:
        setattr(rows[point.tag], point.split, Newest(rows[point.tag].metric.shown(point.value), point.step))
    return [row for row in rows.values() if row.train or row.eval]
