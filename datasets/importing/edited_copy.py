"""The slow part of an edit: from the stored frames of one dataset to its changed copy.

The dataset that was edited stays as it is, for models may have been trained on it. The copy becomes READY by one
update, as an import does, and begins anew after a death.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from datasets.edits import DELETED, Edits
from datasets.importing.import_leases import Lease
from datasets.importing.making import Making, WaitingFrame, apart
from datasets.importing.row_removal import remove_rows
from datasets.label_names import checked
from datasets.models import Dataset, Frame
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.split import Split
from datasets.tfrecords import Box, Record
from ftcml.core.files import storage

_FETCHED_AT_ONCE = 8


@dataclass(frozen=True)
class EditedCopy:
    """Makes one PRODUCING dataset READY from the frames of the dataset that was edited.

    `folder` takes what is needed on the way. `progress` is called with (pictures done, pictures in all).
    """

    dataset: Dataset
    lease: Lease
    folder: Path
    progress: Callable[[int, int], None]

    def run(self) -> None:
        """Raises DatasetRefused, or LeaseLost when the dataset is no longer ours."""
        remove_rows(self.dataset, self.lease.transaction)
        edits = Edits.of(self.dataset.edits)
        frames = list(self._fetched(edits))
        labels = checked({box.label for frame in frames for box in frame.record.boxes}, Repairs())
        places = [frame.split or Split.TRAINING for frame in frames]
        try:
            ready = Making(self.dataset, self.lease, self.folder).store(apart(frames, places), labels)
        except FileNotFoundError:
            raise DatasetRefused(Code.EDITED_DATASET_GONE) from None
        self.lease.finish(self.dataset, edits=edits.made(), **ready)

    def _fetched(self, edits: Edits) -> Iterator[WaitingFrame]:
        """The frames that stay, changed, with their pictures in the folder."""
        source = self.dataset.edited_from
        if source is None or source.deleted:
            raise DatasetRefused(Code.EDITED_DATASET_GONE)
        frames = source.frames.order_by("-split", "number")
        kept = [frame for frame in frames if edits.place_of(frame.pk, frame.split) != DELETED]
        with ThreadPoolExecutor(_FETCHED_AT_ONCE) as pool:
            for done, (frame, file) in enumerate(pool.map(self._fetch, kept), start=1):
                self.lease.beat(frames_done=done, frames_total=len(kept))
                self.progress(done, len(kept))
                yield _changed(frame, file, edits)

    def _fetch(self, frame: Frame) -> tuple[Frame, Path]:
        """The frame and a file with its picture; of a video's frame that picture comes later, for it stays there."""
        file = self.folder / f"{frame.pk}.jpg"
        try:
            if not frame.stored_as:
                storage.fetch(frame.picture_name, file)
        except FileNotFoundError:
            raise DatasetRefused(Code.EDITED_DATASET_GONE) from None
        return frame, file


def _changed(frame: Frame, file: Path, edits: Edits) -> WaitingFrame:
    """The frame with its boxes under their new labels; boxes that become one by that count once."""
    boxes = [Box(name, *entry["box"]) for entry in frame.boxes if (name := edits.name_of(entry["label"]))]
    record = Record(frame.filename, b"", frame.width, frame.height, list(dict.fromkeys(boxes)), frame.fingerprint)
    place = Split(edits.place_of(frame.pk, frame.split))
    # Where the labels of the dataset itself are fixed, those of its copy are not: that shows other boxes.
    return WaitingFrame(file, record, place, frame.stored_as, frame.source_id if frame.stored_as else None)
