"""Has it trained enough? What the curves of a job say, with the numbers behind it and what to do next.

The rule, on one value a checkpoint:

1. Only the end counts: the last third of the checkpoints, and at least six of them. With fewer it is too early.
2. A curve moves there when both are true: more pairs of its points are in that order than chance makes of noise in one
   of twenty tries (the trend test of Mann and Kendall), and it changes (by the slope of Theil and Sen, the median of
   the slopes of all pairs) by at least a tenth of the span of the middle half of all its values.
3. The evaluation loss rises while the training loss falls: overtraining. Else, the evaluation loss falls or the mAP
   rises: still improving. Else: settled.

Both tests look at order and at medians, so single points that jump out do not decide, and at differences alone, so a
constant that is added to every loss changes nothing. docs/graphs.md tells where the ideas come from.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import median, quantiles

from training.insight import metric_names
from training.models import MetricPoint, TrainingJob
from training.states import ALIVE

FEWEST_POINTS = 6
LEAST_CHANGE = 0.1
_ONE_IN_TWENTY = 1.645  # standard deviations, on one side

_STEP_MULTIPLE = 100
_FEWEST_MORE_STEPS, _MOST_MORE_STEPS = 200, 2000


class Finding(StrEnum):
    TOO_EARLY = "too early to say"
    NO_EVALUATION = "no evaluation"
    IMPROVING = "still improving"
    SETTLED = "settled"
    OVERTRAINING = "overtraining"


TITLES = {
    Finding.TOO_EARLY: "Too early to say",
    Finding.NO_EVALUATION: "Nobody can say: there is no evaluation",
    Finding.IMPROVING: "No: it is still improving",
    Finding.SETTLED: "Yes: it has settled",
    Finding.OVERTRAINING: "Too much: it is overtraining",
}


@dataclass(frozen=True)
class Trend:
    """How a curve moves over its last points. `change`: over all of them, in the curve's unit."""

    points: int
    change: float
    direction: int  # 1 rises, -1 falls, 0 neither


@dataclass(frozen=True)
class Verdict:
    """`evidence`: sentences with the numbers. `advice`: one sentence, what to do next. Trends: None without the curve.

    `checkpoints`: how many were looked at. `best_step`: of the checkpoint with the highest mAP; None without one.
    """

    finding: Finding
    evidence: tuple[str, ...]
    advice: str
    checkpoints: int
    best_step: int | None = None
    train_loss: Trend | None = None
    eval_loss: Trend | None = None
    mean_precision: Trend | None = None

    @property
    def title(self) -> str:
        return TITLES[self.finding]


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


def verdict_of(job: TrainingJob) -> Verdict:
    """What the job's own curves say, without those of the models that it goes on from. One query."""
    train, evaluation, precision = _curves(job)
    finding = judge(train, evaluation, precision)
    of_train, of_evaluation, of_precision = (
        trend(curve) if len(curve) >= FEWEST_POINTS else None for curve in (train, evaluation, precision)
    )
    return Verdict(
        finding=finding,
        evidence=_evidence(len(train), of_train, of_evaluation, of_precision, job),
        advice=_advice(job, finding, len(train)),
        checkpoints=len(train),
        best_step=job.best_step or None,
        train_loss=of_train,
        eval_loss=of_evaluation,
        mean_precision=of_precision,
    )


def _curves(job: TrainingJob) -> tuple[list[float], list[float], list[float]]:
    """Training loss, evaluation loss and mAP, the oldest first."""
    train: list[float] = []
    evaluation: list[float] = []
    precision: list[float] = []
    of: dict[tuple[str, str], list[float]] = {
        (MetricPoint.Split.TRAIN, metric_names.TOTAL_LOSS): train,
        (MetricPoint.Split.EVAL, metric_names.TOTAL_LOSS): evaluation,
        (MetricPoint.Split.EVAL, metric_names.MEAN_PRECISION): precision,
    }
    points = job.metric_points.filter(tag__in=[metric_names.TOTAL_LOSS, metric_names.MEAN_PRECISION])
    for split, tag, value in points.order_by("step").values_list("split", "tag", "value"):
        shown = metric_names.metric(tag).shown(value)
        if shown is not None and (split, tag) in of:
            of[split, tag].append(shown)
    return train, evaluation, precision


def _evidence(
    checkpoints: int, train: Trend | None, evaluation: Trend | None, precision: Trend | None, job: TrainingJob
) -> tuple[str, ...]:
    if not train:
        return (f"There {_are(checkpoints)} so far; it takes {FEWEST_POINTS} to tell a trend from chance.",)
    told = [f"Over the last {train.points} checkpoints the training loss {_moved(train)}."]
    if evaluation:
        told.append(f"The evaluation loss {_moved(evaluation)}.")
    if precision:
        told.append(f"The mAP {_moved(precision)}; it was highest at step {job.best_step:,} ({job.best_map or 0:.2f}).")
    return tuple(told)


def _are(checkpoints: int) -> str:
    return "is 1 checkpoint" if checkpoints == 1 else f"are {checkpoints} checkpoints"


def _moved(of: Trend) -> str:
    size = f"{abs(of.change):.2g}"
    if of.direction:
        return f"{'rose' if of.direction > 0 else 'fell'} by {size}"
    return "did not move" if float(size) == 0 else f"did not clearly move (by {size})"


def _advice(job: TrainingJob, finding: Finding, checkpoints: int) -> str:
    if job.state in ALIVE:
        return _ADVICE_WHILE_TRAINING[finding]
    if finding == Finding.TOO_EARLY:
        missing = max(_FEWEST_MORE_STEPS, (FEWEST_POINTS - checkpoints) * _STEP_MULTIPLE)
        return f"Press More Training for about {missing:,} more steps." if checkpoints else "Start a new training."
    if finding == Finding.IMPROVING:
        return f"Press More Training for about {_more_steps(job):,} more steps."
    if finding == Finding.NO_EVALUATION:
        return "Train with a dataset that keeps some frames for evaluation; until then, try the model on a robot."
    if finding == Finding.SETTLED:
        return f"Download {_best(job)}; for a better model add pictures of what it misses, not steps."
    return f"Download {_best(job)}, and add pictures from other places and in other light before you train again."


_ADVICE_WHILE_TRAINING = {
    Finding.TOO_EARLY: "Wait for the next checkpoints.",
    Finding.NO_EVALUATION: "Let it train its steps, then try the model on a robot; the next dataset should keep some "
    "frames for evaluation.",
    Finding.IMPROVING: "Let it train on.",
    Finding.SETTLED: "You may press Stop Training and save your minutes: the best checkpoint is kept.",
    Finding.OVERTRAINING: "Press Stop Training: more steps make it worse, and the best checkpoint is kept.",
}


def _best(job: TrainingJob) -> str:
    return f"step {job.best_step:,}, the best" if job.best_step else f"step {job.steps_completed:,}, the newest"


def _more_steps(job: TrainingJob) -> int:
    """Half as many as this job has trained, in whole hundreds."""
    half = (job.steps_completed - job.first_step) / 2
    rounded = math.ceil(half / _STEP_MULTIPLE) * _STEP_MULTIPLE
    return min(max(rounded, _FEWEST_MORE_STEPS), _MOST_MORE_STEPS)
