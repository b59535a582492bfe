"""The score from which the detections of a model file should count."""

from dataclasses import dataclass

from detector.contract.stored import StoredSummary
from training.models import ModelFile, TrainingJob

# Where none was measured: in the middle, to be moved by what the team sees.
USUAL = 0.5
# The exported model tells of nothing below.
_LEAST = 0.01


@dataclass(frozen=True)
class Threshold:
    """`value`: 0 to 1, in hundredths. `step`: of the checkpoint; not measured: the usual value."""

    value: float
    step: int
    is_measured: bool

    @property
    def text(self) -> str:
        """As programs and people write it."""
        return f"{self.value:.2f}"


def threshold_of(job: TrainingJob, variant: str = "") -> Threshold:
    """What was measured on the checkpoint that the file is of, which balances precision and recall."""
    step = job.steps_completed if variant == ModelFile.NEWEST else job.model_step
    summary: StoredSummary | None = job.checkpoints.filter(step=step).values_list("summary", flat=True).first()
    measured = summary["threshold"] if summary else None
    if measured is None:
        return Threshold(USUAL, step, is_measured=False)
    return Threshold(max(_LEAST, round(measured, 2)), step, is_measured=True)
