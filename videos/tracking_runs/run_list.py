"""The runs of a video that a page shows: those at work, and those that ended a moment ago."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, Subquery

from ftcml.core import clock
from videos.models import Box, TrackedObject, Tracking, Video

_SHOWN_AFTER = timedelta(minutes=5)
Ending = TrackedObject.Ending


@dataclass(frozen=True)
class Standing:
    """How the tracking of an object stands, after all that people did since.

    Args:
        ending: one of TrackedObject.Ending.
        at: the last frame that is done.
        missing: the numbers of frames where it wasn't found, and nobody has put it or ended it since.
    """

    ending: str
    at: int
    missing: Sequence[int]


def of_video(video: Video) -> Sequence[Tracking]:
    """Return runs with their objects, the oldest first. Each object has the name of its label as `label`."""
    shown = Q(state=Tracking.State.RUNNING) | Q(ended__gt=clock.now() - _SHOWN_AFTER)
    labels = Box.objects.filter(track=OuterRef("track")).order_by("id").values("label__name")[:1]
    followed = TrackedObject.objects.annotate(label=Subquery(labels)).select_related("track").order_by("id")
    return list(
        Tracking.objects.filter(shown, video=video).prefetch_related(Prefetch("followed", followed)).order_by("created")
    )


def label_of(followed: TrackedObject) -> str:
    """Return the name of an object's label, as of_video has read it; "" where it has no box any more."""
    return getattr(followed, "label", "") or ""


def standings(runs: Sequence[Tracking]) -> dict[int, Standing]:
    """Return how the objects of runs stand, by the keys of their rows."""
    followed = [one for run in runs for one in run.followed.all()]
    not_found = {one.track_id for one in followed if _was_lost(one)}
    frames: dict[UUID, list[int]] = defaultdict(list)
    boxes = Box.objects.filter(track__in=not_found).order_by("frame__number")
    for track, number in boxes.values_list("track", "frame__number"):
        if track:
            frames[track].append(number)
    return {one.pk: _standing(one, frames[one.track_id]) for one in followed}


def _was_lost(followed: TrackedObject) -> bool:
    return bool(followed.missing) or followed.ending == Ending.LOST


def _standing(followed: TrackedObject, frames: Sequence[int]) -> Standing:
    """`frames`: the numbers of those that have a box of the object, in their order."""
    there = set(frames)
    missing = [
        number for number in followed.missing if number not in there and _gone_from(followed, number, frames) is None
    ]
    is_lost = followed.ending == Ending.LOST
    if is_lost and followed.at + 1 in there:
        return Standing(Ending.KEYFRAME, followed.at, missing)
    end = _gone_from(followed, followed.at + is_lost, frames) if followed.ending and _was_lost(followed) else None
    if end:
        return Standing(Ending.GONE, end - 1, missing)
    return Standing(followed.ending, followed.at, missing)


def _gone_from(followed: TrackedObject, number: int, frames: Sequence[int]) -> int | None:
    """Return from where the object is gone in a frame; None where it isn't."""
    before = bisect_right(frames, number)
    last = frames[before - 1] if before else -1
    return min((end for end in followed.track.gone_from if last < end <= number), default=None)
