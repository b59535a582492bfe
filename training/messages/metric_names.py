"""Every metric by its name in ftc-ml: what the field calls it, what it means, and where it stands on a page.

Pages, tables and the API take the names from here alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from detector.contract import reports
from detector.contract.checkpoints import MAY_BE_NOISE

TOTAL_LOSS = "Loss/total_loss"

# What COCO's evaluation gives for objects of a size that no evaluation frame has.
NO_SUCH_OBJECT = -1.0


class Group(StrEnum):
    """What a metric is about; the order is the pages'."""

    LOSSES = "Losses"
    PRECISION = "Precision"
    RECALL = "Recall"
    SPEED = "Speed"
    OTHERS = "Others"


ABOUT_GROUPS = {
    Group.LOSSES: "How wrong the model is. Lower is better.",
    Group.PRECISION: "How many of its boxes are right on the evaluation frames, from 0 (none) to 1 (all).",
    Group.RECALL: "How many of the objects it finds on the evaluation frames, from 0 (none) to 1 (all).",
    Group.SPEED: "How the training went. It says nothing about accuracy.",
    Group.OTHERS: "Other numbers from the trainer.",
}


@dataclass(frozen=True)
class Metric:
    """`tag` is the name in ftc-ml, `title` the field's name, `plain` the same in plain words.

    `higher_is_better` is None where neither is. `size`: of the objects counted.
    """

    tag: str
    group: Group
    title: str
    plain: str
    about: str
    log_scale: bool = False
    higher_is_better: bool | None = None
    size: str = ""

    @property
    def is_share(self) -> bool:
        """Whether the value lies between 0 and 1."""
        return self.group in (Group.PRECISION, Group.RECALL)

    def shown(self, value: float) -> float | None:
        """Return the value for people: None where it says that there is no such object, which measures nothing."""
        return None if self.is_share and value == NO_SUCH_OBJECT else value


def _loss(name: str, title: str, plain: str, about: str) -> Metric:
    return Metric(f"Loss/{name}", Group.LOSSES, title, plain, about, log_scale=True, higher_is_better=False)


def _precision(name: str, title: str, plain: str, about: str, size: str = "") -> Metric:
    tag = f"DetectionBoxes_Precision/{name}"
    return Metric(tag, Group.PRECISION, title, plain, about, higher_is_better=True, size=size)


def _recall(name: str, title: str, plain: str, about: str, size: str = "") -> Metric:
    tag = f"DetectionBoxes_Recall/{name}"
    return Metric(tag, Group.RECALL, title, plain, about, higher_is_better=True, size=size)


_SMALL, _MEDIUM, _LARGE = "32×32 pixels", "between 32×32 and 96×96 pixels", "96×96 pixels"

METRICS = (
    _loss(
        "total_loss",
        "Total loss",
        "all mistakes in one number",
        "Training makes it fall. If evaluation rises while training falls, the model memorizes your frames.",
    ),
    _loss(
        "classification_loss",
        "Classification loss",
        "wrong labels",
        "How unsure or wrong it is about what a thing is, such as calling a cube a ball.",
    ),
    _loss("localization_loss", "Localization loss", "boxes that don't fit", "How far its boxes are from yours."),
    _loss(
        "regularization_loss",
        "Regularization loss",
        "how complicated it is",
        "A penalty for large numbers inside the model, which keeps it simple. It moves slowly.",
    ),
    _precision(
        "mAP",
        "mAP",
        "strict accuracy, average from loose to tight fit",
        "The average of ten measures: a box must overlap yours by 50%, then 55%, and so on up to 95%. The newest "
        f"checkpoint within {MAY_BE_NOISE:g} of the highest mAP becomes your model.",
    ),
    _precision("mAP@.50IOU", "mAP@.50", "accuracy", "A box counts as right if it overlaps yours by half or more."),
    _precision(
        "mAP@.75IOU", "mAP@.75", "strict accuracy, tight fit", "A box counts as right only if it overlaps yours by 75%."
    ),
    _precision("mAP (small)", "mAP (small)", "small objects", f"Only objects smaller than {_SMALL}.", "small"),
    _precision("mAP (medium)", "mAP (medium)", "medium objects", f"Only objects {_MEDIUM}.", "medium"),
    _precision("mAP (large)", "mAP (large)", "large objects", f"Only objects larger than {_LARGE}.", "large"),
    _recall(
        "AR@1", "AR@1", "found with 1 box", "How many objects it finds with at most 1 box for each label of a frame."
    ),
    _recall("AR@10", "AR@10", "found with 10 boxes", "How many objects it finds with at most 10 boxes for each label."),
    _recall(
        "AR@100", "AR@100", "found with 100 boxes", "How many objects it finds with at most 100 boxes for each label."
    ),
    _recall("AR@100 (small)", "AR@100 (small)", "small objects", f"Only objects smaller than {_SMALL}.", "small"),
    _recall("AR@100 (medium)", "AR@100 (medium)", "medium objects", f"Only objects {_MEDIUM}.", "medium"),
    _recall("AR@100 (large)", "AR@100 (large)", "large objects", f"Only objects larger than {_LARGE}.", "large"),
    Metric(
        "learning_rate",
        Group.SPEED,
        "Learning rate",
        "size of each change",
        "It grows at first, then shrinks for the fine tuning at the end.",
        log_scale=True,
    ),
    Metric(
        "steps_per_sec",
        Group.SPEED,
        "Steps per second",
        "training speed",
        "It dips while the server does other work.",
        higher_is_better=True,
    ),
)

MEAN_PRECISION = reports.MEAN_PRECISION
MEAN_PRECISION_AT_50 = "DetectionBoxes_Precision/mAP@.50IOU"

_BY_TAG = {metric.tag: metric for metric in METRICS}


def metric(tag: str) -> Metric:
    """Return what is known of the metric; one without a description is named by its tag."""
    return _BY_TAG.get(tag) or Metric(tag, Group.OTHERS, tag, "", "")


# The graphs to look at first.
FIRST = (metric(TOTAL_LOSS), metric(MEAN_PRECISION))


def by_group(tags: Iterable[str] = ()) -> dict[Group, list[Metric]]:
    """Return all metrics, and those of `tags` without a description, in the pages' order; no group without one."""
    unknown = [metric(tag) for tag in sorted(set(tags) - _BY_TAG.keys())]
    every = [*METRICS, *unknown]
    groups = {group: [one for one in every if one.group == group] for group in Group}
    return {group: members for group, members in groups.items() if members}
