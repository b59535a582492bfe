"""What the labeled frames of a video are like: where objects are, how large a detector sees them, how many, by whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from videos.labeling.which_frames import LABELED
from videos.models import Box, Video

# Of the heat map: so many fields across and down.
FIELDS = 16
# A detector sees each picture at this size (detector/contract has the input sizes; the smallest counts here).
INPUT = 320
# Upper ends of the sizes that are counted: the longer side of a box in pixels at INPUT. The last has no end.
SIZES = (10, 16, 32, 64, 128)


@dataclass(frozen=True)
class LabelCount:
    label: str
    color: int
    boxes: int
    frames: int


@dataclass(frozen=True)
class PersonCount:
    """`person`: their name, "" for boxes of an import or of somebody who left."""

    person: str
    boxes: int
    frames: int


@dataclass(frozen=True)
class FrameStatistics:
    """Of the labeled frames of a video.

    `centers`: how many boxes have their center in a field, shape (FIELDS, FIELDS), from the top left.
    `sizes`: how many boxes there are up to each of SIZES, and above the last.
    `objects`: how many frames have so many boxes, by that number in order.
    """

    frames: int
    boxes: int
    centers: list[list[int]]
    sizes: list[int]
    objects: list[tuple[int, int]]
    labels: list[LabelCount]
    people: list[PersonCount]


def of_video(video: Video) -> FrameStatistics:
    """Return the statistics of a video, by four queries, however many boxes it has."""
    labeled = video.frames.filter(LABELED)
    boxes = Box.objects.filter(frame__in=labeled)
    columns = ("xmin", "ymin", "xmax", "ymax", "frame__width", "frame__height", "frame_id")
    rows = list(boxes.order_by().values_list(*columns))
    of_frames = Counter(row[-1] for row in rows)
    frames = labeled.count()
    objects = Counter(of_frames.values())
    if empty := frames - len(of_frames):
        objects[0] = empty
    return FrameStatistics(
        frames=frames,
        boxes=len(rows),
        centers=_centers(rows),
        sizes=_sizes(rows),
        objects=sorted(objects.items()),
        labels=[
            LabelCount(name, color, count, in_frames)
            for name, color, count, in_frames in boxes.order_by("label__name")
            .values_list("label__name", "label__color")
            .annotate(count=Count("pk"), in_frames=Count("frame", distinct=True))
        ],
        people=_people(boxes),
    )


_Row = Sequence[float]


def _centers(rows: Iterable[_Row]) -> list[list[int]]:
    fields = [[0] * FIELDS for _ in range(FIELDS)]
    for xmin, ymin, xmax, ymax, width, height, _ in rows:
        across, down = (xmin + xmax) / 2 / width, (ymin + ymax) / 2 / height
        fields[min(int(down * FIELDS), FIELDS - 1)][min(int(across * FIELDS), FIELDS - 1)] += 1
    return fields


def _sizes(rows: Iterable[_Row]) -> list[int]:
    """A picture is squeezed to INPUT by INPUT, as the detectors do it."""
    counts = [0] * (len(SIZES) + 1)
    for xmin, ymin, xmax, ymax, width, height, _ in rows:
        longer = max((xmax - xmin) / width, (ymax - ymin) / height) * INPUT
        counts[sum(longer > size for size in SIZES)] += 1
    return counts


def _people(boxes: QuerySet[Box]) -> list[PersonCount]:
    counted = (
        boxes.order_by()
        .values_list("person__username")
        .annotate(count=Count("pk"), in_frames=Count("frame", distinct=True))
    )
    people = [PersonCount(name or "", count, in_frames) for name, count, in_frames in counted]
    return sorted(people, key=lambda person: -person.boxes)
