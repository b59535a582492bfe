"""The numbers by which pages find what changed: each save counts the video's up, and its frames keep it.

A change of many frames takes several numbers in a row, one for each hundred neighbors: a page gets it in parts, and
knows after each part up to which number it has all.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Least

from videos.models import Frame, Video

# Frames that share a number. An answer that has room for more of them always brings a page on.
TOGETHER = 50
# Numbers of one change. In a video with more frames, the last ones share a number.
A_CHANGE = 100


def next_number(video_id: UUID) -> int:
    """Count the video's changes up and return the first number of a new one.

    Until the transaction ends, nobody else changes frames.
    """
    videos = Video.everything.filter(pk=video_id)
    videos.update(changes=F("changes") + A_CHANGE)
    return videos.values_list("changes", flat=True).get() - A_CHANGE + 1


def mark(frames: "QuerySet[Frame]", number: int, **fields: object) -> int:
    """Update rows of a video's frames as its change of that number, and return how many they were."""
    part = Least(F("number") / TOGETHER, A_CHANGE - 1)
    return frames.update(version=F("version") + 1, changed=number + part, **fields)


def change(video_id: UUID, frames: "QuerySet[Frame]", **fields: object) -> int:
    """Update rows of the video's frames as one change, and return how many they were. Call it in a transaction."""
    return mark(frames, next_number(video_id), **fields)


def since(video: Video, number: int, most: int) -> tuple[Sequence[Frame], int]:
    """Return the frames that changed after that number, at most so many, and the number up to which those are all.

    The oldest change comes first. `most` is above TOGETHER.
    """
    if number >= video.changes:
        return [], video.changes
    changed = video.frames.filter(changed__gt=number).order_by("changed", "number")
    frames = list(changed.prefetch_related("boxes__label")[:most])
    return frames, video.changes if len(frames) < most else frames[-1].changed - 1
