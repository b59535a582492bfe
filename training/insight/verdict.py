"""Is it still learning? Say what the curves of a job show, with the numbers behind it.

What to do next is decided in next_step.py, which knows the result as well.

The rule, on one value a checkpoint:

1. Only the end counts: the last third of the checkpoints, and at least six of them. With fewer it is too early.
2. A curve moves there when both are true: more pairs of its points are in that order than chance makes of noise in one
   of twenty tries (the trend test of Mann and Kendall), and it changes (by the slope of Theil and Sen, the median of
   the slopes of all pairs) by at least a tenth of the span of the middle half of all its values.
3. The evaluation loss rises while the training loss falls: overtraining. Else, the evaluation loss falls or the mAP
   rises: still improving. Else: settled.

Both tests look at order and at medians, so single points that jump out do not decide, and at differences alone, so a
constant that is added to every loss changes nothing. docs/contributors/evaluation.md tells where the ideas come from.
"""

import math
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median, quantiles

from training.messages import metric_names, result_words
from training.messages.result_words import Finding
from training.models import MetricPoint, TrainingJob

FEWEST_POINTS = 6
LEAST_CHANGE = 0.1
_ONE_IN_TWENTY = 1.645  # standard deviations, on one side


@dataclass(frozen=True)
class Trend:
    """How a curve moves over its last points. `change`: over all of them, in the curve's unit."""

    points: int
    change: float
    direction: int  # 1 rises, -1 falls, 0 neither


@dataclass(frozen=True)
class Verdict:
    """`evidence`: sentences with the numbers. Trends: None without the curve.

    `checkpoints`: how many were looked at. `best_step`: of the job's best checkpoint; None without one.
    `best_ap50`: its mAP@.50; None where that was not measured.
    """

    finding: Finding
    evidence: tuple[str, ...]
    checkpoints: int
    best_step: int | None = None
    best_ap50: float | None = None
    train_loss: Trend | None = None
    eval_loss: Trend | None = None
    mean_precision: Trend | None = None

    @property
    def title(self) -> str:
        return result_words.TITLES[self.finding]


def trend(values: Sequence[float]) -> Trend:
    """The trend at the end of a curve of at least FEWEST_POINTS values, by rules 1 and 2."""
    last = values[-max(FEWEST_POINTS, math.ceil(len(values) / 3)) :]
    count = len(last)
    pairs = list(combinations(range(count), 2))
    order = sum((last[j] > last[i]) - (last[j] < last[i]) for i, j in pairs)
    change = (count - 1) * median((last[j] - last[i]) / (j - i) for i, j in pairs)
    deviation = math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    is_order = abs(order) - 1 > _ONE_IN_TWENTY * deviation
    is_large = abs(change) >= LEAST_CHANGE * _span(values) and change * order > 0
    return Trend(count, change, int(math.copysign(1, order)) if is_order and is_large else 0)


def _span(values: Sequence[float]) -> float:
    """The span of the middle half of the values: the steep fall at the start does not make all else look small."""
    low, _, high = quantiles(values, n=4, method="inclusive")
    return high - low


def judge(train_loss: Sequence[float], eval_loss: Sequence[float], mean_precision: Sequence[float]) -> Finding:
    """The finding for these curves, one value a checkpoint; a curve that was not measured is empty."""
    if train_loss and not eval_loss:
        return Finding.NO_EVALUATION
    if min(len(train_loss), len(eval_loss)) < FEWEST_POINTS:
        return Finding.TOO_EARLY
    learning, checked = trend(train_loss).direction, trend(eval_loss).direction
    if checked > 0 and learning < 0:
        return Finding.OVERTRAINING
    is_finding_more = len(mean_precision) >= FEWEST_POINTS and trend(mean_precision).direction > 0
    return Finding.IMPROVING if checked < 0 or is_finding_more else Finding.SETTLED


@dataclass
class _Curves:
    """One job's values, the oldest first. `best_ap50`: see Verdict."""

    train: list[float] = field(default_factory=list)
    evaluation: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    best_ap50: float | None = None


def verdict_of(job: TrainingJob) -> Verdict:
    """Return what the job's own curves say, without those of the models that it continues. One query."""
    return verdicts([job])[job.pk]


def verdicts(jobs: Iterable[TrainingJob]) -> dict[uuid.UUID, Verdict]:
    """Return the verdict on each job. One query for all of them."""
    by_job = {job.pk: job for job in jobs}
    return {key: _verdict(by_job[key], curves) for key, curves in _curves(by_job).items()}


def _verdict(job: TrainingJob, curves: _Curves) -> Verdict:
    of_train, of_evaluation, of_precision = (
        trend(curve) if len(curve) >= FEWEST_POINTS else None
        for curve in (curves.train, curves.evaluation, curves.precision)
    )
    return Verdict(
        finding=judge(curves.train, curves.evaluation, curves.precision),
        evidence=_evidence(len(curves.train), of_train, of_evaluation, of_precision, job),
        checkpoints=len(curves.train),
        best_step=job.best_step or None,
        best_ap50=curves.best_ap50,
        train_loss=of_train,
        eval_loss=of_evaluation,
        mean_precision=of_precision,
    )


def _curves(jobs: dict[uuid.UUID, TrainingJob]) -> dict[uuid.UUID, _Curves]:
    found = {key: _Curves() for key in jobs}
    tags = [metric_names.TOTAL_LOSS, metric_names.MEAN_PRECISION, metric_names.MEAN_PRECISION_AT_50]
    points = MetricPoint.objects.filter(job__in=list(jobs), tag__in=tags).order_by("step")
    for key, split, tag, step, value in points.values_list("job_id", "split", "tag", "step", "value"):
        shown, curves = metric_names.metric(tag).shown(value), found[key]
        if shown is None:
            continue
        if tag == metric_names.MEAN_PRECISION_AT_50:
            curves.best_ap50 = shown if step == jobs[key].best_step else curves.best_ap50
        elif tag == metric_names.MEAN_PRECISION:
            curves.precision.append(shown)
        else:
            (curves.train if split == MetricPoint.Split.TRAIN else curves.evaluation).append(shown)
    return found


def _evidence(
    checkpoints: int, train: Trend | None, evaluation: Trend | None, precision: Trend | None, job: TrainingJob
) -> tuple[str, ...]:
    if not train:
        return (result_words.too_few_checkpoints(checkpoints, FEWEST_POINTS),)
    told = [result_words.training_loss(train.points, train.change, train.direction)]
    if evaluation:
        told.append(result_words.evaluation_loss(evaluation.change, evaluation.direction))
    if precision:
        best_step, best = job.best_step, job.best_map or 0
        told.append(result_words.mean_precision(precision.change, precision.direction, best_step, best))
    return tuple(told)
