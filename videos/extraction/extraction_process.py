"""Each video in a watched process of its own (ftcml/core/work): one that takes too much costs itself alone."""

import sys

from django.conf import settings

from ftcml.core.logging import logs
from ftcml.core.work.watched_child import Attempt, Progress
from videos.extraction import extracting
from videos.extraction.extraction_leases import WORK_PREFIX, Lease
from videos.models import Video

COMMAND = (sys.executable, "-m", "videos.extraction.one_extraction")


def extract_in_child(video: Video, lease: Lease, progress: Progress = lambda done, of: None) -> None:
    """Take the frames out of a video that the caller holds, as extracting.extract_held does, in a child.

    `progress` is called now and then with (frames done, frames in all), as the row shows them.
    """
    if lease.attempt > settings.EXTRACTION_MAX_ATTEMPTS:
        extracting.extract_held(video, lease)  # which gives it up at once
        return
    attempt = Attempt(
        lease=lease,
        bounds=extracting.bounds(),
        folder_prefix=WORK_PREFIX,
        about=f"{extracting.about(video)}: the extraction",
        refuse=lambda reason: extracting.fail(video, lease, reason),
        gone=lambda: extracting.remove_unneeded(video),
        progress=progress,
    )
    with logs.about(video.team_id, video_id=video.pk):
        attempt.run(COMMAND)
