"""Frames as a video's page shows them: which ones, in which order, with their boxes; how many of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponseBase

from ftcml.core.files import streams
from ftcml.core.pictures.shown import Neighbors, ShownBox, as_json
from ftcml.core.requests.parameters import plain_text
from videos.labeling.which_frames import (
    IGNORED,
    IGNORED_NEAR_DUPLICATES,
    LABELED,
    NEAR_DUPLICATES,
    OPEN_NEAR_DUPLICATES,
    REVIEWED,
    SENT_BACK,
    TO_REVIEW,
    UNLABELED,
)
from videos.messages.page_words import DELETED_MEANWHILE, SHOWN
from videos.models import Box, Frame, Label, Video

_SHOWN = {
    "": Q(),
    "labeled": LABELED,
    "unlabeled": UNLABELED,
    "to-review": TO_REVIEW,
    "reviewed": REVIEWED,
    "sent-back": SENT_BACK,
    "ignored": IGNORED,
    "near-duplicates": NEAR_DUPLICATES,
}
# Offered only where there are such frames: a team that reviews nothing hasn't to read of it.
_WHERE_ANY = {"to-review", "reviewed", "sent-back"}


@dataclass(frozen=True)
class Choice:
    """Which frames are shown; "" where nothing is chosen. `show`: a key of SHOWN. The parts narrow each other."""

    show: str = ""
    label: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        """Return what the address asks for. A kind that doesn't exist counts as not chosen."""
        show = query.get("show", "")
        return cls(show if show in SHOWN else "", plain_text(query.get("label", "")))

    @property
    def query(self) -> str:
        """Return the choice as it stands in an address, "" for all frames."""
        return urlencode({name: value for name, value in vars(self).items() if value})


@dataclass(frozen=True)
class Link:
    """A way to narrow the frames. `count`: how many it leaves of all."""

    words: str
    query: str
    is_here: bool
    count: int


@dataclass(frozen=True)
class Picture:
    """A frame as a page shows it."""

    frame: Frame
    boxes: list[ShownBox]

    @classmethod
    def of(cls, frame: Frame) -> "Picture":
        return cls(frame, [_box(frame, box) for box in frame.boxes.all()])

    @property
    def name(self) -> str:
        """Return the file's name without the folders of its archive; "" for a frame of a video."""
        return PurePosixPath(self.frame.filename).name

    @property
    def boxes_as_json(self) -> str:
        """Return what the page's script draws over the picture."""
        return as_json(self.boxes)

    @property
    def labels(self) -> list[str]:
        return [box.label for box in self.boxes]


@dataclass(frozen=True)
class Overview:
    """What the page says above the frames: ways to narrow them, labels with their `boxes_here` and `frames_here`."""

    links: list[Link]
    labels: list[Label]
    # Near-duplicates that nobody labeled: how many one click ignores, and how many it did.
    near_duplicates: int
    ignored_near_duplicates: int

    @classmethod
    def of(cls, video: Video, choice: Choice) -> "Overview":
        counts = video.frames.aggregate(
            **{f"shown_{number}": Count("pk", filter=which) for number, which in enumerate(_SHOWN.values())},
            near=Count("pk", filter=OPEN_NEAR_DUPLICATES),
            ignored_near=Count("pk", filter=IGNORED_NEAR_DUPLICATES),
        )
        links = [
            Link(SHOWN[show], replace(choice, show=show).query, show == choice.show, counts[f"shown_{number}"])
            for number, show in enumerate(_SHOWN)
            if show not in _WHERE_ANY or show == choice.show or counts[f"shown_{number}"]
        ]
        return cls(links, labels(video), counts["near"], counts["ignored_near"])


def frames(video: Video, choice: Choice) -> QuerySet[Frame]:
    """Return the video's chosen frames in their order."""
    chosen = video.frames.filter(_SHOWN[choice.show]).order_by("number")
    if choice.label:
        chosen = chosen.filter(Exists(Box.objects.filter(frame=OuterRef("pk"), label__name=choice.label)))
    return chosen


def with_boxes(chosen: QuerySet[Frame]) -> QuerySet[Frame]:
    """Have the frames' boxes and labels read with them."""
    return chosen.prefetch_related(Prefetch("boxes", Box.objects.select_related("label").order_by("pk")))


def labels(video: Video) -> list[Label]:
    """Return the labels on the video's frames, each with its number of `boxes_here` and `frames_here`."""
    here = Label.objects.filter(boxes__frame__video=video)
    counted = here.annotate(boxes_here=Count("boxes"), frames_here=Count("boxes__frame", distinct=True))
    return list(counted.order_by("name"))


def neighbors(chosen: QuerySet[Frame], frame: Frame) -> Neighbors[Frame]:
    """Return the frames before and after a frame among those chosen."""
    before, after = chosen.filter(number__lt=frame.number), chosen.filter(number__gt=frame.number)
    return Neighbors(before.count() + 1, chosen.count(), before.last(), after.first())


def picture_file(frame: Frame, is_small: bool = False) -> HttpResponseBase:
    """Return the picture itself, or one for a gallery. Raises FileLost where its file is missing."""
    sent = streams.small_picture if is_small else streams.picture
    return sent(frame.picture_name, DELETED_MEANWHILE)


def _box(frame: Frame, box: Box) -> ShownBox:
    edges = [box.ymin / frame.height, box.xmin / frame.width, box.ymax / frame.height, box.xmax / frame.width]
    return ShownBox(box.label.name, [round(edge, 6) for edge in edges], box.label.color)
