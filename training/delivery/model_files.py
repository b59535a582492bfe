"""The files of a job's model, one a row, and which of them is downloaded by default and why."""

from dataclasses import dataclass

from detector.contract import model_variants
from detector.contract.suppression import DEFAULT_IOU
from training.messages import model_words as messages
from training.models import ModelFile, TrainingJob


@dataclass(frozen=True)
class ModelRow:
    """`points_lost`: of mAP@.50 against float32, in hundredths; None where it was not measured."""

    file: ModelFile
    about: str
    points_lost: float | None

    @property
    def mark(self) -> str:
        """Why the file is marked, "" where it is not."""
        return messages.less_accurate(self.points_lost) if self.file.less_accurate else ""


@dataclass(frozen=True)
class ModelTable:
    """`checkpoint`: a sentence that says which one the files are of."""

    rows: list[ModelRow]
    checkpoint: str

    @classmethod
    def of(cls, job: TrainingJob) -> "ModelTable":
        files = list(job.model_files.all())
        float32 = next((file for file in files if file.variant == model_variants.FLOAT32), None)
        rows = [ModelRow(file, messages.VARIANTS.get(file.variant, ""), _points_lost(file, float32)) for file in files]
        return cls(rows, _checkpoint(job))

    @property
    def why(self) -> str:
        """Which file Download Model gives."""
        default = next((row.file for row in self.rows if row.file.is_default), None)
        if default is None:
            return messages.DEFAULT_LOST
        if default.latency_ms is None:
            return messages.only_one(default.variant)
        if default.ap50 is None:
            return messages.without_objects(default.variant)
        return messages.fastest(default.variant, 100 * model_variants.MAY_LOSE)

    @property
    def missing(self) -> str:
        """What is said of a file that the model does not have, "" where it has all."""
        there = any(row.file.variant == model_variants.LIMELIGHT for row in self.rows)
        return "" if there else messages.NO_LIMELIGHT_FILE

    @property
    def gives(self) -> str:
        """What the default file, or else the first, leaves out of what the model sees."""
        file = next((row.file for row in self.rows if row.file.is_default), self.rows[0].file)
        gives = messages.what_files_give(file.job.max_detections, file.nms_percent)
        is_chosen = file.nms_iou != DEFAULT_IOU
        return f"{gives} {messages.better_than_usual(round(100 * DEFAULT_IOU))}" if is_chosen else gives

    @property
    def measured_on(self) -> str:
        """The frames behind the numbers, "" where there are none."""
        file = self.rows[0].file
        return f"{file.frames} {file.compared_on} frames" if file.frames else ""


def _checkpoint(job: TrainingJob) -> str:
    if not job.model_step:
        return ""
    if job.model_step == job.best_step:
        return messages.best_step(job.model_step)
    if job.best_step:
        return messages.best_was_lost(job.model_step, job.best_step)
    return messages.newest_step(job.model_step)


def _points_lost(file: ModelFile, float32: ModelFile | None) -> float | None:
    if float32 is None or float32.ap50 is None or file.ap50 is None:
        return None
    return 100 * (float32.ap50 - file.ap50)
