"""The runs of a video that a page shows: those that go on, and those that ended a moment ago."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import OuterRef, Prefetch, Q, Subquery

from ftcml.core import clock
from videos.models import Box, TrackedObject, Tracking, Video

_SHOWN_AFTER = timedelta(minutes=5)


def of_video(video: Video) -> Sequence[Tracking]:
    """Return runs with their objects, the oldest first. Each object has the name of its label as `label`."""
    shown = Q(state=Tracking.State.RUNNING) | Q(ended__gt=clock.now() - _SHOWN_AFTER)
    labels = Box.objects.filter(track=OuterRef("track")).order_by("id").values("label__name")[:1]
    followed = TrackedObject.objects.annotate(label=Subquery(labels)).order_by("id")
    return list(
        Tracking.objects.filter(shown, video=video).prefetch_related(Prefetch("followed", followed)).order_by("created")
    )


def label_of(followed: TrackedObject) -> str:
    """Return the name of an object's label, as of_video has read it; "" where it has no box any more."""
    return getattr(followed, "label", "") or ""
