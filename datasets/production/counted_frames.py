"""The frames of videos that count for a dataset: those that a person has finished, with all their boxes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from django.db.models import Count
from django.utils.text import slugify

from datasets.tfrecords import Box
from videos.models import Box as VideoBox
from videos.models import Frame, Video
from videos.services.which_frames import IGNORED, LABELED


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
    """The frames that count, video by video in their order, and how many others don't, by why."""

    frames: list[FinishedFrame]
    unfinished: int = 0
    ignored: int = 0


def find(videos: Sequence[Video]) -> Found:
    """Return the frames that count, by three queries, however many there are.

    A finished frame without boxes shows nothing.
    """
    boxes = _boxes(videos)
    of_videos = Frame.objects.filter(video__in=videos)
    counts = of_videos.aggregate(every=Count("pk"), ignored=Count("pk", filter=IGNORED))
    rows = of_videos.filter(LABELED).values_list(
        "pk", "video_id", "number", "seconds", "filename", "picture_name", "width", "height", "fingerprint"
    )
    order = {video.pk: place for place, video in enumerate(videos)}
    names = _names(videos)
    frames = [
        _frame(row, names[row[1]], boxes[row[0]]) for row in sorted(rows, key=lambda row: (order[row[1]], row[2]))
    ]
    return Found(frames, counts["every"] - counts["ignored"] - len(frames), counts["ignored"])


_Corners = tuple[str, float, float, float, float]
_Row = tuple[int, UUID, int, float | None, str, str, int, int, str]


def _boxes(videos: Sequence[Video]) -> dict[int, list[_Corners]]:
    """Return the boxes by the keys of their frames."""
    of_finished = VideoBox.objects.filter(frame__video__in=videos, frame__finished=True, frame__ignored=False)
    found: dict[int, list[_Corners]] = defaultdict(list)
    columns = ("frame_id", "label__name", "ymin", "xmin", "ymax", "xmax")
    for frame, label, ymin, xmin, ymax, xmax in of_finished.order_by("pk").values_list(*columns):
        found[frame].append((label, ymin, xmin, ymax, xmax))
    return found


def _frame(row: _Row, prefix: str, corners: list[_Corners]) -> FinishedFrame:
    key, video, number, seconds, filename, picture_name, width, height, fingerprint = row
    return FinishedFrame(
        key,
        str(video),
        number,
        seconds,
        filename or f"{prefix}-{number:06d}.jpg",
        picture_name,
        width,
        height,
        fingerprint,
        [
            Box(label, ymin / height, xmin / width, ymax / height, xmax / width)
            for label, ymin, xmin, ymax, xmax in corners
        ],
    )


def _names(videos: Sequence[Video]) -> dict[UUID, str]:
    """Return what the files of each video's frames begin with. No two videos have the same."""
    found: dict[UUID, str] = {}
    for video in videos:
        name = slugify(video.description) or "video"
        free = (f"{name}-{number}" if number > 1 else name for number in count(1))
        found[video.pk] = next(name for name in free if name not in found.values())
    return found
