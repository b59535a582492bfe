"""The page of statistics of labeled frames: of one video, or of all that a team has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from detector.contract import recall_by_size
from ftcml.accounts.services.access import get_for_team, get_selected, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.messages import size_heads, small_boxes
from ftcml.core.pictures.object_sizes import INPUT_SIDE, SIZE_STEPS, SMALLEST_SIDE
from videos.labeling.which_frames import LABELED
from videos.messages import statistics_words as messages
from videos.models import Frame, Video
from videos.services import frame_statistics
from videos.services.frame_statistics import FIELDS, FrameStatistics, LabelCount

# Frames with more objects are counted together.
MOST_OBJECTS = 20
# The faintest field that has a box, of 1.
_FAINTEST = 0.15


@dataclass(frozen=True)
class Bar:
    """A count in words, and how long its bar is in percent."""

    words: str
    count: int
    percent: int


@dataclass(frozen=True)
class Field:
    """A field of the heat map that has boxes. `strength`: 0 to 1."""

    across: int
    down: int
    count: int
    strength: float


@require_GET
@team_required
def statistics_page(request: TeamRequest, video_id: str) -> HttpResponse:
    """Show where the objects of a video are, how large, how many, and who labeled them."""
    video = get_for_team(Video.objects, request.team, video_id)
    context = {"video": video, "title": messages.of_video(str(video)), **_shown([video])}
    return render(request, "videos/statistics.html", context)


@require_GET
@team_required
def team_statistics(request: TeamRequest) -> HttpResponse:
    """Show the same of all the team's videos, or of those whose keys are in the address as `video`."""
    chosen = get_selected(Video.objects, request.team, request.GET.getlist("video"))
    videos = chosen or Video.objects.for_team(request.team)
    context = {"title": messages.of_videos(len(chosen)), **_shown(videos)}
    return render(request, "videos/statistics.html", context)


def _shown(videos: "QuerySet[Video] | Sequence[Video]") -> dict[str, Any]:
    """What the page shows of videos. The heat map has the shape of the first one's frames."""
    found = frame_statistics.of_videos(videos)
    small = [label for label in found.labels if label.is_small]
    first = Frame.objects.filter(LABELED, video__in=videos).order_by("video", "number").first()
    return {
        "tab": "videos",
        "found": found,
        "shape": (first.width, first.height) if first else (16, 9),
        "side": FIELDS,
        "fields": _fields(found.centers),
        "places": _places(found.centers, found.boxes),
        "size_heads": size_heads(SIZE_STEPS),
        "sizes": [(label, _sizes(label)) for label in found.labels],
        "objects": _objects(found),
        "people": [(one, _percent(one.boxes, found.boxes)) for one in found.people],
        "warnings": [_of_small_boxes(small)] if small else [],
        "input_side": INPUT_SIDE,
        "smallest_side": SMALLEST_SIDE,
    }


def _of_small_boxes(labels: Sequence[LabelCount]) -> tuple[str, str]:
    """Return what to say of labels with many small boxes, and what to do."""
    boxes = sum(label.sizes[0] for label in labels)
    return small_boxes([label.label for label in labels], boxes, SMALLEST_SIDE, INPUT_SIDE, recall_by_size.finders())


def _fields(centers: Sequence[Sequence[int]]) -> list[Field]:
    most = max(map(max, centers))
    return [
        Field(across, down, count, round(_FAINTEST + (1 - _FAINTEST) * count / most, 2))
        for down, row in enumerate(centers)
        for across, count in enumerate(row)
        if count
    ]


def _places(centers: Sequence[Sequence[int]], boxes: int) -> list[tuple[str, list[Bar]]]:
    """The boxes in each ninth of the picture, row by row: what a screen reader reads of the heat map."""
    third = FIELDS // 3
    return [
        (
            words,
            [
                Bar(column, count, _percent(count, boxes))
                for across, column in enumerate(messages.COLUMNS)
                for count in [_within(centers, down * third, across * third, third)]
            ],
        )
        for down, words in enumerate(messages.ROWS)
    ]


def _within(centers: Sequence[Sequence[int]], top: int, left: int, side: int) -> int:
    return sum(sum(row[left : left + side]) for row in centers[top : top + side])


def _sizes(label: LabelCount) -> list[Bar]:
    heads = size_heads(SIZE_STEPS)
    return [Bar(head, count, _percent(count, label.boxes)) for head, count in zip(heads, label.sizes, strict=True)]


def _objects(found: FrameStatistics) -> list[Bar]:
    """How many frames have so many objects; those with very many are one bar."""
    counts = {number: frames for number, frames in found.objects if number <= MOST_OBJECTS}
    told = [(f"{number:,}", frames) for number, frames in counts.items()]
    if more := found.frames - sum(counts.values()):
        told.append((messages.more_than(MOST_OBJECTS), more))
    most = max((frames for _, frames in told), default=0)
    return [Bar(words, frames, _percent(frames, most)) for words, frames in told]


def _percent(count: int, total: int) -> int:
    return round(100 * count / total) if total else 0
