"""Compare two models: their numbers, and what the best checkpoint of each finds on the evaluation frames they share."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import QuerySet

from detector.contract.stored import StoredFrame, StoredTruth
from training.insight import checkpoint_detections
from training.insight.checkpoint_detections import NotReadable
from training.insight.checkpoint_images import MOST_FRAMES, EvaluationFrame, colors
from training.insight.headline import Headline, headlines
from training.insight.thresholds import USUAL
from training.insight.verdict import verdicts
from training.messages import result_words as messages
from training.models import TrainingJob


@dataclass(frozen=True)
class Number:
    """One row of the table: the value of each model, None where it wasn't measured, and which one is better."""

    values: tuple[float | None, float | None]
    higher_is_better: bool

    @property
    def better(self) -> int | None:
        """Return the place of the better model, None where neither is."""
        one, other = self.values
        if one is None or other is None or one == other:
            return None
        return int((other > one) == self.higher_is_better)


@dataclass(frozen=True)
class Box:
    """A box as js/shared/boxes.js draws it: `score` and `mistake` are words, "" for none."""

    label: str
    box: list[float]
    color: int
    score: str
    mistake: str


@dataclass(frozen=True)
class Side:
    """What one model does with a frame, from its suggested minimum confidence on."""

    missed: int
    wrong_labels: int
    false_alarms: int
    boxes: list[Box]

    @property
    def mistakes(self) -> int:
        return self.missed + self.wrong_labels + self.false_alarms


@dataclass(frozen=True)
class ComparedFrame:
    frame: EvaluationFrame
    sides: tuple[Side, Side]

    @property
    def difference(self) -> int:
        """Return how many mistakes more one model makes than the other."""
        return abs(self.sides[0].mistakes - self.sides[1].mistakes)


@dataclass(frozen=True)
class Comparison:
    """`frames`: those that both were measured on, the largest difference first. `why_none`: "" where there are some."""

    jobs: tuple[TrainingJob, TrainingJob]
    headlines: tuple[Headline | None, Headline | None]
    numbers: dict[str, Number]
    frames: list[ComparedFrame]
    why_none: str

    @classmethod
    def of(cls, first: TrainingJob, second: TrainingJob) -> "Comparison":
        known = headlines([first, second])
        pair = known.get(first.pk), known.get(second.pk)
        frames, why_none = [], ""
        try:
            frames = _frames((first, second), pair)
        except NotReadable as reason:
            why_none = str(reason)
        return cls((first, second), pair, _numbers(first, second, pair), frames, why_none)


def comparable(job: TrainingJob) -> QuerySet[TrainingJob]:
    """Return the team's other models that were measured on frames of the same datasets, the newest first."""
    measured = TrainingJob.objects.with_results().filter(team=job.team_id, best_checkpoint__detections_name__gt="")
    return measured.filter(datasets__in=job.datasets.all()).exclude(pk=job.pk).distinct()


def _numbers(
    first: TrainingJob, second: TrainingJob, known: tuple[Headline | None, Headline | None]
) -> dict[str, Number]:
    judged = verdicts([first, second])
    found = tuple(one.objects.found / one.objects.there if one and one.objects.there else None for one in known)
    alarms = tuple(float(one.objects.false_alarms) if one else None for one in known)
    return {
        "found": Number((found[0], found[1]), higher_is_better=True),
        "false_alarms": Number((alarms[0], alarms[1]), higher_is_better=False),
        "map": Number((first.best_map, second.best_map), higher_is_better=True),
        "ap50": Number((judged[first.pk].best_ap50, judged[second.pk].best_ap50), higher_is_better=True),
        "latency": Number((_latency(first), _latency(second)), higher_is_better=False),
    }


def _latency(job: TrainingJob) -> float | None:
    return job.default_file.latency_ms if job.default_file else None


def _frames(
    jobs: tuple[TrainingJob, TrainingJob], known: tuple[Headline | None, Headline | None]
) -> list[ComparedFrame]:
    """Raise NotReadable where a model has no boxes to show, or the two share no frame."""
    first, second = (_found(job) for job in jobs)
    shared = [
        (frame, stored, second[frame.frame_id][1]) for frame, stored in first.values() if frame.frame_id in second
    ]
    if not shared:
        raise NotReadable(messages.NO_FRAME_IN_COMMON)
    color_of = colors(list(dict.fromkeys([*jobs[0].labels, *jobs[1].labels])))
    least = [one.threshold if one else USUAL for one in known]
    compared = [
        ComparedFrame(frame, (_side(one, least[0], color_of), _side(other, least[1], color_of)))
        for frame, one, other in shared
    ]
    return sorted(compared, key=lambda one: (-one.difference, -one.sides[0].mistakes))


def _found(job: TrainingJob) -> dict[int, tuple[EvaluationFrame, StoredFrame]]:
    """Return what the best checkpoint found, by the frame's id."""
    checkpoint = job.best_checkpoint
    if checkpoint is None:
        raise NotReadable(messages.not_measured(str(job)))
    stored = checkpoint_detections.detections(checkpoint)["frames"][:MOST_FRAMES]
    rows = checkpoint_detections.evaluation_frames(job)[: len(stored)]
    values = rows.values_list("dataset_id", "pk", "filename", "width", "height")
    return {
        pk: (EvaluationFrame(str(dataset), pk, PurePosixPath(name).name, width, height), one)
        for (dataset, pk, name, width, height), one in zip(values, stored, strict=True)
    }


def _side(frame: StoredFrame, least: float, color_of: dict[str, int]) -> Side:
    counted = [one for one in frame["detections"] if one["score"] >= least]
    missed = [truth for truth in frame["truths"] if _is_missed(truth, least)]
    kinds = [one["kind"] for one in counted]
    boxes = [
        Box(one["label"], one["box"], color_of[one["label"]], f"{one['score']:.2f}", _mistake(one["kind"]))
        for one in reversed(counted)  # the surest is drawn last, over the others
    ]
    lost = [Box(truth["label"], truth["box"], color_of[truth["label"]], "", "missed") for truth in missed]
    return Side(len(missed), kinds.count("wrong label"), kinds.count("false alarm"), [*lost, *boxes])


def _is_missed(truth: StoredTruth, least: float) -> bool:
    is_seen_as_another = truth["seen_as"] != "" and truth["seen_as_score"] >= least
    return truth["score"] < least and not is_seen_as_another


def _mistake(kind: str) -> str:
    return "" if kind == "right" else kind
