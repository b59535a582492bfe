"""The frames of videos that count for a dataset: those that a person has finished, with all their boxes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.text import slugify

from datasets.tfrecords import Box
from videos.labeling.which_frames import IGNORED, LABELED, REVIEWED, TO_REVIEW
from videos.models import Frame, Video


@dataclass(frozen=True, slots=True)
class FinishedFrame:
    """A frame and its boxes under their own labels. `seconds`: its time in the video; None for a picture."""

    key: int
    video: str
    number: int
    seconds: float | None
    filename: str
    picture_name: str
    width: int
    height: int
    fingerprint: str
    boxes: list[Box]


@dataclass(frozen=True)
class Found:
    """The frames that count, video by video in their order, and how many others don't, by why.

    `labels`: the labels of their boxes, and the keys by which they are known however they are renamed.
    """

    frames: list[FinishedFrame]
    unfinished: int = 0
    ignored: int = 0
    unreviewed: int = 0
    labels: Mapping[str, int] = field(default_factory=dict)


def find(videos: Sequence[Video], reviewed_only: bool = False) -> Found:
    """Return the frames that count, by two queries, however many there are. `reviewed_only`: those of them alone.

    A finished frame without boxes shows nothing. So a frame is read with its boxes at once: between two queries another
    person may finish it, and it would seem to have none.
    """
    of_videos = Frame.objects.filter(video__in=videos)
    counts = of_videos.aggregate(
        every=Count("pk"), left_out=Count("pk", filter=IGNORED), to_review=Count("pk", filter=TO_REVIEW)
    )
    counting = of_videos.filter(REVIEWED if reviewed_only else LABELED).order_by("video", "number", "boxes__pk")
    rows = counting.values_list(*_OF_FRAME, *_OF_BOX)
    order = {video.pk: place for place, video in enumerate(videos)}
    labels: dict[str, int] = {}
    frames = []
    for of_frame, of_boxes in groupby(rows.iterator(), lambda row: row[: len(_OF_FRAME)]):
        frames.append(_frame(of_frame, [row[len(_OF_FRAME) :] for row in of_boxes], labels))
    frames.sort(key=lambda frame: order[UUID(frame.video)])
    named = _named(frames, {str(key): name for key, name in _names(videos).items()})
    ignored, unreviewed = counts["left_out"], counts["to_review"] if reviewed_only else 0
    return Found(named, counts["every"] - ignored - unreviewed - len(frames), ignored, unreviewed, labels)


_OF_FRAME = ("pk", "video_id", "number", "seconds", "filename", "picture_name", "width", "height", "fingerprint")
_OF_BOX = (
    "boxes__label_id", "boxes__label__name", "boxes__ymin", "boxes__xmin", "boxes__ymax", "boxes__xmax",
)  # fmt: skip


def _frame(of_frame: tuple[Any, ...], of_boxes: Iterable[tuple[Any, ...]], labels: dict[str, int]) -> FinishedFrame:
    """The frame, with its boxes; of one that shows nothing there is one row without a label. Notes the labels."""
    key, video, number, seconds, filename, picture_name, width, height, fingerprint = of_frame
    boxes = []
    for label_key, label, ymin, xmin, ymax, xmax in of_boxes:
        if label_key is not None:
            labels[label] = label_key
            boxes.append(Box(label, ymin / height, xmin / width, ymax / height, xmax / width))
    return FinishedFrame(key, str(video), number, seconds, filename, picture_name, width, height, fingerprint, boxes)


def _named(frames: Sequence[FinishedFrame], prefixes: Mapping[str, str]) -> list[FinishedFrame]:
    """The frames with names of files that tell them apart: pictures of two cameras may have the same."""
    uses = Counter(frame.filename for frame in frames)
    found = []
    for frame in frames:
        name = f"{prefixes[frame.video]}-{frame.number:06d}"
        own = frame.filename if uses[frame.filename] == 1 else f"{name}/{frame.filename}"
        found.append(replace(frame, filename=own if frame.filename else f"{name}.jpg"))
    return found


def _names(videos: Sequence[Video]) -> dict[UUID, str]:
    """Return what the files of each video's frames begin with. No two videos have the same."""
    found: dict[UUID, str] = {}
    for video in videos:
        name = slugify(video.description) or "video"
        free = (f"{name}-{number}" if number > 1 else name for number in count(1))
        found[video.pk] = next(name for name in free if name not in found.values())
    return found
