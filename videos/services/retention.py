"""Videos go to the trash when nobody has worked on them for some days, where the operator wants that.

Those that a dataset was made of stay as long as the dataset does: they hold its pictures.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from ftcml.accounts.models import Team
from ftcml.core import clock
from ftcml.core.trash.holders import holders
from videos.models import Video
from videos.refusals import VideoInUse
from videos.services import trash

log = logging.getLogger(__name__)

# So long before a video goes, the Videos tab says so.
_TOLD_BEFORE = timedelta(days=7)


def sweep() -> None:
    """Move to the trash what is due."""
    if settings.VIDEO_DAYS:
        for video in _unused_since(clock.now() - _kept()):
            with suppress(VideoInUse):
                trash.move_to_trash(video, None)
                log.info("nobody worked on video %s for %s days", video.pk, settings.VIDEO_DAYS)


def goes_at(video: Video) -> datetime | None:
    """Return when the video goes to the trash if nobody works on it until then; None where it doesn't."""
    if not settings.VIDEO_DAYS:
        return None
    row = _unused_since(clock.now()).filter(pk=video.pk).first()
    return _going([row])[0][1] if row and _going([row]) else None


def soon(team: Team) -> list[tuple[Video, datetime]]:
    """Return which of the team's videos go within a week, and when, the first one first."""
    if not settings.VIDEO_DAYS:
        return []
    found = _unused_since(clock.now() - _kept() + _TOLD_BEFORE).filter(team=team)
    return _going(list(found))


def _going(videos: Sequence[Any]) -> list[tuple[Video, datetime]]:
    held = holders(videos)
    return [(video, video.used + _kept()) for video in videos if video.pk not in held]


def _kept() -> timedelta:
    return timedelta(days=settings.VIDEO_DAYS)


def _unused_since(moment: datetime) -> "QuerySet[Any]":
    """Return the videos whose frames are taken and with which nobody did anything since, the longest unused first.

    `used`: when somebody last did.
    """
    ready = Video.objects.filter(state=Video.State.READY).exclude(kind=Video.Kind.DATASET)
    used = Coalesce(Max("activities__at"), "created")
    return ready.annotate(used=used).filter(used__lt=moment).order_by("used", "pk")
