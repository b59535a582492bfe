"""The frames of a dataset as those of a video, to fix their labels: the pictures stay where they are.

A worker that starts again after a death removes the rows that the dead one left, and does the same once more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from datasets.importing.to_frames.frame_leases import FrameLease
from datasets.importing.to_frames.frame_rows import NewFrame, remove_frames, shared_size, write_frames
from datasets.models import Dataset, Frame
from datasets.split import Split
from datasets.tfrecords import Box
from ftcml.core.work.row_removal import ROWS_AT_ONCE
from videos.decoding.repeats import near_duplicates
from videos.labeling import labels
from videos.models import Activity, Video
from videos.models import Frame as VideoFrame


@dataclass(frozen=True)
class _Part:
    """The frames of one split: so many, from the number `first` of the video on."""

    split: Split
    first: int
    frames: int

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield the first and the last number in the split of some frames at a time."""
        for start in range(0, self.frames, ROWS_AT_ONCE):
            yield start, start + ROWS_AT_ONCE - 1


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
        parts = _parts(dataset)
        write_frames(self._rows(dataset, parts), named, self.lease.transaction)
        for part in parts:
            self._link(dataset, part)
        self._finish(dataset, sum(part.frames for part in parts))

    def _rows(self, dataset: Dataset, parts: Sequence[_Part]) -> Iterator[NewFrame]:
        """The frames in the order in which the dataset's page shows them, each made when it is asked for."""
        total = sum(part.frames for part in parts)
        fingerprints = dataset.frames.order_by("-split", "number").values_list("fingerprint", flat=True)
        earlier = near_duplicates(fingerprints)
        for part in parts:
            for numbers in part.ranges():
                for frame in dataset.frames.filter(split=part.split, number__range=numbers).order_by("number"):
                    boxes = [Box(entry["label"], *entry["box"]) for entry in frame.boxes]
                    row = self._row(dataset, frame, part.first + frame.number)
                    row.near_duplicate_of = earlier[row.number] if row.number < len(earlier) else None
                    yield row, boxes
                self.lease.beat(frames_done=part.first + numbers[0], frames_total=total)

    def _row(self, dataset: Dataset, frame: Frame, number: int) -> VideoFrame:
        return VideoFrame(
            video=self.video,
            number=number,
            filename=frame.filename,
            picture_name=frame.stored_as or dataset.picture_name(frame.split, frame.number),
            width=frame.width,
            height=frame.height,
            fingerprint=frame.fingerprint,
            finished=True,
        )

    def _link(self, dataset: Dataset, part: _Part) -> None:
        """Say of the dataset's frames in which of the video's their labels are fixed."""
        fixed = VideoFrame.objects.filter(video=self.video, number=OuterRef("number") + part.first)
        for numbers in part.ranges():
            with self.lease.transaction():
                rows = dataset.frames.filter(split=part.split, number__range=numbers).order_by()
                rows.update(source=Subquery(fixed.values("pk")[:1]))

    def _finish(self, dataset: Dataset, total: int) -> None:
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


def _parts(dataset: Dataset) -> list[_Part]:
    """The dataset's splits, training first, and by which number of the video each begins."""
    training, evaluation = (dataset.frames.filter(split=split).count() for split in (Split.TRAINING, Split.EVALUATION))
    return [_Part(Split.TRAINING, 0, training), _Part(Split.EVALUATION, training, evaluation)]
