"""The slow part of Produce Dataset: from the finished frames of videos to shards, frames and their rows.

Which frames count was noted when it was asked for, so that an import that starts again after a death takes the same.
So was which labels they have, for somebody may rename one before a worker comes to it.
Their pictures stay where the videos keep them: only the shards hold them again, as training reads them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from datasets.importing.import_leases import Lease
from datasets.importing.making import Making
from datasets.importing.row_removal import remove_rows
from datasets.models import Dataset
from datasets.production import counted_frames, versions
from datasets.production.choices import ProductionChoices
from datasets.production.counted_frames import Found
from datasets.production.plan import plan
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from videos.labeling.frame_runs import unfolded
from videos.models import Video


@dataclass
class FromVideos:
    """Makes one PRODUCING dataset READY from the frames of videos.

    `folder` takes what is needed on the way. `progress` is called with (frames done, frames in all).
    """

    dataset: Dataset
    lease: Lease
    folder: Path
    progress: Callable[[int, int], None]
    _done: int = field(default=0, init=False)
    _total: int = field(default=0, init=False)

    def run(self) -> None:
        """Raises DatasetRefused, or LeaseLost when the dataset is no longer ours."""
        remove_rows(self.dataset, self.lease.transaction)
        found = self._found()
        asked = ProductionChoices.of(self.dataset).after_renaming(self.dataset.production["label_keys"], found.labels)
        made = plan(found, asked, self.folder)
        labels = made.checked_labels()
        self._total = made.frames
        self._beat(0)
        try:
            making = Making(self.dataset, self.lease, self.folder, self._beat)
            ready = making.store(made.by_split, labels)
        except FileNotFoundError:
            raise DatasetRefused(Code.VIDEO_PICTURES_LOST) from None
        changes = versions.changes(self.dataset.previous, self.dataset)
        told = {**self.dataset.production, "gap": made.gap, "changes": changes}
        self.lease.finish(self.dataset, production=told, **ready)

    def _found(self) -> Found:
        """Return the frames that counted when it was asked for, unless someone has taken them back since."""
        asked = {key: unfolded(runs) for key, runs in self.dataset.production["frames"].items()}
        choices = ProductionChoices.of(self.dataset)
        order = choices.videos
        videos = sorted(Video.kept.filter(pk__in=order), key=lambda video: order.index(str(video.pk)))
        found = counted_frames.find(videos, choices.reviewed_only)
        return replace(found, frames=[frame for frame in found.frames if frame.number in asked.get(frame.video, ())])

    def _beat(self, frames: int) -> None:
        self._done += frames
        self.lease.beat(frames_done=self._done, frames_total=self._total)
        self.progress(self._done, self._total)
