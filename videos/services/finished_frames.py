"""The frames that go into datasets and exports."""

from collections.abc import Sequence

from django.db.models import QuerySet

from videos.models import Frame, Video
from videos.services.which_frames import LABELED


def finished_frames(videos: Sequence[Video]) -> QuerySet[Frame]:
    """Return the labeled frames of the videos, in their order."""
    return Frame.objects.filter(LABELED, video__in=videos).order_by("video", "number")
