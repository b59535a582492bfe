"""Removes a deleted video's rows bit by bit, so that no lock lasts. The same worker then removes its files."""

import logging

from django.db import models

from ftcml.core.logging import logs
from ftcml.installation.removals import InTransaction
from videos.models import Activity, Box, Frame, Upload, Video

log = logging.getLogger(__name__)

# As many are removed in a few milliseconds, for which others wait.
ROWS_AT_ONCE = 200
# Each before what it belongs to, with its way to the video.
_KINDS: tuple[tuple[type[models.Model], str], ...] = (
    (Box, "frame__video"),
    (Frame, "video"),
    (Upload, "video"),
    (Activity, "video"),
)


def remove_rows_of(prefix: str, in_transaction: InTransaction) -> None:
    """Remove the rows of the deleted video whose files are below `prefix`, its own last: for removals.before_each.

    Raises LeaseLost.
    """
    kind, video_id = prefix.split("/")[-2:]
    deleted = Video.everything.filter(deleted__isnull=False)
    if kind == "videos" and (video := deleted.filter(pk=video_id).first()):
        with logs.about(video.team_id, video_id=video.pk):
            remove_rows(video, in_transaction)
            video.delete()
            log.info("the rows of video %s of team %s are removed", video_id, video.team_id)


def remove_rows(video: Video, in_transaction: InTransaction) -> None:
    """Remove the rows of everything in the video, some at a time, each time within `in_transaction`."""
    for kind, way in _KINDS:
        rows = kind._default_manager.filter(**{way: video}).order_by()
        while some := list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
            with in_transaction():
                kind._default_manager.filter(pk__in=some).delete()
