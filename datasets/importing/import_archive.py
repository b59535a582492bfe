"""The slow part of an import: from the uploaded archive to shards, frames and their rows.

1. Repair every picture into a folder of this process, keeping its boxes in memory. All cores decode and encode.
2. Split, which needs to know how many frames there are.
3. Write shards and frames to the storage, below the dataset's prefix; what is stored leaves the folder.
4. Write their rows, in short transactions, for others write as well. Look at what they come to.
5. Make the dataset READY by one update: nobody sees a part of an import.

An import that starts again after a death removes the rows that the dead one left, does the same once more, and
overwrites its files.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from datasets.formats import catalog
from datasets.formats.common.samples import Found
from datasets.importing.import_leases import Lease
from datasets.importing.making import Making, WaitingFrame, apart
from datasets.importing.repaired_pictures import RepairedPictures, opened_archive
from datasets.importing.row_removal import remove_rows
from datasets.importing.sample_to_record import record_of
from datasets.label_names import checked, renamed
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.sample import sample_dataset
from datasets.split import Split


@dataclass
class Import:
    """Makes one PRODUCING dataset READY.

    `folder` is for what is needed on the way. `progress` is called with (pictures done, pictures in all).
    """

    dataset: Dataset
    lease: Lease
    folder: Path
    progress: Callable[[int, int], None]
    repairs: Repairs = field(default_factory=Repairs)
    _format: str = field(default="", init=False)

    def run(self) -> None:
        """Raises DatasetRefused, or LeaseLost when the dataset is no longer ours.

        A set that is refused keeps its repairs: they say more of what is wrong with it than one sentence.
        """
        try:
            self._make()
        except DatasetRefused:
            self.lease.write(repairs=self.repairs.entries())
            raise

    def _make(self) -> None:
        remove_rows(self.dataset, self.lease.transaction)
        frames = self._named_frames()
        labels = checked({box.label for frame in frames for box in frame.record.boxes}, self.repairs)
        own = own_split(frames) if self.dataset.keeps_split else None
        places = own or split(len(frames), self.dataset.eval_percent, self.dataset.split_seed)
        ready = Making(self.dataset, self.lease, self.folder).store(apart(frames, places), labels)
        told = {"archive_format": self._format, "keeps_split": bool(own), "repairs": self.repairs.entries()}
        self.lease.finish(self.dataset, **told, **ready)

    def _named_frames(self) -> list[WaitingFrame]:
        """The frames, with the names that their labels get."""
        frames = self._repaired_frames()
        boxes = Counter(box.label for frame in frames for box in frame.record.boxes)
        names = renamed(boxes, self.dataset.merges_labels, self.repairs)
        return [with_names(frame, names) for frame in frames] if names else frames

    def _repaired_frames(self) -> list[WaitingFrame]:
        if self.dataset.is_sample:
            return list(self._repair_all(Found(sample_dataset.FRAMES, sample_dataset.samples(sample_dataset.FRAMES))))
        with opened_archive(self.dataset.archive_name, self.folder, self.lease) as archive:
            known = catalog.FORMATS.get(self.dataset.archive_format) or catalog.detect(archive)
            self._format = known.key
            return list(self._repair_all(known.read(archive, self.repairs)))

    def _repair_all(self, found: Found) -> Iterator[WaitingFrame]:
        pictures = RepairedPictures(self.lease, self.progress, self.repairs)
        for number, (sample, picture) in enumerate(pictures.of(found), start=1):
            if record := record_of(sample, picture, self.repairs):
                file = self.folder / f"{number}.jpg"
                file.write_bytes(record.jpeg)
                yield WaitingFrame(file, replace(record, jpeg=b""), sample.split)


def own_split(frames: Sequence[WaitingFrame]) -> list[Split] | None:
    """For each frame, where the archive puts it; None unless it has frames for training and for evaluation.

    Frames of which it says nothing are for training.
    """
    places = [frame.split or Split.TRAINING for frame in frames]
    return places if {frame.split for frame in frames} >= set(Split) else None


def split(frames: int, eval_percent: int, seed: int = 0) -> list[Split]:
    """For each frame in order, the split it goes to: the same for the same numbers, always.

    Where there are two frames and a percentage, each split gets at least one.
    """
    evaluation = (frames * eval_percent + 50) // 100
    if eval_percent and frames > 1:
        evaluation = min(max(evaluation, 1), frames - 1)
    chosen = set(random.Random(seed).sample(range(frames), evaluation))  # noqa: S311 - nothing secret
    return [Split.EVALUATION if number in chosen else Split.TRAINING for number in range(frames)]


def with_names(frame: WaitingFrame, names: dict[str, str]) -> WaitingFrame:
    """The frame with other names for its labels; boxes that become one by that count once."""
    boxes = [replace(box, label=names.get(box.label, box.label)) for box in frame.record.boxes]
    return replace(frame, record=replace(frame.record, boxes=list(dict.fromkeys(boxes))))
