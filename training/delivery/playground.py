"""What the Try it page needs to know to run a model in the browser."""

from dataclasses import dataclass
from typing import Any

from datasets.models import Frame
from datasets.services.gallery import COLORS
from detector.contract import model_variants
from training.insight.checkpoint_detections import evaluation_frames
from training.insight.thresholds import Threshold, threshold_of
from training.messages import model_words as messages
from training.models import ModelFile, TrainingJob
from training.services.selection import model_is_coming
from training.states import TERMINAL

FRAMES = 12


@dataclass(frozen=True)
class Playground:
    """`refusal`: why there is nothing to try yet, "" where there is; then the rest counts.

    `variants`: of the model's files, the default one first; one "" where the files have no names. `threshold`: the
    score to begin with. `frames`: the first evaluation frames, at most FRAMES.
    """

    refusal: str
    variants: list[str]
    threshold: Threshold | None
    labels: list[str]
    frames: list[Frame]

    @classmethod
    def of(cls, job: TrainingJob) -> "Playground":
        if refusal := _refusal(job):
            return cls(refusal, [], None, job.labels, [])
        return cls(
            refusal="",
            variants=[file.variant for file in _runnable(job)],
            threshold=threshold_of(job),
            labels=job.labels,
            frames=list(evaluation_frames(job)[:FRAMES]),
        )

    @property
    def settings(self) -> dict[str, Any]:
        """What the page's scripts are told: the place of a label is its number in the model's answers."""
        return {
            "labels": [{"name": name, "color": number % COLORS} for number, name in enumerate(self.labels)],
            "mean": model_variants.PIXEL_MEAN,
            "std": model_variants.PIXEL_STD,
        }


def _runnable(job: TrainingJob) -> list[ModelFile]:
    """The files that the browser can run, the default one first."""
    files = [file for file in job.model_files.all() if file.is_tflite]
    return sorted(files, key=lambda file: not file.is_default)


def _refusal(job: TrainingJob) -> str:
    if job.has_model:
        return ""
    if model_is_coming([job]):
        return messages.TRY_WHEN_PACKAGED
    if job.state in TERMINAL:
        return messages.NOTHING_TO_TRY
    return messages.TRY_AT_THE_END
