"""Trackers that are at work on an object while a person changes it as a whole."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from videos.models import TrackedObject, Tracking

Ending = TrackedObject.Ending


def on(tracks: Collection[UUID]) -> QuerySet[TrackedObject]:
    """Return the rows of objects that are followed now."""
    return TrackedObject.objects.filter(track__in=tracks, tracking__state=Tracking.State.RUNNING, ending=Ending.NONE)


def stop_beyond(ends: Sequence[tuple[UUID, int]]) -> None:
    """Stop trackers that came from before an end and have passed it: what they found since is none of the object."""
    for followed in on({track for track, _ in ends}):
        passed = [end for track, end in ends if track == followed.track_id and followed.first <= end <= followed.at]
        if passed:
            _stop(followed, min(passed))


def stop_from(track: UUID, number: int) -> None:
    """Stop trackers that have come to a frame, wherever they began: from there on the object has no boxes."""
    for followed in on({track}).filter(at__gte=number):
        _stop(followed, number)


def stop_all(track: UUID, number: int) -> None:
    """Stop all trackers of an object. From a frame on its boxes are another object's."""
    for followed in on({track}):
        _stop(followed, number)


def _stop(followed: TrackedObject, number: int) -> None:
    """Stop before a frame. What was found and isn't written yet is dropped."""
    last = min(followed.at, max(number - 1, 0))
    missing = [one for one in followed.missing if one <= last]
    TrackedObject.objects.filter(pk=followed.pk).update(ending=Ending.GONE, at=last, missing=missing)
