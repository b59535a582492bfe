"""Deleting videos for good, and which datasets keep one from being deleted. People delete into the trash: trash.py."""

from collections.abc import Sequence

from django.db import transaction

from ftcml.core import clock
from ftcml.core.trash.holders import holders
from ftcml.installation import removals
from videos.models import Video
from videos.reasons import Code
from videos.refusals import VideoInUse


def delete_video(video: Video) -> None:
    """Delete a video for good; a worker removes its rows and files. Raises VideoInUse.

    One short update, however many frames it has. Whoever works on it loses it.
    """
    with transaction.atomic():
        check_unused(video)
        Video.kept.filter(pk=video.pk).update(deleted=clock.now(), lease_until=None)
        removals.after_commit(video.prefix)


def check_unused(video: Video) -> None:
    """Raise VideoInUse while a dataset uses it. Until the transaction ends, none is produced from it."""
    Video.kept.select_for_update().filter(pk=video.pk).first()
    if names := holders([video]).get(video.pk):
        raise in_use(video, names)


def in_use(video: Video, names: Sequence[str]) -> VideoInUse:
    """Return the refusal to delete a video that these datasets use."""
    return VideoInUse(Code.IN_USE, video=str(video), holders=[f"“{name}”" for name in names])
