"""The videos that the Videos tab and the API list, in order. The database filters, counts and sorts."""

from typing import Any

from django.db import transaction
from django.db.models import Aggregate, Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower

from ftcml.accounts.models import Team, User
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.core.requests.tables import NEWEST_FIRST, Column, Table, choice_filter, orders, text_filter
from videos.labeling.which_frames import IGNORED, LABELED, REVIEWED
from videos.models import Activity, Frame, Upload, Video
from videos.services.receiving import rules

COLUMNS = (
    Column("created", "Date Uploaded", F("created")),
    Column("description", "Description", Lower("description")),
    Column("filename", "Video Filename", Lower("filename")),
    Column("bytes", "File Size", F("file_bytes"), is_number=True),
    Column("pixels", "Dimensions", F("width") * F("height"), is_number=True),
    Column("seconds", "Duration", F("seconds"), is_number=True),
    Column("rate", "Frames per Second", F("frames_per_second"), is_number=True),
    Column("frames", "Number of Frames", F("frames_done"), is_number=True),
    Column("state", "State", F("state")),
)
ORDERS = orders(COLUMNS)


def _of_frames(which: Q) -> Coalesce:
    """How many frames of the video are so."""
    counted = Frame.objects.filter(which, video=OuterRef("pk")).order_by().values("video").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def _of_uploads(aggregate: Aggregate) -> Subquery:
    """What the files of the video that are on their way add up to."""
    files = Upload.objects.not_refused().filter(video=OuterRef("pk")).order_by().values("video").annotate(n=aggregate)
    return Subquery(files.values("n"))


def with_counts(videos: "TeamQuerySet[Video]") -> "TeamQuerySet[Video]":
    """Have each video know its `labeled`, `reviewed` and `excluded` frames.

    Of one that is uploaded also the bytes that `arrived` of those `expected`, and when the last were `touched`.
    """
    return videos.annotate(
        labeled=_of_frames(LABELED),
        reviewed=_of_frames(REVIEWED),
        excluded=_of_frames(IGNORED),
        arrived=_of_uploads(Sum("offset")),
        expected=_of_uploads(Sum("size")),
        touched=_of_uploads(Max("touched")),
    )


def found(team: Team, search: str = "", state: str = "", ordering: str = NEWEST_FIRST) -> QuerySet[Video]:
    """Return the team's videos whose description or file name has `search` in it. `ordering`: a key of ORDERS."""
    videos = with_counts(Video.objects.for_team(team))
    if search:
        videos = videos.filter(Q(description__icontains=search) | Q(filename__icontains=search))
    if state:
        videos = videos.filter(state=state)
    return videos.order_by(ORDERS[ordering], "-created", "id")


def rename(video: Video, description: str, person: User | None) -> None:
    """Give the video another description. Raises VideoRefused."""
    description = rules.checked_description(description)
    with transaction.atomic():
        Video.objects.filter(pk=video.pk).update(description=description)
        Activity.objects.create(video=video, person=person, action=Activity.Action.RENAMED, params={"to": description})
    video.description = description


class VideoList(Table):
    columns = COLUMNS

    text = text_filter("Search", example="description or file name")
    state = choice_filter("State")

    def __init__(self, team: Team, asked: Any) -> None:
        super().__init__(asked)
        self._team = team
        self.offer("state", "all states", [(state, state.value) for state in Video.State])

    def found(self) -> QuerySet[Video]:
        return found(self._team, self.asked("text"), self.asked("state"), self.order)
