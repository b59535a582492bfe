"""Metrics of a job as a trainer would have published them."""

import math
import random
from collections.abc import Iterable

from tests.factories import add_best
from training.messages import metric_names
from training.messages.metric_names import Group
from training.models import Checkpoint, MetricPoint, TrainingJob

LOSSES = [metric.tag for metric in metric_names.METRICS if metric.group == Group.LOSSES]
MEASURED_ON_FRAMES = [metric.tag for metric in metric_names.METRICS if metric.group in (Group.PRECISION, Group.RECALL)]
TRAIN_TAGS = [*LOSSES, "learning_rate", "steps_per_sec"]
EVAL_TAGS = [*MEASURED_ON_FRAMES, *LOSSES]


def publish(job: TrainingJob, steps: Iterable[int], seed: int = 1) -> None:
    """A checkpoint with every metric at each of `steps`: losses that fall, precision and recall that rise, and noise.

    No evaluation frame has a small object.
    """
    steps, chance = list(steps), random.Random(seed)
    Checkpoint.objects.bulk_create(Checkpoint(job=job, step=step, lease_number=1) for step in steps)
    MetricPoint.objects.bulk_create(
        MetricPoint(job=job, split=split, tag=tag, step=step, value=_value(tag, split, step, chance))
        for step in steps
        for split, tags in (("train", TRAIN_TAGS), ("eval", EVAL_TAGS))
        for tag in tags
    )
    job.steps_completed = steps[-1]
    job.save()
    if best := 100 * ((steps[-1] - job.first_step) // 200):
        add_best(job, job.first_step + best, 0.6)


def _value(tag: str, split: str, step: int, chance: random.Random) -> float:
    if "small" in tag:
        return metric_names.NO_SUCH_OBJECT
    noise = chance.gauss(0, 0.02)
    if tag in LOSSES:
        return math.exp(-step / 1500) + (0.3 if split == "eval" else 0.15) + noise
    if tag in MEASURED_ON_FRAMES:
        return 0.7 - 0.7 * math.exp(-step / 1200) + noise
    return 0.001 + step / 1e6
