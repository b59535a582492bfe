"""Who labels which frames of a video, as a coach says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from ftcml.accounts.models import User
from videos.labeling.which_frames import LABELED, UNLABELED
from videos.models import Assignment, Frame, Video
from videos.reasons import Code
from videos.refusals import VideoRefused

MOST_OF_A_VIDEO = 50


@dataclass(frozen=True)
class Progress:
    """An assignment, and how many of its frames are labeled, and aren't yet; those ignored are in neither."""

    assignment: Assignment
    labeled: int
    unlabeled: int

    @property
    def total(self) -> int:
        return self.labeled + self.unlabeled


def assign(video: Video, member: User, first: int, last: int, coach: User) -> Assignment:
    """Have a member label the frames from `first` to `last`, counted from 0. Raises VideoRefused."""
    if not 0 <= first <= last or not video.frames.filter(number=last).exists():
        raise VideoRefused(Code.BAD_RANGE)
    if not member.memberships.filter(team=video.team).exists():
        raise VideoRefused(Code.NOT_A_MEMBER)
    if video.assignments.count() >= MOST_OF_A_VIDEO:
        raise VideoRefused(Code.TOO_MANY_ASSIGNMENTS, most=MOST_OF_A_VIDEO)
    return Assignment.objects.create(video=video, person=member, first=first, last=last, created_by=coach)


def of_video(video: Video) -> Sequence[Progress]:
    """Return the assignments of a video in the order of their frames, by two queries for any number of them."""
    rows = list(video.assignments.select_related("person"))
    counted = video.frames.aggregate(
        **{
            f"{what}_{row.pk}": Count("pk", filter=which & Q(number__range=(row.first, row.last)))
            for row in rows
            for what, which in (("labeled", LABELED), ("unlabeled", UNLABELED))
        }
    )
    return [Progress(row, counted[f"labeled_{row.pk}"], counted[f"unlabeled_{row.pk}"]) for row in rows]


def frames_of(video: Video, member: User) -> list[int]:
    """Return the numbers of the frames that a member still has to label."""
    mine = Q(pk__in=[])
    for row in video.assignments.filter(person=member):
        mine |= Q(number__range=(row.first, row.last))
    return list(Frame.objects.filter(UNLABELED, mine, video=video).order_by("number").values_list("number", flat=True))
