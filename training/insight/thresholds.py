"""The suggested minimum confidence: the confidence from which the boxes of a model file should count."""

from dataclasses import dataclass

from detector.contract.stored import StoredSummary
from training.models import ModelFile, TrainingJob

# Where none was measured: in the middle, to be moved by what the team sees.
USUAL = 0.5
# The exported model reports nothing below.
_LEAST = 0.01


def shown(measured: float) -> float:
    """Return a measured threshold as programs and people write it: in hundredths."""
    return max(_LEAST, round(measured, 2))


@dataclass(frozen=True)
class Threshold:
    """`value`: 0 to 1, in hundredths; the usual one where it was not measured. `step`: of the checkpoint."""

    value: float
    step: int
    is_measured: bool

    @property
    def text(self) -> str:
        """As programs and people write it."""
        return f"{self.value:.2f}"


def threshold_of(job: TrainingJob, variant: str = "") -> Threshold:
    """Return the threshold of the file's checkpoint, which balances precision and recall."""
    step = job.steps_completed if variant == ModelFile.NEWEST else job.model_step
    summary: StoredSummary | None = job.checkpoints.filter(step=step).values_list("summary", flat=True).first()
    measured = summary["threshold"] if summary else None
    if measured is None:
        return Threshold(USUAL, step, is_measured=False)
    return Threshold(shown(measured), step, is_measured=True)
