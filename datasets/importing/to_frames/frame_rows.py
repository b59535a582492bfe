"""The rows of a video's frames and boxes, written and removed some at a time, so that no lock lasts."""

from collections.abc import Iterable, Mapping
from itertools import islice

from datasets.tfrecords import Box
from ftcml.core.work.row_removal import ROWS_AT_ONCE, InTransaction, remove_some_at_a_time
from videos.models import Box as VideoBox
from videos.models import Frame, Label, Video

# A frame that isn't saved yet, and its boxes.
NewFrame = tuple[Frame, list[Box]]


def remove_frames(video: Video, in_transaction: InTransaction) -> None:
    """Remove the rows of a video's frames, some at a time, each time within `in_transaction`."""
    remove_some_at_a_time(Frame.objects.filter(video=video), in_transaction)


def write_frames(frames: Iterable[NewFrame], labels: Mapping[str, Label], in_transaction: InTransaction) -> None:
    """Write the rows of frames and boxes, some at a time, each time within `in_transaction`.

    `labels`: the team's labels by what the boxes call them. Of boxes that become one by that, one is written.
    """
    waiting = iter(frames)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        with in_transaction():
            Frame.objects.bulk_create([frame for frame, _ in batch])
            VideoBox.objects.bulk_create([row for frame, boxes in batch for row in _rows(frame, boxes, labels)])


def _rows(frame: Frame, boxes: list[Box], labels: Mapping[str, Label]) -> list[VideoBox]:
    named = dict.fromkeys((labels[box.label], box.xmin, box.ymin, box.xmax, box.ymax) for box in boxes)
    return [
        VideoBox(
            frame=frame,
            label=label,
            xmin=xmin * frame.width,
            ymin=ymin * frame.height,
            xmax=xmax * frame.width,
            ymax=ymax * frame.height,
            origin=VideoBox.Origin.IMPORTED,
        )
        for label, xmin, ymin, xmax, ymax in named
    ]


def shared_size(sizes: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Return the fields of a video whose frames have these sizes: 0 where they differ."""
    found = set(sizes)
    width, height = found.pop() if len(found) == 1 else (0, 0)
    return {"width": width, "height": height}
