"""Finds READY videos that lost pictures in the storage."""

from collections.abc import Iterator

from django.db.models import QuerySet

from ftcml.core.files import storage
from videos.models import Video


def with_files() -> QuerySet[Video]:
    """Return the videos whose pictures are stored. A dataset keeps the pictures in which its labels are fixed."""
    return Video.kept.filter(state=Video.State.READY).exclude(kind=Video.Kind.DATASET)


def lost_files() -> Iterator[tuple[Video, list[str]]]:
    """Return each video that lacks pictures, with their names in the storage."""
    for video in with_files():
        if lost := storage.missing(video.frames.values_list("picture_name", flat=True)):
            yield video, lost
