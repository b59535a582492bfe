"""What the Results page shows of a checkpoint's summary (detector/contract/reports.py, Summary)."""

from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from detector.contract.reports import LabelResult
from detector.contract.stored import StoredSummary
from ftcml.core.requests.parameters import whole_number
from training.insight import checkpoint_detections
from training.insight.checkpoint_images import colors
from training.messages import result_words as messages
from training.models import Checkpoint, TrainingJob

# Shades of a cell of the confusion matrix, from none to all objects of its row.
_SHADES = 4


@dataclass(frozen=True)
class LabelRow:
    """One label, or all of them together. `color` numbers a CSS class, None for all of them."""

    label: str
    color: int | None
    objects: int
    ap50: float | None
    ap: float | None
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class Cell:
    """A count of the confusion matrix. `shade`: 0 for nothing, up to 4 for all of its row."""

    count: int
    kind: Literal["right", "mistake", "none"]
    shade: int


@dataclass(frozen=True)
class ConfusionRow:
    """`label`: what was labeled; "" for the row of what was found where nothing is."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Results:
    """`curves`: label -> points [score, precision, recall], "" for all labels together. `counted`: what of all that the
    model sees was counted, "" where an earlier version didn't say.
    """

    step: int
    threshold: float | None
    everything: LabelRow
    labels: list[LabelRow]
    confusion: list[ConfusionRow]
    curves: dict[str, list[list[float]]]
    counted: str

    @classmethod
    def of(cls, job: TrainingJob, checkpoint: Checkpoint) -> "Results":
        """What a checkpoint is worth that has a summary."""
        summary = checkpoint.summary
        assert summary
        results = [LabelResult(**label) for label in summary["labels"]]
        return cls(
            step=checkpoint.step,
            threshold=summary["threshold"],
            everything=LabelRow(
                "", None, sum(result.objects for result in results), _mean([result.ap50 for result in results]),
                _mean([result.ap for result in results]), summary["precision"], summary["recall"],
            ),
            labels=_label_rows(results, colors(job.labels)),
            confusion=_confusion_rows([result.label for result in results], summary["confusion"]),
            curves=_curves(summary, results),
            counted=_counted(summary),
        )  # fmt: skip


def _counted(summary: StoredSummary) -> str:
    most, overlap = summary.get("max_detections"), summary.get("nms_iou")
    return "" if most is None or overlap is None else messages.counted_as_the_file(most, round(100 * overlap))


def steps(job: TrainingJob) -> list[int]:
    """The steps that there are results of, the newest first."""
    return list(job.checkpoints.with_summary().order_by("-step").values_list("step", flat=True))


def chosen(job: TrainingJob, step: str) -> Checkpoint | None:
    """The checkpoint of that step, else the best one, else the newest with results; None where none has any."""
    measured = job.checkpoints.with_summary()
    number = whole_number(step)
    asked = None if number is None else measured.filter(step=number).first()
    return asked or checkpoint_detections.best_or_newest(job, measured)


def why_none(job: TrainingJob) -> str:
    """Why there are no results, as a sentence that says what to do; for a job without any."""
    return checkpoint_detections.why_none(job) or messages.NOT_COUNTED


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _curves(summary: StoredSummary, results: list[LabelResult]) -> dict[str, list[list[float]]]:
    """The curves that have points, with what the tables say of the advised threshold as a point of its own."""
    everything = {"": (summary["curve"], summary["precision"], summary["recall"])}
    by_label = everything | {one.label: (one.curve, one.precision, one.recall) for one in results}
    return {
        label: _with_point(curve, summary["threshold"], precision, recall)
        for label, (curve, precision, recall) in by_label.items()
        if curve
    }


def _with_point(
    curve: list[list[float]], threshold: float | None, precision: float | None, recall: float | None
) -> list[list[float]]:
    """The curve with a point at the threshold; the curve as it is where nothing is known there."""
    if threshold is None or precision is None or recall is None:
        return curve
    return sorted([*curve, [threshold, precision, recall]], key=lambda point: -point[0])


def _label_rows(results: list[LabelResult], color_of: dict[str, int]) -> list[LabelRow]:
    return [
        LabelRow(one.label, color_of[one.label], one.objects, one.ap50, one.ap, one.precision, one.recall)
        for one in results
    ]


def _confusion_rows(labels: list[str], counts: list[list[int]]) -> list[ConfusionRow]:
    return [
        ConfusionRow(label, [_cell(number, place, row, len(labels)) for place in range(len(row))])
        for number, (label, row) in enumerate(zip([*labels, ""], counts, strict=True))
    ]


def _cell(number: int, place: int, row: list[int], labels: int) -> Cell:
    """The cell at `place` of the row of that number; the last of the last row can have no count."""
    if number == place == labels:
        return Cell(0, "none", 0)
    share = row[place] / max(1, sum(row))
    return Cell(row[place], "right" if number == place else "mistake", -int(-share * _SHADES // 1))
