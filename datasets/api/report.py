"""What an inspection found, as the API tells it."""

from dataclasses import dataclass

from datasets.inspection import inspecting
from datasets.inspection.advice import Advice, advice
from datasets.inspection.findings import Inspection
from datasets.models import Dataset
from datasets.services.gallery import FramePair, frame_pairs
from ftcml.core.pictures.object_sizes import INPUT_SIDE, SIZE_STEPS, SMALLEST_SIDE


@dataclass(frozen=True)
class Report:
    """Of a READY dataset. Where `ready` is false `frames_looked_at` says how far it is, and the rest is empty."""

    ready: bool
    frames_looked_at: int
    sizes: dict[str, list[int]]
    near_duplicate_pairs: int
    near_duplicate_frames: int
    near_duplicates: list[FramePair]
    warnings: list[Advice]
    input_side: int = INPUT_SIDE
    smallest_side: int = SMALLEST_SIDE
    size_steps: tuple[int, ...] = SIZE_STEPS

    @classmethod
    def of(cls, dataset: Dataset) -> "Report":
        inspection = Inspection.of(dataset)
        looked_at = inspecting.looked_at(dataset)
        if inspection is None:
            return cls(False, looked_at, {}, 0, 0, [], [])
        found = inspection.near_duplicates
        named, warnings = frame_pairs(dataset, inspection), advice(dataset, inspection)
        return cls(True, looked_at, inspection.sizes, found.pairs, found.frames, named, warnings)
