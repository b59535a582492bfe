"""Every metric by its name in ftc-ml: where it stands on a page, and what it means in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from detector.contract import spec

TOTAL_LOSS = "Loss/total_loss"

# What COCO's evaluation says of objects of a size that no evaluation frame has.
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
    Group.PRECISION: "How far its boxes can be trusted, on the evaluation frames. From 0 (nothing right) to 1.",
    Group.RECALL: "How many of the labeled objects it finds, on the evaluation frames. From 0 (nothing found) to 1.",
    Group.SPEED: "How it was trained; this says nothing about how good it is.",
    Group.OTHERS: "Numbers without an explanation yet.",
}


@dataclass(frozen=True)
class Metric:
    """`tag` is the name in ftc-ml. `higher_is_better` is None where neither is. `size`: of the objects counted."""

    tag: str
    group: Group
    title: str
    about: str
    log_scale: bool = False
    higher_is_better: bool | None = None
    size: str = ""

    def shown(self, value: float) -> float | None:
        """The value for people: None where it says that there is no such object, which is no measurement."""
        counts_objects = self.group in (Group.PRECISION, Group.RECALL)
        return None if counts_objects and value == NO_SUCH_OBJECT else value


def _loss(name: str, title: str, about: str) -> Metric:
    return Metric(f"Loss/{name}", Group.LOSSES, title, about, log_scale=True, higher_is_better=False)


def _precision(name: str, title: str, about: str, size: str = "") -> Metric:
    tag = f"DetectionBoxes_Precision/{name}"
    return Metric(tag, Group.PRECISION, title, about, higher_is_better=True, size=size)


def _recall(name: str, title: str, about: str, size: str = "") -> Metric:
    return Metric(f"DetectionBoxes_Recall/{name}", Group.RECALL, title, about, higher_is_better=True, size=size)


_SMALL, _MEDIUM, _LARGE = "32×32 pixels", "between 32×32 and 96×96 pixels", "96×96 pixels"

METRICS = (
    _loss(
        "total_loss",
        "Total loss",
        "All mistakes in one number. Training makes it fall. Where evaluation rises while training still falls, "
        "the model learns your frames by heart.",
    ),
    _loss(
        "classification_loss",
        "Classification loss",
        "How unsure or wrong it is about what a thing is: a cube taken for a ball, a piece of the wall for a cube.",
    ),
    _loss("localization_loss", "Localization loss", "How far its boxes are from the ones that you drew."),
    _loss(
        "regularization_loss",
        "Regularization loss",
        "A penalty for large numbers inside the model, which keeps it simple. It moves slowly.",
    ),
    _precision(
        "mAP",
        "mAP",
        "The school grade of a detector: right labels and boxes that fit, averaged over ten judges from easy to very "
        "strict. The checkpoint where it is highest becomes your model.",
    ),
    _precision("mAP@.50IOU", "mAP, easy judge", "A box counts as right when it overlaps yours by half or more."),
    _precision(
        "mAP@.75IOU", "mAP, strict judge", "A box counts as right only when it overlaps yours by three quarters."
    ),
    _precision("mAP (small)", "mAP, small objects", f"Only objects smaller than {_SMALL}.", "small"),
    _precision("mAP (medium)", "mAP, medium objects", f"Only objects {_MEDIUM}.", "medium"),
    _precision("mAP (large)", "mAP, large objects", f"Only objects larger than {_LARGE}.", "large"),
    _recall("AR@1", "Recall with 1 box", "How much it finds when it may draw one box for each label of a frame."),
    _recall("AR@10", "Recall with 10 boxes", "How much it finds when it may draw ten boxes for each label."),
    _recall("AR@100", "Recall with 100 boxes", "How much it finds when it may draw a hundred boxes for each label."),
    _recall("AR@100 (small)", "Recall, small objects", f"Only objects smaller than {_SMALL}.", "small"),
    _recall("AR@100 (medium)", "Recall, medium objects", f"Only objects {_MEDIUM}.", "medium"),
    _recall("AR@100 (large)", "Recall, large objects", f"Only objects larger than {_LARGE}.", "large"),
    Metric(
        "learning_rate",
        Group.SPEED,
        "Learning rate",
        "How big a change each step makes. It grows at first, then shrinks, so that the end is fine tuning.",
        log_scale=True,
    ),
    Metric(
        "steps_per_sec",
        Group.SPEED,
        "Steps in a second",
        "How fast the server trains. It dips while other work runs on the server.",
        higher_is_better=True,
    ),
)

MEAN_PRECISION = spec.MEAN_PRECISION

_BY_TAG = {metric.tag: metric for metric in METRICS}


def metric(tag: str) -> Metric:
    """What is known of the metric; one that nobody has described yet is named by its tag."""
    return _BY_TAG.get(tag) or Metric(tag, Group.OTHERS, tag, "")


def by_group(tags: Iterable[str] = ()) -> dict[Group, list[Metric]]:
    """All metrics, and those of `tags` that nobody has described, in the pages' order; no group without one."""
    unknown = [metric(tag) for tag in sorted(set(tags) - _BY_TAG.keys())]
    every = [*METRICS, *unknown]
    groups = {group: [one for one in every if one.group == group] for group in Group}
    return {group: members for group, members in groups.items() if members}
