"""What the labeled frames of videos are like: where objects are, how large a detector sees them, how many, by whom."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Count, F, Func, IntegerField, QuerySet, Value, When
from django.db.models.functions import Least
from django.db.models.lookups import LessThan
from django.db.models.sql.compiler import SQLCompiler

from ftcml.core.pictures.object_sizes import INPUT_SIDE, SIDE_TOLERANCE, SIZE_STEPS, SMALL_SHARE, no_sizes, small_share
from videos.labeling.which_frames import LABELED
from videos.models import Box, Frame, Video

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
    """Of the labeled frames of videos.

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


def of_videos(videos: "QuerySet[Video] | Sequence[Video]") -> FrameStatistics:
    """Return the statistics of videos, by five queries. The database counts: no box is read for it."""
    frames = Frame.objects.filter(LABELED, video__in=videos)
    boxes = Box.objects.filter(frame__in=frames).order_by()
    objects = Counter(frames.order_by().values("pk").annotate(count=Count("boxes")).values_list("count", flat=True))
    labels = _labels(boxes)
    return FrameStatistics(
        frames=sum(objects.values()),
        boxes=sum(label.boxes for label in labels),
        centers=_centers(boxes),
        objects=sorted(objects.items()),
        labels=labels,
        people=_people(boxes),
    )


class _WholePart(Func):
    """The whole part of a number from 0 on. SQLite has no fast FLOOR, and PostgreSQL's CAST rounds."""

    function = "FLOOR"
    template = "CAST(%(function)s(%(expressions)s) AS INTEGER)"
    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS INTEGER)", **options)


def _field(low: str, high: str, side: str) -> Least:
    """In which field of the heat map the middle of a box is, along one side of the frame."""
    return Least(_WholePart((F(low) + F(high)) / 2 * FIELDS / F(f"frame__{side}")), FIELDS - 1)


def _centers(boxes: "QuerySet[Box]") -> list[list[int]]:
    fields = [[0] * FIELDS for _ in range(FIELDS)]
    placed = boxes.annotate(down=_field("ymin", "ymax", "height"), across=_field("xmin", "xmax", "width"))
    for down, across, count in placed.values_list("down", "across").annotate(Count("pk")):
        fields[down][across] = count
    return fields


def _size() -> Case:
    """The class of a box's size, as object_sizes.size_class has it."""
    shares = (
        (F(f"{axis}max") - F(f"{axis}min")) / F(f"frame__{side}") for axis, side in (("x", "width"), ("y", "height"))
    )
    smaller_side = Least(*shares) * float(INPUT_SIDE) + SIDE_TOLERANCE
    below = [When(LessThan(smaller_side, Value(float(step))), then=place) for place, step in enumerate(SIZE_STEPS)]
    return Case(*below, default=len(SIZE_STEPS))


def _labels(boxes: "QuerySet[Box]") -> list[LabelCount]:
    frames = dict(boxes.values_list("label").annotate(Count("frame", distinct=True)))
    sizes: dict[tuple[str, int, int], list[int]] = defaultdict(no_sizes)
    rows = boxes.annotate(size=_size()).values_list("label__name", "label__color", "label", "size")
    for name, color, key, size, count in rows.annotate(Count("pk")):
        sizes[name, color, key][size] = count
    return [
        LabelCount(name, color, sum(counts), frames[key], counts)
        for (name, color, key), counts in sorted(sizes.items())
    ]


def _people(boxes: "QuerySet[Box]") -> list[PersonCount]:
    rows = boxes.values_list("person__username").annotate(boxes=Count("pk"), frames=Count("frame", distinct=True))
    return [PersonCount(person or "", *counts) for person, *counts in rows.order_by("-boxes", "person__username")]
