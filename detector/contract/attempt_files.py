"""The files in an attempt's folder, through which the supervisor and a trainer speak. Pure Python, no TensorFlow.

    attempt-000001/
      job.json                  JobSpec: all that training needs, written by the supervisor
      recipe.json               the recipe in force (recipe.py), for people
      label-starts.json         what each label starts from, as the source of the weights calls it: label -> names
      progress.json             Progress: rewritten about once a second by the trainer
      checkpoint-000100/        the files of a checkpoint (a TensorFlow checkpoint named `model`): newest and best stay
      step-000100.json          StepReport: written last, so its presence means that the checkpoint is whole
      detections-000100.json.gz the detections on the evaluation frames, named by the StepReport; see stored.py
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
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from detector.contract.model_variants import Agreement, Variant
from detector.contract.reports import Progress, Result, StepReport
from detector.contract.spec import JobSpec

JOB = "job.json"
RECIPE = "recipe.json"
LABEL_STARTS = "label-starts.json"
PROGRESS = "progress.json"
RESULT = "result.json"
MODEL = "model-float32.tflite"
NEWEST_MODEL = "model-newest.tflite"
MODELS = "variants.json"
LOG = "trainer.log"
CHECKPOINT_FILES = "model"
ATTEMPT = "attempt-"

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
