"""The metrics of models as columns over the steps: what the graphs draw."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ftcml.accounts.access import get_all_for_team
from ftcml.accounts.models import Team
from training import metric_names
from training.models import MetricPoint, TrainingJob

MOST_COMPARED = 5
MOST_OFFERED = 50

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
        raise TooManyCompared(f"At most {MOST_COMPARED} other models can be shown at once. Take some away.")
    return get_all_for_team(TrainingJob.objects, team, wanted) if wanted else []


def curves(jobs: Sequence[TrainingJob], since: int = 0) -> list[Curves]:
    """The curves of each job, with the steps after `since` alone. One query."""
    points: dict[uuid.UUID, list[tuple[str, str, int, float]]] = defaultdict(list)
    rows = MetricPoint.objects.filter(job__in=jobs, step__gt=since).order_by("step")
    for job_id, *point in rows.values_list("job_id", "split", "tag", "step", "value"):
        points[job_id].append(tuple(point))
    return [_curves(job, points[job.pk]) for job in jobs]


def _curves(job: TrainingJob, points: list[tuple[str, str, int, float]]) -> Curves:
    steps = sorted({step for _, _, step, _ in points})
    place = {step: number for number, step in enumerate(steps)}
    series: dict[str, dict[str, list[float | None]]] = {}
    for split, tag, step, value in points:
        of_split = series.setdefault(split, {})
        column = of_split.get(tag) or of_split.setdefault(tag, [None] * len(steps))
        shown = metric_names.metric(tag).shown(value)
        column[place[step]] = None if shown is None else float(f"{shown:.{_DIGITS}g}")
    return Curves(str(job.pk), job.description, job.first_step, job.best_step or None, steps, series)
