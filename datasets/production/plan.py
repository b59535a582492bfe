"""What a dataset of finished frames will be: its frames by split, its labels, and why it can't be made.

The preview before the click and the worker after it ask the same function, so that they say the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets.importing.making import BySplit, WaitingFrame, apart, counts_of
from datasets.inspection.findings import Inspection, Tally
from datasets.label_names import checked
from datasets.models import Dataset
from datasets.production import splits
from datasets.production.choices import ProductionChoices, SplitMethod
from datasets.production.counted_frames import FinishedFrame, Found
from datasets.production.splits import Places
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.split import Split
from datasets.tfrecords import Record


@dataclass(frozen=True)
class Plan:
    """The dataset to be. `gap`: how many finished frames are left out between the two sides."""

    by_split: BySplit
    gap: int

    @property
    def labels(self) -> set[str]:
        return {box.label for frames in self.by_split.values() for frame in frames for box in frame.record.boxes}

    @property
    def frames(self) -> int:
        return sum(map(len, self.by_split.values()))

    def checked_labels(self) -> list[str]:
        """Return the dataset's labels, sorted. Raises DatasetRefused where these frames make no dataset."""
        if not self.frames:
            raise DatasetRefused(Code.NO_FINISHED_FRAME)
        if self.frames == 1:
            raise DatasetRefused(Code.ONE_FINISHED_FRAME)
        if not self.by_split[Split.EVALUATION]:
            raise DatasetRefused(Code.ALL_FOR_TRAINING, frames=self.frames)
        if not self.by_split[Split.TRAINING]:
            raise DatasetRefused(Code.ALL_FOR_EVALUATION, frames=self.frames)
        if not self.labels:
            raise DatasetRefused(Code.ALL_NEGATIVE, frames=self.frames)
        return checked(self.labels, Repairs())

    def as_dataset(self) -> tuple[Dataset, Inspection]:
        """Return the dataset as it will be, which isn't saved, and what an inspection will find in it."""
        labels = sorted(self.labels)
        dataset = Dataset(labels=labels, counts=counts_of(self.by_split, labels))
        tally = Tally(labels)
        for split, frames in self.by_split.items():
            for frame in frames:
                tally.take(split, frame.entries(), frame.record.fingerprint)
        return dataset, tally.inspection(heartbeat=lambda: None)


def plan(found: Found, choices: ProductionChoices, folder: Path = Path()) -> Plan:
    """Return what the frames make.

    Args:
        found: the finished frames, video by video.
        choices: what the person chose.
        folder: where the pictures will wait while they are put into shards.

    Raises: DatasetRefused.
    """
    places = _places(_by_video(found.frames), choices)
    kept = [(frame, place) for frame, place in zip(found.frames, places, strict=True) if place]
    waiting = [_waiting(frame, choices, folder) for frame, _ in kept]
    return Plan(apart(waiting, [place for _, place in kept]), len(found.frames) - len(kept))


def _by_video(frames: Sequence[FinishedFrame]) -> dict[str, list[FinishedFrame]]:
    by_video: dict[str, list[FinishedFrame]] = defaultdict(list)
    for frame in frames:
        by_video[frame.video].append(frame)
    return by_video


def _places(by_video: dict[str, list[FinishedFrame]], choices: ProductionChoices) -> Places:
    """Return the side of each frame, video by video."""
    sizes = [len(frames) for frames in by_video.values()]
    if choices.method == SplitMethod.VIDEOS:
        sides = {key: Split.EVALUATION if key in choices.kept else Split.TRAINING for key in by_video}
        return [sides[key] for key, frames in by_video.items() for _ in frames]
    if choices.method == SplitMethod.SHUFFLE:
        if 1 in sizes and len(sizes) > 1 and choices.eval_percent:
            raise DatasetRefused(Code.ONE_FRAME_TO_SHUFFLE)
        return [place for size in sizes for place in splits.shuffled(size, choices.eval_percent)]
    shares = splits.shares(sizes, choices.eval_percent)
    return [
        place
        for number, (frames, share) in enumerate(zip(by_video.values(), shares, strict=True))
        for place in splits.by_blocks([frame.seconds for frame in frames], share, choices.seed + number)
    ]


def _waiting(frame: FinishedFrame, choices: ProductionChoices, folder: Path) -> WaitingFrame:
    """The frame with its boxes under their new labels; boxes that become one by that count once."""
    renamed = ((choices.name_of(box.label), box) for box in frame.boxes)
    boxes = list(dict.fromkeys(box.named(name) for name, box in renamed if name))
    record = Record(frame.filename, b"", frame.width, frame.height, boxes, frame.fingerprint)
    return WaitingFrame(folder / f"{frame.key}.jpg", record, None, frame.picture_name, frame.key)
