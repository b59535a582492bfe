"""What the labeled frames of a video are like: where objects are, how large a detector sees them, how many, by whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ftcml.core.pictures.object_sizes import SMALL_SHARE, no_sizes, size_class, small_share
from videos.labeling.which_frames import LABELED
from videos.models import Box, Video

# Of the heat map: so many fields across and down. A third of them is a third of the picture.
FIELDS = 15


@dataclass(frozen=True)
class LabelCount:
    """`sizes`: how many boxes are in each class of object_sizes.SIZE_STEPS."""

    label: str
    color: int
    boxes: int
    frames: int
    sizes: list[int]

    @property
    def is_small(self) -> bool:
        """Return whether so many boxes are too small to learn that a person should know."""
        return small_share(self.sizes) > SMALL_SHARE


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
    `objects`: how many frames have so many boxes, by that number in order.
    `labels`: in order. `people`: who has the most boxes first.
    """

    frames: int
    boxes: int
    centers: list[list[int]]
    objects: list[tuple[int, int]]
    labels: list[LabelCount]
    people: list[PersonCount]


@dataclass(frozen=True)
class _Row:
    """A box: its corners as fractions of its frame, ymin first."""

    box: tuple[float, float, float, float]
    frame: int
    label: str
    color: int
    person: str


def of_video(video: Video) -> FrameStatistics:
    """Return the statistics of a video, by two queries, however many boxes it has."""
    labeled = video.frames.filter(LABELED)
    rows = _rows(video)
    frames = labeled.count()
    boxes_of = Counter(row.frame for row in rows)
    objects = Counter(boxes_of.values())
    if empty := frames - len(boxes_of):
        objects[0] = empty
    return FrameStatistics(frames, len(rows), _centers(rows), sorted(objects.items()), _labels(rows), _people(rows))


def _rows(video: Video) -> list[_Row]:
    columns = (
        "ymin", "xmin", "ymax", "xmax", "frame__height", "frame__width",
        "frame_id", "label__name", "label__color", "person__username",
    )  # fmt: skip
    boxes = Box.objects.filter(frame__in=video.frames.filter(LABELED)).order_by()
    return [
        _Row((ymin / high, xmin / wide, ymax / high, xmax / wide), frame, label, color, person or "")
        for ymin, xmin, ymax, xmax, high, wide, frame, label, color, person in boxes.values_list(*columns)
    ]


def _centers(rows: Iterable[_Row]) -> list[list[int]]:
    fields = [[0] * FIELDS for _ in range(FIELDS)]
    for row in rows:
        ymin, xmin, ymax, xmax = row.box
        down, across = ((low + high) / 2 * FIELDS for low, high in ((ymin, ymax), (xmin, xmax)))
        fields[min(int(down), FIELDS - 1)][min(int(across), FIELDS - 1)] += 1
    return fields


def _labels(rows: Sequence[_Row]) -> list[LabelCount]:
    sizes = {(row.label, row.color): no_sizes() for row in rows}
    for row in rows:
        sizes[row.label, row.color][size_class(row.box)] += 1
    frames = Counter(label for label, _ in {(row.label, row.frame) for row in rows})
    return [
        LabelCount(label, color, sum(counts), frames[label], counts) for (label, color), counts in sorted(sizes.items())
    ]


def _people(rows: Sequence[_Row]) -> list[PersonCount]:
    boxes = Counter(row.person for row in rows)
    frames = Counter(person for person, _ in {(row.person, row.frame) for row in rows})
    return [PersonCount(person, count, frames[person]) for person, count in boxes.most_common()]
