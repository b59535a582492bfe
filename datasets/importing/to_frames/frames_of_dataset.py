"""The frames of a dataset as those of a video, to fix their labels: the pictures stay where they are.

A worker that starts again after a death removes the rows that the dead one left, and does the same once more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from datasets.importing.to_frames.frame_leases import FrameLease
from datasets.importing.to_frames.frame_rows import NewFrame, remove_frames, shared_size, write_frames
from datasets.models import Dataset, Frame
from datasets.split import Split
from datasets.tfrecords import Box
from ftcml.core.work.row_removal import ROWS_AT_ONCE
from videos.models import Activity, Video
from videos.models import Frame as VideoFrame
from videos.services import labels


@dataclass(frozen=True)
class FramesOfDataset:
    """Makes one video of a dataset's frames READY, which the caller holds."""

    video: Video
    lease: FrameLease

    def run(self) -> None:
        """Raises VideoRefused, or LeaseLost when the video is no longer ours."""
        dataset = self.video.fixed_labels.dataset
        remove_frames(self.video, self.lease.transaction)
        named = labels.named(self.video.team, dataset.labels)
        write_frames(self._rows(dataset), named, self.lease.transaction)
        for split, first in _starts(dataset).items():
            self._link(dataset, split, first)
        total = dataset.frames.count()
        with self.lease.transaction():
            Activity.objects.create(
                video=self.video,
                person=self.video.created_by,
                action=Activity.Action.EXTRACTED,
                params={"frames": total},
            )
            self.lease.release(
                state=Video.State.READY,
                frames_in_video=total,
                frames_done=total,
                frames_total=total,
                **shared_size(dataset.frames.order_by().values_list("width", "height").distinct()),
            )

    def _rows(self, dataset: Dataset) -> Iterator[NewFrame]:
        """The frames in the order in which the dataset's page shows them, each made when it is asked for."""
        starts = _starts(dataset)
        total = sum(counts["frames"] for counts in dataset.counts.values())
        for split, first in starts.items():
            of_split = dataset.frames.filter(split=split).order_by("number")
            for start in range(0, dataset.counts[split]["frames"], ROWS_AT_ONCE):
                for frame in of_split.filter(number__range=(start, start + ROWS_AT_ONCE - 1)):
                    yield self._row(dataset, frame, first), [Box(box["label"], *box["box"]) for box in frame.boxes]
                self.lease.beat(frames_done=first + start, frames_total=total)

    def _row(self, dataset: Dataset, frame: Frame, first: int) -> VideoFrame:
        return VideoFrame(
            video=self.video,
            number=first + frame.number,
            filename=frame.filename,
            picture_name=frame.stored_as or dataset.picture_name(frame.split, frame.number),
            width=frame.width,
            height=frame.height,
            fingerprint=frame.fingerprint,
            finished=True,
        )

    def _link(self, dataset: Dataset, split: Split, first: int) -> None:
        """Say of the dataset's frames in which of the video's their labels are fixed."""
        fixed = VideoFrame.objects.filter(video=self.video, number=OuterRef("number") + first)
        rows = dataset.frames.filter(split=split)
        for start in range(0, dataset.counts[split]["frames"], ROWS_AT_ONCE):
            with self.lease.transaction():
                part = rows.filter(number__range=(start, start + ROWS_AT_ONCE - 1))
                part.order_by().update(source=Subquery(fixed.values("pk")[:1]))


def _starts(dataset: Dataset) -> dict[Split, int]:
    """By which number each split begins: training first."""
    return {Split.TRAINING: 0, Split.EVALUATION: dataset.counts[Split.TRAINING]["frames"]}
