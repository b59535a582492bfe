"""The numbers by which pages find what changed: each save counts the video's up, and its frames keep it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from videos.models import Frame, Video


def next_number(video_id: UUID) -> int:
    """Count the video's changes up and return the number. Until the transaction ends, nobody else changes frames."""
    videos = Video.everything.filter(pk=video_id)
    videos.update(changes=F("changes") + 1)
    return videos.values_list("changes", flat=True).get()


def change(video_id: UUID, frames: "QuerySet[Frame]", **fields: object) -> int:
    """Update rows of the video's frames as one change, and return how many they were. Call it in a transaction."""
    return frames.update(version=F("version") + 1, changed=next_number(video_id), **fields)


def since(video: Video, number: int, most: int) -> Sequence[Frame]:
    """Return the frames that changed after that change, the oldest change first, at most so many."""
    frames = video.shown_frames().filter(changed__gt=number).order_by("changed", "number")
    return list(frames.prefetch_related("boxes__label")[:most])
