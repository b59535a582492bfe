"""The trash for videos: what people delete stays there for some days, and can be restored as it was.

A video in the trash is on no list, it counts for no limit, and no worker takes frames out of it until it is restored.
"""

import logging
from collections.abc import Sequence

from django.db import transaction

from ftcml.accounts.models import Team, User
from ftcml.accounts.services.access import TeamQuerySet
from ftcml.audit.services import access_log
from ftcml.audit.services.access_log import Kind, Thing
from ftcml.core import clock
from ftcml.core.trash.moving import Moved, move_each
from videos.extraction.extraction_leases import wake_worker
from videos.models import Activity, Video
from videos.reasons import Code
from videos.refusals import VideoInUse, VideoRefused
from videos.services import deletion
from videos.services.receiving import rules

log = logging.getLogger(__name__)


def in_trash() -> "TeamQuerySet[Video]":
    """Return the videos that can be restored."""
    return Video.kept.exclude(trashed_at=None)


def move_to_trash(video: Video, person: User | None) -> None:
    """Take a video off every list at once, until it is restored. Raises VideoInUse."""
    with transaction.atomic():
        deletion.check_unused(video)
        Video.objects.filter(pk=video.pk).update(trashed_at=clock.now(), lease_until=None)
        Activity.objects.create(video=video, person=person, action=Activity.Action.TRASHED)
        access_log.record(Kind.TRASHED, video.team_id, str(video), Thing.VIDEO)
    log.info("video %s of team %s is moved to the trash", video.pk, video.team_id)


def move_all(videos: Sequence[Video], person: User | None) -> Moved[Video]:
    """Move every video to the trash that no dataset uses."""
    return move_each(videos, lambda video: move_to_trash(video, person), VideoInUse)


def restore(video: Video, person: User | None) -> None:
    """Put a video back as it was. Raises VideoRefused where the team has as many as it may, or it is gone."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=video.team_id)
        if video.state != Video.State.FAILED:
            rules.check_limit(video.team)
        if not in_trash().filter(pk=video.pk).update(trashed_at=None):
            raise VideoRefused(Code.NOT_IN_TRASH, video=str(video))
        Activity.objects.create(video=video, person=person, action=Activity.Action.RESTORED)
        access_log.record(Kind.RESTORED, video.team_id, str(video), Thing.VIDEO)
        if video.state == Video.State.EXTRACTING:
            transaction.on_commit(lambda: wake_worker(video))
    log.info("video %s of team %s is restored", video.pk, video.team_id)


def restore_all(videos: Sequence[Video], person: User | None) -> Moved[Video]:
    """Restore every video that can be."""
    return move_each(videos, lambda video: restore(video, person), VideoRefused)


def delete_now(video: Video) -> None:
    """Delete a video for good that is in the trash; nothing happens to one that was restored."""
    with transaction.atomic():
        if row := in_trash().select_for_update().filter(pk=video.pk).first():
            deletion.delete_video(row)
            access_log.record(Kind.DELETED, video.team_id, str(video), Thing.VIDEO)
