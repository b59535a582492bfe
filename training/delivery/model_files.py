"""The files of a job's model, one a row, and which of them is downloaded by default and why."""

from dataclasses import dataclass

from detector.contract import spec, variant_choice
from training.models import ModelFile, TrainingJob

_NAMES = {
    spec.FLOAT32: "as trained, 32-bit numbers",
    "float16": "16-bit weights",
    "dynamic": "8-bit weights",
    "int8": "8-bit weights and calculations",
    ModelFile.NEWEST: "the newest checkpoint as trained, 32-bit numbers, not measured",
}


@dataclass(frozen=True)
class ModelRow:
    """`points_lost`: of mAP@.50 against float32, in hundredths; None where it was not measured."""

    file: ModelFile
    about: str
    points_lost: float | None

    @property
    def mark(self) -> str:
        """Why the file is marked, "" where it is not."""
        return f"less accurate: loses {self.points_lost:.1f} points of mAP@.50" if self.file.less_accurate else ""


@dataclass(frozen=True)
class ModelTable:
    """`checkpoint`: a sentence that says which one the files are of."""

    rows: list[ModelRow]
    checkpoint: str

    @classmethod
    def of(cls, job: TrainingJob) -> "ModelTable":
        files = list(job.model_files.all())
        float32 = next((file for file in files if file.variant == spec.FLOAT32), None)
        rows = [ModelRow(file, _NAMES.get(file.variant, ""), _points_lost(file, float32)) for file in files]
        return cls(rows, _checkpoint(job))

    @property
    def why(self) -> str:
        """Which file Download Model gives."""
        default = next((row.file for row in self.rows if row.file.is_default), None)
        if default is None:
            return "The file for Download Model was lost. We're making it again from its checkpoint."
        begin = f"Download Model gives you {default.variant}"
        if default.latency_ms is None:
            return f"{begin}: the others weren't made."
        if default.ap50 is None:
            return f"{begin}: no evaluation frame has an object to measure the others with."
        most = 100 * variant_choice.MAY_LOSE
        return f"{begin}: the fastest one that loses at most {most:g} point of mAP@.50."

    @property
    def measured_on(self) -> str:
        """The frames behind the numbers, "" where there are none."""
        file = self.rows[0].file
        return f"{file.frames} {file.compared_on} frames" if file.frames else ""


def _checkpoint(job: TrainingJob) -> str:
    if not job.model_step:
        return ""
    if job.model_step == job.best_step:
        return f"Your model is step {job.model_step:,}, the best checkpoint on the evaluation frames."
    if job.best_step:
        return (
            f"Your model is step {job.model_step:,}, the newest checkpoint. "
            f"The files of the best one, step {job.best_step:,}, were lost."
        )
    return f"Your model is step {job.model_step:,}, the newest checkpoint. None was measured on evaluation frames."


def _points_lost(file: ModelFile, float32: ModelFile | None) -> float | None:
    if float32 is None or float32.ap50 is None or file.ap50 is None:
        return None
    return 100 * (float32.ap50 - file.ap50)
