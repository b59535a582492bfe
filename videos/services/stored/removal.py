"""Removes a deleted video's rows bit by bit, so that no lock lasts. The same worker then removes its files."""

import logging

from ftcml.core.logging import logs
from ftcml.core.work.row_removal import InTransaction, remove_some_at_a_time
from videos.models import Activity, Box, Frame, Upload, Video

log = logging.getLogger(__name__)


def remove_rows_of(prefix: str, in_transaction: InTransaction) -> None:
    """Remove the rows of the deleted video whose files are below `prefix`, its own last: for removals.before_each.

    Raises LeaseLost.
    """
    kind, video_id = prefix.split("/")[-2:]
    deleted = Video.everything.filter(deleted__isnull=False)
    if kind == "videos" and (video := deleted.filter(pk=video_id).first()):
        with logs.about(video.team_id, video_id=video.pk):
            for rows in (
                Box.objects.filter(frame__video=video),
                Frame.objects.filter(video=video),
                Upload.objects.filter(video=video),
                Activity.objects.filter(video=video),
            ):
                remove_some_at_a_time(rows, in_transaction)
            video.delete()
            log.info("the rows of video %s of team %s are removed", video_id, video.team_id)
