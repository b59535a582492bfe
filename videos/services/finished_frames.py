"""Which frames count: those whose boxes are all there, as a person or an archive says."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from videos.models import Box, Frame, Video


def finished_frames(videos: Sequence[Video]) -> QuerySet[Frame]:
    """Return the finished frames of the videos, in their order. A frame waits for a person to confirm all its boxes."""
    waiting = Box.objects.filter(frame=OuterRef("pk"), confirmed=False)
    finished = Frame.objects.filter(video__in=videos, finished=True, ignored=False)
    return finished.exclude(Exists(waiting)).order_by("video", "number")
